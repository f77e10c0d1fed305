// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Streams that come, go and fall silent while a call is on: a screen beside the camera, a muted microphone, a peer that
// has more or fewer of them than we have.
#include <string>

#include "base/signal.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1";
const std::string kTone = "audiotestsrc is-live=true volume=0.2";

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

std::string camera(const SignaldProcess& service, const std::string& user, const std::string& settings = {}) {
  return kPicture + " ! out.video_0 rtcsignalsink name=out" + login(service, user) + settings;
}

/// Sends picture and tone, takes whatever comes.
std::string phone(const SignaldProcess& service, const std::string& user, const std::string& settings = {}) {
  return camera(service, user, settings) + " " + kTone + " ! out.audio_0 rtcsignalsrc name=in";
}

void answer(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

/// Alice has called Bob, and Bob sees her.
struct PhoneCall {
  explicit PhoneCall(const std::string& alices = {})
      : bob(phone(service, "bob")), alice(phone(service, "alice", "peer=bob " + alices)) {
    answer(bob);
    alice.play();
    ck_assert(bob.reaches("video-in-decoded", 5));
  }

  const SignaldProcess service;
  TestPipeline bob;
  TestPipeline alice;
};

bool hasPad(TestPipeline& pipeline, const char* name) {
  auto* pad = gst_element_get_static_pad(pipeline.named("in"), name);
  if (pad != nullptr) gst_object_unref(pad);
  return pad != nullptr;
}

/// Gives the sink a further stream, as an application does that shares its screen.
GstElement* addSource(TestPipeline& to, const std::string& launch, const char* pad_template) {
  auto* source = gst_parse_bin_from_description(launch.c_str(), TRUE, nullptr);
  gst_bin_add(GST_BIN(to.element()), source);
  auto* pad = gst_element_request_pad_simple(to.named("out"), pad_template);
  auto* from = gst_element_get_static_pad(source, "src");
  ck_assert(gst_pad_link(from, pad) == GST_PAD_LINK_OK);
  gst_object_unref(from);
  gst_object_unref(pad);
  gst_element_sync_state_with_parent(source);
  return source;
}

/// Takes it away again, in the order that applications are taught: stop, unlink, release.
void removeSource(TestPipeline& from, GstElement* source) {
  auto* end = gst_element_get_static_pad(source, "src");
  auto* pad = gst_pad_get_peer(end);
  gst_element_set_state(source, GST_STATE_NULL);
  gst_pad_unlink(end, pad);
  gst_element_release_request_pad(from.named("out"), pad);
  gst_bin_remove(GST_BIN(from.element()), source);
  gst_object_unref(end);
  gst_object_unref(pad);
}

const std::string kScreen = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=10/1";

}  // namespace

RTC_TEST(a_second_picture_of_the_caller_appears_beside_the_first) {
  PhoneCall call;
  auto& bob = call.bob;
  auto& alice = call.alice;
  addSource(alice, kScreen, "video_%u");
  RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_1"}, {"state", "live"}}));
  RTC_ASSERT(hasPad(bob, "video_1"));
  // Nothing else suffers.
  for (auto* side : {&alice, &bob}) {
    const auto video = side->statistic("video-in-decoded").value_or(0);
    const auto audio = side->statistic("audio-in-packets").value_or(0);
    RTC_ASSERT(side->reaches("video-in-decoded", video + 15));
    RTC_ASSERT(side->reaches("audio-in-packets", audio + 25));
    RTC_ASSERT_EQ(side->error(rtc::Duration(0)), "");
  }
}

RTC_TEST(a_second_picture_of_the_callee_is_asked_of_the_caller) {
  PhoneCall call;
  auto& bob = call.bob;
  auto& alice = call.alice;
  RTC_ASSERT(alice.reaches("video-in-decoded", 5));
  addSource(bob, kScreen, "video_%u");
  RTC_ASSERT(alice.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_1"}, {"state", "live"}}));
  const auto before = alice.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(alice.reaches("video-in-decoded", before + 25));
  RTC_ASSERT_EQ(alice.error(rtc::Duration(0)), "");
}

RTC_TEST(a_released_pad_ends_the_peers_and_its_section_serves_the_next_stream) {
  PhoneCall call;
  auto& bob = call.bob;
  auto& alice = call.alice;
  for (int round = 0; round < 3; ++round) {
    bob.forget();
    auto* screen = addSource(alice, kScreen, "video_%u");
    RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_1"}, {"state", "live"}}));
    removeSource(alice, screen);
    RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_1"}, {"state", "ended"}}));
    RTC_ASSERT(waitFor([&] { return !hasPad(bob, "video_1"); }));
    RTC_ASSERT(hasPad(bob, "video_0"));
  }
  const auto before = bob.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(bob.reaches("video-in-decoded", before + 15));
  RTC_ASSERT_EQ(bob.error(rtc::Duration(0)), "");
}

RTC_TEST(the_stream_that_stays_keeps_its_pad_when_the_first_one_goes) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc name=in" + login(service, "bob"));
  TestPipeline alice("rtcsignalsink name=out" + login(service, "alice") + "peer=bob");
  auto* first = addSource(alice, kPicture, "video_%u");
  addSource(alice, kScreen, "video_%u");
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.posts("rtc-stream", {{"pad", "video_0"}, {"state", "live"}}));
  RTC_ASSERT(bob.posts("rtc-stream", {{"pad", "video_1"}, {"state", "live"}}));
  bob.forget();
  removeSource(alice, first);
  RTC_ASSERT(bob.posts("rtc-stream", {{"state", "ended"}}));
  // One ended, and only one: the other was not handed on to its section.
  const auto before = bob.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(bob.reaches("video-in-decoded", before + 15));
  RTC_ASSERT_EQ(bob.count("rtc-stream", {{"state", "ended"}}), 1u);
  RTC_ASSERT_EQ(bob.count("rtc-stream", {{"state", "live"}}), 0u);
  RTC_ASSERT(hasPad(bob, "video_0") != hasPad(bob, "video_1"));
}

RTC_TEST(the_peer_is_told_who_is_muted_and_the_encoder_rests) {
  PhoneCall call("mute-audio=true");
  auto& bob = call.bob;
  auto& alice = call.alice;
  // What is muted before the call sends nothing: there is no stream that could be muted yet.
  RTC_ASSERT_EQ(*bob.statistic("audio-in-packets"), 0.0);
  g_object_set(alice.named("out"), "mute-audio", FALSE, nullptr);
  RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "audio"}, {"state", "live"}}));
  RTC_ASSERT(bob.reaches("audio-in-packets", 25));

  auto* pad = gst_element_get_static_pad(alice.named("out"), "video_0");
  g_object_set(pad, "mute", TRUE, nullptr);
  RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_0"}, {"state", "muted"}}));
  alice.forget();
  RTC_ASSERT(alice.posts("rtc-stats", {}));
  alice.forget();
  RTC_ASSERT(alice.posts("rtc-stats", {}));
  RTC_ASSERT_EQ(*alice.statistic("video-out-fps"), 0.0);
  RTC_ASSERT(hasPad(bob, "video_0"));

  bob.forget();
  RTC_ASSERT(bob.posts("rtc-stats", {}));
  const auto before = bob.statistic("video-in-decoded").value_or(0);
  g_object_set(pad, "mute", FALSE, nullptr);
  gst_object_unref(pad);
  RTC_ASSERT(bob.posts("rtc-stream", {{"kind", "video"}, {"pad", "video_0"}, {"state", "live"}}));
  RTC_ASSERT(bob.reaches("video-in-decoded", before + 15));
}

RTC_TEST(a_pad_takes_another_source_with_other_caps_and_the_call_goes_on) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc name=in" + login(service, "bob") + "in.video_0 ! fakesink");
  TestPipeline alice("input-selector name=switch ! rtcsignalsink name=out" + login(service, "alice") + "peer=bob " +
                     kPicture + " ! switch.sink_0 " +
                     "videotestsrc is-live=true pattern=ball ! "
                     "video/x-raw,format=NV12,width=640,height=480,framerate=10/1 ! switch.sink_1");
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.reaches("video-in-width", 320));
  auto* screen = gst_element_get_static_pad(alice.named("switch"), "sink_1");
  g_object_set(alice.named("switch"), "active-pad", screen, nullptr);
  gst_object_unref(screen);
  RTC_ASSERT(bob.reaches("video-in-width", 640));
  RTC_ASSERT_EQ(bob.count("rtc-stream", {{"state", "ended"}}), 0u);
  RTC_ASSERT_EQ(alice.error(rtc::Duration(0)), "");
}

RTC_TEST(a_callee_with_more_streams_than_the_caller_offers_sends_them_all) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsink name=out" + login(service, "bob") + kPicture + " ! out.video_0 " + kScreen +
                   " ! out.video_1 " + kTone + " ! out.audio_0");
  TestPipeline alice("rtcsignalsrc name=in" + login(service, "alice") + "peer=bob");
  answer(bob);
  alice.play();
  for (const char* pad : {"video_0", "video_1", "audio_0"}) {
    RTC_ASSERT(alice.posts("rtc-stream", {{"pad", pad}, {"state", "live"}}));
  }
}

RTC_TEST(a_callee_with_fewer_streams_than_the_caller_offers_leaves_the_rest_silent) {
  const SignaldProcess service;
  TestPipeline bob(phone(service, "bob"));
  TestPipeline alice("rtcsignalsrc name=in rtcsignalsink name=out" + login(service, "alice") + "peer=bob " + kPicture +
                     " ! out.video_0 " + kScreen + " ! out.video_1 " + kTone + " ! out.audio_0 " + kTone +
                     " ! out.audio_1");
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.reaches("video-in-decoded", 15));
  RTC_ASSERT(alice.reaches("audio-in-packets", 25));
  RTC_ASSERT_EQ(alice.count("rtc-stream", {{"state", "live"}}), 2u);
  for (const char* pad : {"video_0", "video_1", "audio_0", "audio_1"}) {
    RTC_ASSERT(bob.posts("rtc-stream", {{"pad", pad}, {"state", "live"}}));
  }
}

RTC_TEST(a_camera_that_gives_nothing_leaves_the_call_to_the_sound) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc name=in" + login(service, "bob"));
  // Nobody ever pushes into the picture's source.
  TestPipeline alice(
      "appsrc is-live=true format=time caps=video/x-raw,format=I420,width=320,height=240,framerate=15/1 "
      "! out.video_0 rtcsignalsink name=out" +
      login(service, "alice") + "peer=bob " + kTone + " ! out.audio_0");
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.reaches("audio-in-packets", 50));
  RTC_ASSERT(!hasPad(bob, "video_0"));
}

RTC_TEST(a_stream_is_added_while_the_service_is_away) {
  auto service = std::make_unique<SignaldProcess>();
  TestPipeline bob(phone(*service, "bob"));
  TestPipeline alice(phone(*service, "alice", "peer=bob"));
  answer(bob);
  alice.play();
  RTC_ASSERT(bob.reaches("video-in-decoded", 5));
  service.reset();
  RTC_ASSERT(alice.posts("rtc-session", {{"state", "offline"}}));
  addSource(alice, kScreen, "video_%u");
  RTC_ASSERT(bob.posts("rtc-stream", {{"pad", "video_1"}, {"state", "live"}}));
}

RTC_TEST(both_sides_add_streams_at_once) {
  PhoneCall call;
  auto& bob = call.bob;
  auto& alice = call.alice;
  RTC_ASSERT(alice.reaches("video-in-decoded", 5));
  for (int more = 0; more < 2; ++more) {
    addSource(alice, kScreen, "video_%u");
    addSource(bob, kTone, "audio_%u");
    addSource(bob, kScreen, "video_%u");
  }
  for (const char* pad : {"video_1", "video_2", "audio_1", "audio_2"}) {
    RTC_ASSERT(alice.posts("rtc-stream", {{"pad", pad}, {"state", "live"}}));
  }
  for (const char* pad : {"video_1", "video_2"}) {
    RTC_ASSERT(bob.posts("rtc-stream", {{"pad", pad}, {"state", "live"}}));
  }
}

RTC_TEST(media_joins_a_call_that_began_with_messages_alone) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc name=in rtcdatasrc" + login(service, "bob") + "! fakesink");
  TestPipeline alice("rtcsignalsink name=out appsrc ! rtcdatasink" + login(service, "alice") + "peer=bob");
  answer(bob);
  alice.play();
  RTC_ASSERT(alice.callGets("connected"));
  addSource(alice, kPicture, "video_%u");
  addSource(alice, kTone, "audio_%u");
  RTC_ASSERT(bob.posts("rtc-stream", {{"pad", "video_0"}, {"state", "live"}}));
  RTC_ASSERT(bob.posts("rtc-stream", {{"pad", "audio_0"}, {"state", "live"}}));
  RTC_ASSERT(bob.reaches("video-in-decoded", 15));
}

RTC_TEST(the_pipeline_changes_its_state_while_a_stream_is_being_made) {
  const SignaldProcess service;
  TestPipeline cam(camera(service, "cam"));
  TestPipeline viewer("rtcsignalsrc name=in peer=cam" + login(service, "viewer") + "! fakesink");
  answer(cam);
  // As a pipeline does whose first sink has just got its first frame.
  auto* in = viewer.named("in");
  const auto handler = rtc::connectSignal<void(GstBin*, GstElement*)>(
      in, "deep-element-added", [in](GstBin*, GstElement*) { gst_element_set_state(in, GST_STATE_PLAYING); });
  viewer.play();
  RTC_ASSERT(viewer.reaches("video-in-decoded", 5));
  g_signal_handler_disconnect(in, handler);
}
