// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls between pipelines of this process, over a real service: rtcsignalsink and rtcsignalsrc as users see them.
#include <dirent.h>

#include <atomic>
#include <fstream>
#include <future>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1";
const std::string kTone = "audiotestsrc is-live=true wave=sine volume=0.2";

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

/// Sends picture and tone, takes the same: a phone.
std::string phone(const SignaldProcess& service, const std::string& user, const std::string& settings = {}) {
  return "rtcsignalsink name=out" + login(service, user) + settings + " " + kPicture + " ! out.video_0 " + kTone +
         " ! out.audio_0 rtcsignalsrc name=in in.video_0 ! fakesink name=picture sync=true " +
         "in.audio_0 ! audioconvert ! level name=level ! fakesink sync=true";
}

std::string camera(const SignaldProcess& service, const std::string& settings = {}) {
  return kPicture + " ! rtcsignalsink name=out" + login(service, "cam") + settings;
}

std::string viewer(const SignaldProcess& service, const std::string& user) {
  return "rtcsignalsrc name=in" + login(service, user) + "peer=cam ! videoconvert ! fakesink name=picture sync=true";
}

void answer(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

std::size_t entries(const char* folder) {
  auto* open = opendir(folder);
  std::size_t count = 0;
  while (readdir(open) != nullptr) ++count;
  closedir(open);
  return count;
}

std::size_t padsOf(GstElement* element) {
  return element->numpads;
}

}  // namespace

RTC_TEST(two_phones_see_and_hear_each_other) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  for (auto* side : {&alice, &bob}) {
    RTC_ASSERT(side->callGets("connected"));
    RTC_ASSERT(side->reaches("video-in-decoded", 15));
    RTC_ASSERT(side->reaches("audio-in-packets", 25));
    RTC_ASSERT(side->statistic("video-in-width") == 320.0);
    RTC_ASSERT(side->posts([](GstMessage* message) { return gst_message_has_name(message, "level") != FALSE; }));
  }
}

RTC_TEST(a_stopped_pipeline_hangs_up_and_the_other_side_gets_eos_and_loses_its_pads) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.callGets("connected"));
  RTC_ASSERT(bob.reaches("video-in-decoded", 1));
  alice.stop();
  RTC_ASSERT_EQ(bob.endReason(), "hangup");
  RTC_ASSERT(waitFor([&] { return padsOf(bob.named("in")) == 0; }));
  RTC_ASSERT_EQ(alice.count("rtc-call", {{"state", "connected"}}), 1u);
}

RTC_TEST(the_element_changes_its_state_while_the_end_of_a_stream_waits_downstream) {
  struct Held {
    std::atomic<bool> came = false;
    std::promise<void> let_go;
  } held;
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.reaches("video-in-decoded", 1));

  const auto hold = [](GstPad*, GstPadProbeInfo* info, gpointer data) {
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
      auto& end = *static_cast<Held*>(data);
      end.came = true;
      end.let_go.get_future().wait();
    }
    return GST_PAD_PROBE_OK;
  };
  auto* pad = gst_element_get_static_pad(bob.named("picture"), "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, hold, &held, nullptr);
  gst_object_unref(pad);

  alice.stop();
  RTC_ASSERT(waitFor([&] { return held.came.load(); }));
  // The stream of sound is gone: whoever removes streams has had its turn.
  RTC_ASSERT(waitFor([&] { return padsOf(bob.named("in")) == 1; }));
  auto paused = std::async(std::launch::async, [&] { gst_element_set_state(bob.named("in"), GST_STATE_PAUSED); });
  const bool in_time = paused.wait_for(rtc::testing::kPatience) == std::future_status::ready;
  held.let_go.set_value();
  RTC_ASSERT(in_time);
  RTC_ASSERT(waitFor([&] { return padsOf(bob.named("in")) == 0; }));
}

RTC_TEST(the_same_phone_takes_one_call_after_the_other) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc name=in" + login(service, "bob"));
  answer(bob);
  for (int round = 0; round < 3; ++round) {
    bob.forget();
    TestPipeline alice(camera(service, "peer=bob"));
    alice.play();
    RTC_ASSERT(bob.callGets("connected"));
    RTC_ASSERT(bob.reaches("video-in-decoded", 5));
    alice.stop();
    RTC_ASSERT_EQ(bob.endReason(), "hangup");
    RTC_ASSERT(waitFor([&] { return padsOf(bob.named("in")) == 0; }));
  }
}

RTC_TEST(many_watch_one_encoder_and_each_starts_with_a_key_frame) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline first(viewer(service, "first"));
  TestPipeline second(viewer(service, "second"));
  answer(cam);
  first.play();
  RTC_ASSERT(first.reaches("video-in-decoded", 15));
  second.play();
  RTC_ASSERT(second.reaches("video-in-decoded", 15));
  RTC_ASSERT(cam.reaches("video-out-key-frames", 1));
  RTC_ASSERT_EQ(*cam.statistic("encoders"), 1.0);
  first.stop();
  const auto before = second.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(second.reaches("video-in-decoded", before + 15));
}

RTC_TEST(encoded_media_is_passed_on_and_comes_out_encoded) {
  const SignaldProcess service;
  TestPipeline cam(
      "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1 ! vp8enc deadline=1 "
      "keyframe-max-dist=10 ! out.video_0 audiotestsrc is-live=true ! opusenc ! out.audio_0 "
      "rtcsignalsink name=out" +
      login(service, "cam"));
  TestPipeline taker("rtcsignalsrc output=encoded name=in" + login(service, "taker") +
                     "peer=cam in.video_0 ! video/x-vp8 ! fakesink in.audio_0 ! audio/x-opus ! fakesink");
  answer(cam);
  taker.play();
  RTC_ASSERT(taker.reaches("video-in-decoded", 10));
  RTC_ASSERT(taker.reaches("audio-in-packets", 25));
}

RTC_TEST(pads_that_are_not_linked_harm_nobody) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice("rtcsignalsrc name=in" + login(service, "alice") + "peer=bob in.audio_0 ! fakesink sync=true");
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.reaches("audio-in-packets", 50));
  RTC_ASSERT(alice.reaches("video-in-decoded", 15));
  RTC_ASSERT_EQ(alice.error(rtc::Duration(0)), "");
}

RTC_TEST(an_absent_user_is_unavailable) {
  const SignaldProcess service;
  TestPipeline alice(phone(service, "alice", "peer=nobody"));
  alice.play();
  RTC_ASSERT_EQ(alice.endReason(), "unavailable");
}

RTC_TEST(a_phone_that_rings_on_ends_the_call_at_its_deadline) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob", "accept=ask"));
  TestPipeline alice(phone(service, "alice", "peer=bob ring-timeout=1000"));
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.callGets("ringing"));
  RTC_ASSERT_EQ(alice.endReason(), "timeout");
  RTC_ASSERT_EQ(bob.endReason(), "cancelled");
}

RTC_TEST(a_call_that_finds_no_path_ends_at_its_deadline) {
  // Only relays are allowed, and there is none: neither side has an address to tell.
  const SignaldProcess service;
  const std::string nowhere = "ice-transport-policy=relay setup-timeout=1500 ";
  TestPipeline bob(phone(service, "bob", nowhere));
  TestPipeline alice(phone(service, "alice", nowhere + "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.callGets("accepted"));
  RTC_ASSERT_EQ(alice.endReason(), "ice_failed");
  RTC_ASSERT_EQ(bob.endReason(), "ice_failed");
}

RTC_TEST(the_application_accepts_or_declines_a_call_that_it_is_asked_about) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob", "accept=ask"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.callGets("ringing"));
  gboolean taken = FALSE;
  g_signal_emit_by_name(bob.named("in"), "accept", bob.callId().c_str(), &taken);
  RTC_ASSERT(taken != FALSE);
  RTC_ASSERT(alice.callGets("connected"));
  g_signal_emit_by_name(bob.named("in"), "accept", bob.callId().c_str(), &taken);
  RTC_ASSERT(taken == FALSE);  // it is already

  TestPipeline carol(phone(service, "carol", "peer=bob"));
  bob.forget();
  carol.play();
  RTC_ASSERT(bob.callGets("ringing"));
  g_signal_emit_by_name(bob.named("out"), "decline", bob.callId().c_str(), "busy", &taken);
  RTC_ASSERT_EQ(carol.endReason(), "busy");
}

RTC_TEST(a_phone_that_takes_nobody_declines) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob", "accept=none"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT_EQ(alice.endReason(), "declined");
}

RTC_TEST(one_call_more_than_allowed_is_busy) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob", "max-calls=1"));
  TestPipeline alice(phone(service, "alice", "peer=bob"));
  TestPipeline carol(phone(service, "carol", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.callGets("connected"));
  carol.play();
  RTC_ASSERT_EQ(carol.endReason(), "busy");
}

RTC_TEST(actions_call_and_hang_up) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice(phone(service, "alice"));
  answer(bob);
  answer(alice);
  gchar* id = nullptr;
  g_signal_emit_by_name(alice.named("out"), "call", "bob", &id);
  RTC_ASSERT(id != nullptr);
  RTC_ASSERT(bob.posts("rtc-call", {{"state", "connected"}, {"call", id}}));
  gboolean done = FALSE;
  g_signal_emit_by_name(bob.named("out"), "hangup", id, &done);
  g_free(id);
  RTC_ASSERT_EQ(alice.endReason(), "hangup");
  RTC_ASSERT_EQ(bob.endReason(), "hangup");
}

RTC_TEST(actions_on_calls_that_are_not_there_say_so) {
  const SignaldProcess service;
  TestPipeline alice(phone(service, "alice"));
  answer(alice);
  gboolean done = TRUE;
  g_signal_emit_by_name(alice.named("out"), "accept", "nothing", &done);
  RTC_ASSERT(done == FALSE);
  g_signal_emit_by_name(alice.named("out"), "decline", "nothing", "busy", &done);
  RTC_ASSERT(done == FALSE);
  for (const char* id : {"nothing", ""}) {
    g_signal_emit_by_name(alice.named("in"), "hangup", id, &done);
    RTC_ASSERT(done == FALSE);
  }
}

RTC_TEST(two_who_call_each_other_at_once_have_one_call) {
  const SignaldProcess service;
  TestPipeline alice(phone(service, "alice", "max-calls=1 accept=ask"));
  TestPipeline bob(phone(service, "bob", "max-calls=1 accept=ask"));
  answer(alice);
  answer(bob);
  gchar* alices = nullptr;
  gchar* bobs = nullptr;
  g_signal_emit_by_name(alice.named("out"), "call", "bob", &alices);
  g_signal_emit_by_name(bob.named("out"), "call", "alice", &bobs);
  const std::string winner = std::min(std::string(alices), std::string(bobs));
  const std::string loser = std::max(std::string(alices), std::string(bobs));
  g_free(alices);
  g_free(bobs);
  for (auto* side : {&alice, &bob}) {
    RTC_ASSERT(side->posts("rtc-call", {{"state", "connected"}, {"call", winner}}));
    RTC_ASSERT_EQ(side->count("rtc-call", {{"state", "connected"}, {"call", loser}}), 0u);
  }
}

RTC_TEST(who_dials_the_user_that_rings_here_takes_that_call) {
  const SignaldProcess service;
  SocketClient alice(service.uri());
  alice.ask(R"({"type":"login","id":"1","name":"alice","version":1})");
  TestPipeline bob(phone(service, "bob", "accept=ask"));
  answer(bob);
  // The least id there is: bob's own call loses.
  const std::string alices = "0";
  alice.say(R"({"type":"call","call":"0","to":"bob"})");
  RTC_ASSERT(bob.posts("rtc-call", {{"state", "ringing"}, {"call", alices}}));
  gchar* id = nullptr;
  g_signal_emit_by_name(bob.named("out"), "call", "alice", &id);
  const std::string bobs = id;
  g_free(id);
  RTC_ASSERT(bob.posts("rtc-call", {{"state", "ended"}, {"call", bobs}, {"reason", "glare_lost"}}));
  RTC_ASSERT(bob.posts("rtc-call", {{"state", "accepted"}, {"call", alices}}));
}

RTC_TEST(the_call_survives_the_service) {
  auto service = std::make_unique<SignaldProcess>();
  TestPipeline bob(phone(*service, "bob"));
  TestPipeline alice(phone(*service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.reaches("video-in-decoded", 5));
  service.reset();
  RTC_ASSERT(alice.posts("rtc-session", {{"state", "offline"}}));
  const auto before = alice.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(alice.reaches("video-in-decoded", before + 30));
  // The farewell goes from peer to peer now.
  alice.stop();
  RTC_ASSERT_EQ(bob.endReason(), "hangup");
}

RTC_TEST(without_a_service_there_is_one_error_that_says_so) {
  TestPipeline alice("videotestsrc is-live=true ! rtcsignalsink server=ws://127.0.0.1:1 user=alice");
  alice.play();
  const auto sentence = alice.error();
  ck_assert_msg(sentence.find("127.0.0.1:1") != std::string::npos, "%s", sentence.c_str());
}

RTC_TEST(elements_of_one_session_must_not_contradict_each_other) {
  const SignaldProcess service;
  TestPipeline both("videotestsrc ! rtcsignalsink user=alice rtcsignalsrc user=bob");
  both.play();
  const auto sentence = both.error();
  ck_assert_msg(sentence.find("\"user\"") != std::string::npos, "%s", sentence.c_str());
}

RTC_TEST(a_missing_plugin_is_named_with_its_package) {
  TestPipeline alice("videotestsrc ! rtcsignalsink user=alice");
  auto* registry = gst_registry_get();
  auto* feature = gst_registry_lookup_feature(registry, "nicesrc");
  gst_registry_remove_feature(registry, feature);
  gst_object_unref(feature);
  RTC_ASSERT(gst_element_set_state(alice.element(), GST_STATE_READY) == GST_STATE_CHANGE_FAILURE);
  const auto sentence = alice.error();
  ck_assert_msg(sentence.find("gstreamer1.0-nice") != std::string::npos, "%s", sentence.c_str());
}

RTC_TEST(a_pipeline_plays_again_after_null) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline watcher(viewer(service, "watcher"));
  for (int round = 0; round < 5; ++round) {
    cam.forget();
    watcher.forget();
    answer(cam);
    watcher.play();
    RTC_ASSERT(watcher.reaches("video-in-decoded", 5));
    watcher.stop();
    cam.stop();
  }
}

RTC_TEST(thirty_calls_leave_threads_and_descriptors_as_they_were) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  answer(cam);
  std::size_t threads = 0;
  std::size_t descriptors = 0;
  for (int call = 0; call < 30; ++call) {
    TestPipeline watcher(viewer(service, "watcher"));
    watcher.play();
    RTC_ASSERT(watcher.callGets("connected"));
    RTC_ASSERT(watcher.reaches("video-in-decoded", 1));
    watcher.stop();
    cam.forget();
    if (call == 4) {
      threads = entries("/proc/self/task");
      descriptors = entries("/proc/self/fd");
    }
  }
  RTC_ASSERT(waitFor([&] { return entries("/proc/self/task") <= threads + 1; }));
  RTC_ASSERT(waitFor([&] { return entries("/proc/self/fd") <= descriptors + 2; }));
}

RTC_TEST(pads_come_and_go_while_a_call_is_on) {
  const SignaldProcess service;
  TestPipeline cam("rtcsignalsink name=out" + login(service, "cam") + kPicture + " ! out.video_0");
  TestPipeline watcher(viewer(service, "watcher"));
  answer(cam);
  watcher.play();
  RTC_ASSERT(watcher.reaches("video-in-decoded", 5));

  auto* source = cam.named("videotestsrc0");
  auto* filter = cam.named("capsfilter0");
  auto* out = cam.named("out");
  auto* pad = gst_element_get_static_pad(out, "video_0");
  gst_element_set_state(source, GST_STATE_NULL);
  gst_element_unlink(filter, out);
  gst_element_release_request_pad(out, pad);
  gst_object_unref(pad);
  RTC_ASSERT(padsOf(out) == 0);

  const auto before = watcher.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(gst_element_link_pads(filter, "src", out, "video_0") != FALSE);
  gst_element_sync_state_with_parent(source);
  RTC_ASSERT(watcher.reaches("video-in-decoded", before + 15));
}
