// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whole calls between processes, over a real service.
#include <gst/gst.h>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "app/gst_ptr.hpp"
#include "tests/integration/rtc_call_process.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/temporary_folder.hpp"

RTC_OWN_GOBJECT(GFile);

using namespace rtc;
using namespace rtc::testing;

namespace {

std::vector<std::string> answer(const SignaldProcess& service, const std::string& user,
                                const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"answer", "--user", user, "--server", service.uri(), "--no-display"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> dial(const SignaldProcess& service, const std::string& user, const std::string& peer,
                              const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"dial", peer, "--user", user, "--server", service.uri(), "--no-display"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

const CallEvent kOnline = {{"event", "session"}, {"state", "online"}};
const CallEvent kConnected = {{"event", "call"}, {"state", "connected"}};
const CallEvent kStats = {{"event", "stats"}};

CallEvent ended(const std::string& reason) {
  return {{"event", "call"}, {"state", "ended"}, {"reason", reason}};
}

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

/// The average colour of a PNG file.
Colour colourOf(const std::string& file) {
  gst_init(nullptr, nullptr);
  const auto pipeline = sink(gst_parse_launch(
      ("filesrc location=" + file + " ! pngdec ! videoconvert ! video/x-raw,format=RGBx ! fakesink name=end").c_str(),
      nullptr));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  GstMessage* message = gst_bus_timed_pop_filtered(bus.get(), 20 * GST_SECOND,
                                                   static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ck_assert_msg(message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS, "%s is no picture", file.c_str());
  gst_message_unref(message);
  const auto end = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "end"));
  GstSample* sample = nullptr;
  g_object_get(end.get(), "last-sample", &sample, nullptr);
  const auto owned = adopt(sample);
  GstMapInfo map;
  gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
  Colour sum;
  for (gsize i = 0; i + 3 < map.size; i += 4) {
    sum.red += map.data[i];
    sum.green += map.data[i + 1];
    sum.blue += map.data[i + 2];
  }
  const double pixels = static_cast<double>(map.size) / 4;
  gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return {sum.red / pixels, sum.green / pixels, sum.blue / pixels};
}

}  // namespace

RTC_TEST(two_users_see_and_hear_each_other) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  RtcCallProcess bob(answer(service, "bob", {"--once", "--snapshot", folder.path("bob.png")}));
  bob.expect(kOnline);
  RtcCallProcess alice(dial(service, "alice", "bob", {"--snapshot", folder.path("alice.png"), "--duration", "4"}));
  alice.expect(kConnected);
  for (auto* party : {&alice, &bob}) {
    // The first lines may come before the first picture.
    CallEvent stats;
    do {
      stats = party->expect(kStats);
    } while (stats["audio-in-level"] == "null" || number(stats, "video-in-decoded") < 1);
    RTC_ASSERT_EQ(number(stats, "video-in-width"), 640);
    RTC_ASSERT_EQ(number(stats, "video-in-height"), 480);
    RTC_ASSERT(number(stats, "audio-in-level") > -60);
  }
  alice.expect(ended("hangup"));
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
  // Each saw the other's own colour, and no black.
  const auto seen_by_alice = colourOf(folder.path("alice.png"));
  const auto seen_by_bob = colourOf(folder.path("bob.png"));
  for (const auto& colour : {seen_by_alice, seen_by_bob}) RTC_ASSERT(colour.red + colour.green + colour.blue > 120);
  const double difference = std::abs(seen_by_alice.red - seen_by_bob.red) +
                            std::abs(seen_by_alice.green - seen_by_bob.green) +
                            std::abs(seen_by_alice.blue - seen_by_bob.blue);
  ck_assert_msg(difference > 40, "the two pictures are alike: %f", difference);
}

RTC_TEST(who_answers_takes_one_call_after_the_other) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  RtcCallProcess bob(answer(service, "bob", {"--snapshot", folder.path("bob.png")}));
  bob.expect(kOnline);
  for (const char* caller : {"alice", "carol"}) {
    RtcCallProcess alice(dial(service, caller, "bob", {"--duration", "2"}));
    RTC_ASSERT_EQ(alice.exitStatus(), 0);
    bob.expect({{"event", "call"}, {"state", "ended"}, {"peer", caller}, {"reason", "hangup"}});
    bob.expect({{"event", "snapshot"}});
    // The second call's picture is not the first one's.
    RTC_ASSERT_EQ(std::remove(folder.path("bob.png").c_str()), 0);
  }
  bob.process().signal(SIGINT);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
}

RTC_TEST(a_declined_call_ends_with_3) {
  const SignaldProcess service;
  // Nobody is there to be asked: the test has no terminal.
  RtcCallProcess bob(answer(service, "bob", {"--accept", "ask"}));
  bob.expect(kOnline);
  RtcCallProcess alice(dial(service, "alice", "bob"));
  alice.expect(ended("declined"));
  RTC_ASSERT_EQ(alice.exitStatus(), 3);
}

RTC_TEST(a_call_to_somebody_in_a_call_ends_with_3) {
  const SignaldProcess service;
  RtcCallProcess bob(answer(service, "bob"));
  bob.expect(kOnline);
  RtcCallProcess alice(dial(service, "alice", "bob"));
  alice.expect(kConnected);
  RtcCallProcess carol(dial(service, "carol", "bob"));
  carol.expect(ended("busy"));
  RTC_ASSERT_EQ(carol.exitStatus(), 3);
  alice.expect(kStats);
}

RTC_TEST(a_call_to_nobody_ends_with_4) {
  const SignaldProcess service;
  RtcCallProcess alice(dial(service, "alice", "nobody"));
  alice.expect(ended("unavailable"));
  RTC_ASSERT_EQ(alice.exitStatus(), 4);
}

RTC_TEST(no_service_ends_with_4_and_says_what_to_do) {
  std::string uri;
  { uri = SignaldProcess().uri(); }
  for (const auto& words :
       {std::vector<std::string>{"dial", "bob", "--server", uri}, std::vector<std::string>{"users", "--server", uri}}) {
    RtcCallProcess alice(words);
    const auto error = alice.expect({{"event", "error"}});
    RTC_ASSERT(error.at("message").find("rtc-signald") != std::string::npos);
    RTC_ASSERT_EQ(alice.exitStatus(), 4);
  }
}

RTC_TEST(a_taken_name_ends_with_4) {
  const SignaldProcess service;
  RtcCallProcess bob(answer(service, "bob"));
  bob.expect(kOnline);
  RtcCallProcess other(answer(service, "bob"));
  const auto error = other.expect({{"event", "error"}});
  RTC_ASSERT(error.at("message").find("taken") != std::string::npos);
  RTC_ASSERT_EQ(other.exitStatus(), 4);
}

RTC_TEST(an_interrupt_hangs_up_and_ends_well) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const SignaldProcess service;
    RtcCallProcess bob(answer(service, "bob", {"--once"}));
    bob.expect(kOnline);
    RtcCallProcess alice(dial(service, "alice", "bob"));
    alice.expect(kStats);
    alice.process().signal(signal);
    RTC_ASSERT_EQ(alice.exitStatus(), 0);
    bob.expect(ended("hangup"));
    RTC_ASSERT_EQ(bob.exitStatus(), 0);
  }
}

RTC_TEST(a_party_that_is_killed_ends_the_call_with_5) {
  const SignaldProcess service;
  RtcCallProcess bob(answer(service, "bob"));
  bob.expect(kOnline);
  RtcCallProcess alice(dial(service, "alice", "bob", {"--recovery-timeout", "0"}));
  alice.expect(kStats);
  bob.process().signal(SIGKILL);
  alice.expect(ended("peer_lost"));
  RTC_ASSERT_EQ(alice.exitStatus(), 5);
}

RTC_TEST(users_are_listed_with_who_is_in_a_call) {
  const SignaldProcess service;
  RtcCallProcess bob(answer(service, "bob"));
  bob.expect(kOnline);
  RtcCallProcess list({"users", "--user", "bob", "--server", service.uri()});
  const auto users = list.expect({{"event", "users"}});
  RTC_ASSERT_EQ(users.at("users"), R"([{"name":"bob","busy":false}])");
  RTC_ASSERT_EQ(list.exitStatus(), 0);
}

RTC_TEST(a_member_of_a_group_is_called_and_watched_and_hears_what_it_missed) {
  const SignaldProcess service;
  RtcCallProcess early(dial(service, "alice", "bob"));
  RTC_ASSERT_EQ(early.exitStatus(), 4);
  RtcCallProcess bob(answer(service, "bob", {"--group", "support", "--visible"}));
  bob.expect(kOnline);
  bob.expect({{"event", "missed"}, {"peer", "alice"}});
  RtcCallProcess watch({"users", "--watch", "bob", "--user", "carol", "--server", service.uri()});
  watch.expect({{"event", "presence"}, {"user", "bob"}, {"state", "online"}});
  RtcCallProcess alice(dial(service, "alice", "@support"));
  bob.expect({{"event", "call"}, {"peer", "alice"}, {"group", "support"}});
  alice.expect({{"event", "call"}, {"state", "connected"}, {"peer", "bob"}});
  watch.expect({{"event", "presence"}, {"user", "bob"}, {"state", "busy"}});
  watch.process().signal(SIGINT);
  RTC_ASSERT_EQ(watch.exitStatus(), 0);
  alice.process().signal(SIGINT);
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  bob.process().signal(SIGINT);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
}

RTC_TEST(who_only_looks_on_as_a_device_shows_missed_calls_and_takes_none) {
  const TemporaryFolder folder;
  const auto keys = folder.write("keys", "[main]\nalgorithm=HS256\nsecret=0123456789abcdef0123456789abcdef\n");
  const SignaldProcess service({"--token-keys", keys});
  const auto token = [&](const std::string& user) {
    ChildProcess mint({std::getenv("RTC_SIGNALD"), "token", "--token-keys", keys, "--user", user, "--may", "call",
                       "--may", "list", "--may", "watch"});
    return mint.readLine().value_or("");
  };
  const auto users = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"users", "--user", "bob", "--token", token("bob"), "--server", service.uri()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  RtcCallProcess early(dial(service, "alice", "bob", {"--token", token("alice")}));
  RTC_ASSERT_EQ(early.exitStatus(), 4);
  RtcCallProcess list(users({}));
  list.expect({{"event", "missed"}, {"peer", "alice"}});
  RTC_ASSERT_EQ(list.exitStatus(), 0);
  RtcCallProcess watch(users({"--watch", "bob"}));
  watch.expect({{"event", "presence"}});
  RtcCallProcess alice(dial(service, "alice", "bob", {"--token", token("alice")}));
  alice.expect(ended("busy"));
  RTC_ASSERT_EQ(alice.exitStatus(), 3);
  watch.process().signal(SIGINT);
  RTC_ASSERT_EQ(watch.exitStatus(), 0);
}

RTC_TEST(a_pipeline_of_the_users_own_is_hosted_with_its_parameters) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto pipelines = folder.path("gst-rtc/pipelines");
  g_mkdir_with_parents(pipelines.c_str(), 0700);
  const char* text =
      "# Mine.\n"
      "rtcsignalsink name=out server=${server} user=${user} peer=${peer}\n"
      "videotestsrc is-live=true ! video/x-raw,width=${width:-160},height=120 ! textoverlay text=${text} ! out.video_0\n";
  RTC_ASSERT(g_file_set_contents((pipelines + "/mine.launch").c_str(), text, -1, nullptr));
  RtcCallProcess bob(answer(service, "bob"));
  bob.expect(kOnline);
  RtcCallProcess mine({"run", "mine", "peer=bob", "width=320", "text=hello ! filesink \"x\" \\", "--user", "mine",
                       "--server", service.uri()},
                      {{"XDG_CONFIG_HOME", folder.path()}});
  mine.expect(kConnected);
  CallEvent stats;
  do {
    stats = bob.expect(kStats);
  } while (number(stats, "video-in-decoded") < 1);
  RTC_ASSERT_EQ(number(stats, "video-in-width"), 320);
  mine.process().signal(SIGINT);
  RTC_ASSERT_EQ(mine.exitStatus(), 0);
}

RTC_TEST(a_microphones_echo_canceller_finds_its_probe_in_every_call) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto pipelines = folder.path("gst-rtc/pipelines");
  g_mkdir_with_parents(pipelines.c_str(), 0700);
  // As with a microphone and a speaker, which a test machine does not have.
  const char* call =
      "rtcsignalsink name=out server=${server} user=${user}\n"
      "rtcsignalsrc name=in\n"
      "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=1 ! webrtcdsp probe=echo ! audioconvert ! out.audio_0\n";
  const char* output =
      "queue ! audioconvert ! audioresample ! level name=level interval=200000000 ! audioconvert"
      " ! audio/x-raw,rate=48000 ! webrtcechoprobe name=echo ! fakesink sync=true\n";
  RTC_ASSERT(g_file_set_contents((pipelines + "/talk.launch").c_str(), call, -1, nullptr));
  RTC_ASSERT(g_file_set_contents((pipelines + "/received-audio.launch").c_str(), output, -1, nullptr));
  RtcCallProcess bob({"run", "talk", "--user", "bob", "--server", service.uri()}, {{"XDG_CONFIG_HOME", folder.path()}});
  bob.expect(kOnline);
  for (const char* caller : {"alice", "carol"}) {
    RtcCallProcess alice(dial(service, caller, "bob", {"--video", "none"}));
    CallEvent stats;
    do {
      stats = bob.expect(kStats);
    } while (stats["audio-in-level"] == "null");
    alice.process().signal(SIGINT);
    RTC_ASSERT_EQ(alice.exitStatus(), 0);
    bob.expect(ended("hangup"));
  }
  bob.process().signal(SIGINT);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
}

RTC_TEST(a_camera_sends_to_several_at_once) {
  const SignaldProcess service;
  RtcCallProcess cam({"run", "camera", "--user", "cam", "--server", service.uri()});
  cam.expect(kOnline);
  RtcCallProcess one({"run", "viewer", "peer=cam", "--user", "one", "--server", service.uri(), "--no-display"});
  RtcCallProcess two({"run", "viewer", "peer=cam", "--user", "two", "--server", service.uri(), "--no-display"});
  for (auto* viewer : {&one, &two}) {
    CallEvent stats;
    do {
      stats = viewer->expect(kStats);
    } while (number(stats, "video-in-decoded") < 1);
  }
  // One call's end is not the other's.
  one.process().signal(SIGINT);
  RTC_ASSERT_EQ(one.exitStatus(), 0);
  cam.expect({{"event", "call"}, {"state", "ended"}, {"peer", "one"}});
  two.expect(kStats);
  cam.process().signal(SIGINT);
  RTC_ASSERT_EQ(cam.exitStatus(), 0);
  two.expect(ended("hangup"));
  RTC_ASSERT_EQ(two.exitStatus(), 0);
}

RTC_TEST(an_error_of_the_pipeline_ends_with_5_though_the_call_is_hung_up_well) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto pipelines = folder.path("gst-rtc/pipelines");
  g_mkdir_with_parents(pipelines.c_str(), 0700);
  const char* broken =
      "rtcsignalsink name=out server=${server} user=${user} peer=${peer}\n"
      "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1 ! identity error-after=240 ! out.video_0\n";
  RTC_ASSERT(g_file_set_contents((pipelines + "/broken.launch").c_str(), broken, -1, nullptr));
  RtcCallProcess bob(answer(service, "bob", {"--once"}));
  bob.expect(kOnline);
  RtcCallProcess alice({"run", "broken", "peer=bob", "--user", "alice", "--server", service.uri()},
                       {{"XDG_CONFIG_HOME", folder.path()}});
  alice.expect({{"event", "error"}});
  RTC_ASSERT_EQ(alice.exitStatus(), 5);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
}

RTC_TEST(a_missing_plugin_is_named_with_what_to_do) {
  const TemporaryFolder folder;
  RtcCallProcess alice({"dial", "bob"}, {{"GST_PLUGIN_PATH", ""}, {"GST_REGISTRY", folder.path("registry")}});
  const auto error = alice.expect({{"event", "error"}});
  RTC_ASSERT(error.at("message").find("rtcsignalsink") != std::string::npos);
  RTC_ASSERT(error.at("message").find("GST_PLUGIN_PATH") != std::string::npos);
  RTC_ASSERT_EQ(alice.exitStatus(), 5);
}

RTC_TEST(a_property_that_an_element_does_not_have_is_named) {
  const TemporaryFolder folder;
  const auto pipelines = folder.path("gst-rtc/pipelines");
  g_mkdir_with_parents(pipelines.c_str(), 0700);
  RTC_ASSERT(
      g_file_set_contents((pipelines + "/odd.launch").c_str(), "videotestsrc colour=red ! fakesink", -1, nullptr));
  RtcCallProcess odd({"run", "odd"}, {{"XDG_CONFIG_HOME", folder.path()}});
  RTC_ASSERT(odd.expect({{"event", "error"}}).at("message").find("colour") != std::string::npos);
  RTC_ASSERT_EQ(odd.exitStatus(), 5);
}

RTC_TEST(a_wrong_command_line_ends_with_2) {
  for (const auto& words : {std::vector<std::string>{"dial"}, std::vector<std::string>{"run", "no-such-pipeline"},
                            std::vector<std::string>{"run", "viewer", "colour=red"},
                            std::vector<std::string>{"answer", "--video", "/no/such/file"}}) {
    RtcCallProcess call(words);
    RTC_ASSERT_EQ(call.exitStatus(), 2);
  }
}
