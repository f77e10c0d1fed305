// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The elements among others: what GStreamer's applications may do with any element, they may do with these.
#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::ChildProcess;
using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1";
const std::string kTone = "audiotestsrc is-live=true volume=0.2";

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

std::string camera(const SignaldProcess& service, const std::string& settings = {}) {
  return kPicture + " ! out.video_0 " + kTone + " ! out.audio_0 rtcsignalsink name=out" + login(service, "cam") +
         settings;
}

std::string viewer(const SignaldProcess& service, const std::string& user = "viewer") {
  return "rtcsignalsrc name=in" + login(service, user) + "peer=cam ! videoconvert ! fakesink name=picture sync=true";
}

std::string callUri(const SignaldProcess& service, const std::string& user) {
  const auto server = service.uri();
  return "rtc://" + user + "@" + server.substr(server.find("//") + 2) + "/cam";
}

void answer(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

/// How many buffers the sink has had.
guint64 rendered(GstElement* sink) {
  GstStructure* stats = nullptr;
  g_object_get(sink, "stats", &stats, nullptr);
  guint64 count = 0;
  gst_structure_get_uint64(stats, "rendered", &count);
  gst_structure_free(stats);
  return count;
}

/// Plays the camera's call with this player element until sound and picture have come.
void playsTheCall(const char* player) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline play(std::string(player) + " name=player uri=" + callUri(service, "viewer") +
                    " video-sink=\"fakesink name=picture sync=true\" audio-sink=\"fakesink name=sound sync=true\"");
  answer(cam);
  play.play();
  for (const char* property : {"video-sink", "audio-sink"}) {
    GstElement* sink = nullptr;
    g_object_get(play.element(), property, &sink, nullptr);
    ck_assert_msg(waitFor([sink] { return rendered(sink) >= 15; }), "%s: %s", property,
                  play.error(rtc::Duration(0)).c_str());
    gst_object_unref(sink);
  }
  RTC_ASSERT_EQ(play.error(rtc::Duration(0)), "");
  cam.stop();
  RTC_ASSERT(play.posts([](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; }));
}

GstClockTime latencyOf(GstElement* pipeline) {
  auto* query = gst_query_new_latency();
  GstClockTime least = GST_CLOCK_TIME_NONE;
  if (gst_element_query(pipeline, query) != FALSE) gst_query_parse_latency(query, nullptr, &least, nullptr);
  gst_query_unref(query);
  return least;
}

/// GStreamer's tracer of leaks; the environment has to ask for it before GStreamer starts.
GstTracer* leaksTracer() {
  auto* tracers = gst_tracing_get_active_tracers();
  RTC_ASSERT(tracers != nullptr);
  auto* tracer = GST_TRACER(gst_object_ref(tracers->data));
  g_list_free_full(tracers, gst_object_unref);
  return tracer;
}

/// What was made since the tracer tracks, and is still there: types, one a line.
std::string createdAndAlive(GstTracer* tracer) {
  GstStructure* checkpoint = nullptr;
  g_signal_emit_by_name(tracer, "activity-get-checkpoint", &checkpoint);
  const auto* list = gst_structure_get_value(checkpoint, "objects-created-list");
  std::string types;
  for (guint i = 0; i < gst_value_list_get_size(list); ++i) {
    const auto* object = gst_value_get_structure(gst_value_list_get_value(list, i));
    types += gst_structure_get_string(object, "type-name") + std::string("\n");
  }
  gst_structure_free(checkpoint);
  return types;
}

/// A warning of GLib's or GStreamer's own ends the test, but for one of `rtpsession` ("Seen, and left" in
/// docs/webrtcbin.md).
void forbidCriticals() {
  const auto handler = [](const char* domain, GLogLevelFlags level, const char* message, gpointer) noexcept {
    const bool known = g_str_has_prefix(message, "g_hash_table_foreach: assertion 'version ==");
    g_log_default_handler(domain, level, message, nullptr);
    if ((level & G_LOG_LEVEL_CRITICAL) != 0 && !known) std::abort();
  };
  g_log_set_default_handler(handler, nullptr);
}

}  // namespace

RTC_TEST(playbin_plays_a_call) {
  playsTheCall("playbin");
}

RTC_TEST(playbin3_plays_a_call) {
  playsTheCall("playbin3");
}

RTC_TEST(gst_play_plays_a_call_and_ends_with_it) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  answer(cam);
  ChildProcess play({"gst-play-1.0", "--no-interactive", "--videosink=fakesink sync=true",
                     "--audiosink=fakesink sync=true", callUri(service, "viewer")});
  RTC_ASSERT(cam.reaches("video-out-frames", 30));
  cam.stop();
  RTC_ASSERT_EQ(play.wait().value_or(-1), 0);
}

RTC_TEST(a_uri_sets_the_properties_and_does_not_show_the_token) {
  gst_init(nullptr, nullptr);
  GError* error = nullptr;
  auto* source = gst_element_make_from_uri(GST_URI_SRC, "rtcs://ann:se%3Acret@rtc.example/cam", nullptr, &error);
  ck_assert_msg(source != nullptr, "%s", error != nullptr ? error->message : "");
  gchar* server = nullptr;
  gchar* user = nullptr;
  gchar* token = nullptr;
  gchar* peer = nullptr;
  g_object_get(source, "server", &server, "user", &user, "token", &token, "peer", &peer, nullptr);
  ck_assert_str_eq(server, "wss://rtc.example:8888");
  ck_assert_str_eq(user, "ann");
  ck_assert_str_eq(token, "se:cret");
  ck_assert_str_eq(peer, "cam");
  auto* shown = gst_uri_handler_get_uri(GST_URI_HANDLER(source));
  ck_assert_str_eq(shown, "rtcs://ann@rtc.example/cam");
  RTC_ASSERT(gst_uri_handler_set_uri(GST_URI_HANDLER(source), "rtc://host", &error) == FALSE);
  RTC_ASSERT(error != nullptr && error->code == GST_URI_ERROR_BAD_URI);
  g_clear_error(&error);
  // Who we are is open: a guest.
  RTC_ASSERT(gst_uri_handler_set_uri(GST_URI_HANDLER(source), "rtc://host/cam", &error) != FALSE);
  g_free(user);
  g_object_get(source, "user", &user, nullptr);
  RTC_ASSERT(g_str_has_prefix(user, "guest-") != FALSE);
  for (auto* text : {server, user, token, peer, shown}) g_free(text);
  gst_object_unref(source);
}

RTC_TEST(an_application_puts_its_own_session_in_and_hears_every_call_there) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline watcher(viewer(service));
  const auto type = g_type_from_name("GstRtcSession");
  RTC_ASSERT(type != 0);
  auto* session = GST_OBJECT(gst_object_ref_sink(g_object_new(type, "name", "default", nullptr)));
  auto* context = gst_context_new("gst.rtc.session.default", TRUE);
  gst_structure_set(gst_context_writable_structure(context), "session", type, session, nullptr);
  gst_element_set_context(cam.element(), context);
  gst_context_unref(context);
  static std::atomic<int> added = 0;
  g_signal_connect(session, "peer-added", G_CALLBACK(+[](GObject*, const char* user) {
                     if (g_strcmp0(user, "viewer") == 0) ++added;
                   }),
                   nullptr);
  answer(cam);
  watcher.play();
  RTC_ASSERT(waitFor([] { return added == 1; }));
  // An action on the session is one on the elements' calls.
  gboolean done = FALSE;
  g_signal_emit_by_name(session, "hangup", "", &done);
  RTC_ASSERT(done != FALSE);
  RTC_ASSERT_EQ(watcher.endReason(), "hangup");
  cam.stop();
  gst_object_unref(session);
}

RTC_TEST(two_sessions_of_one_pipeline_call_each_other) {
  const SignaldProcess service;
  TestPipeline both(camera(service, "session=a") + " rtcsignalsrc session=b name=in" + login(service, "viewer") +
                    " ! videoconvert ! fakesink name=picture sync=true");
  both.play();
  RTC_ASSERT(both.posts("rtc-session", {{"session", "a"}, {"state", "online"}}));
  RTC_ASSERT(both.posts("rtc-session", {{"session", "b"}, {"state", "online"}}));
  gchar* call = nullptr;
  g_signal_emit_by_name(both.named("in"), "call", "cam", &call);
  g_free(call);
  RTC_ASSERT(waitFor([&] { return rendered(both.named("picture")) >= 15; }));
}

RTC_TEST(pads_are_requested_and_released_in_every_state) {
  forbidCriticals();
  const SignaldProcess service;
  TestPipeline cam("rtcsignalsink name=out" + login(service, "cam"));
  for (const auto state : {GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED,
                           GST_STATE_READY, GST_STATE_NULL}) {
    gst_element_set_state(cam.element(), state);
    for (const char* name : {"video_%u", "audio_%u", "video_7"}) {
      auto* pad = gst_element_request_pad_simple(cam.named("out"), name);
      RTC_ASSERT(pad != nullptr);
      gst_element_release_request_pad(cam.named("out"), pad);
      gst_object_unref(pad);
    }
    RTC_ASSERT_EQ(cam.named("out")->numpads, 0);
  }
}

RTC_TEST(a_paused_pipeline_keeps_its_call_and_goes_on) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline watcher(viewer(service));
  answer(cam);
  watcher.play();
  RTC_ASSERT(watcher.reaches("video-in-decoded", 5));
  for (auto* side : {&cam, &watcher}) {
    gst_element_set_state(side->element(), GST_STATE_PAUSED);
    side->forget();
    RTC_ASSERT(side->posts("rtc-stats", {}));
    side->play();
    const auto before = rendered(watcher.named("picture"));
    RTC_ASSERT(waitFor([&] { return rendered(watcher.named("picture")) >= before + 15; }));
  }
  RTC_ASSERT_EQ(watcher.count("rtc-call", {{"state", "ended"}}), 0u);
}

RTC_TEST(a_flush_does_not_end_the_stream) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline watcher(viewer(service));
  answer(cam);
  watcher.play();
  RTC_ASSERT(watcher.reaches("video-in-decoded", 5));
  for (int round = 0; round < 3; ++round) {
    gst_element_send_event(cam.named("videotestsrc0"), gst_event_new_flush_start());
    gst_element_send_event(cam.named("videotestsrc0"), gst_event_new_flush_stop(FALSE));
    const auto before = watcher.statistic("video-in-decoded").value_or(0);
    RTC_ASSERT(watcher.reaches("video-in-decoded", before + 15));
  }
  RTC_ASSERT_EQ(cam.error(rtc::Duration(0)), "");
}

RTC_TEST(the_end_of_one_pad_leaves_the_others_and_that_of_all_ends_the_pipeline) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline watcher(viewer(service));
  const auto is_eos = [](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; };
  answer(cam);
  watcher.play();
  RTC_ASSERT(watcher.reaches("video-in-decoded", 5));
  RTC_ASSERT(watcher.reaches("audio-in-packets", 5));
  gst_element_send_event(cam.named("audiotestsrc0"), gst_event_new_eos());
  const auto before = watcher.statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(watcher.reaches("video-in-decoded", before + 15));
  RTC_ASSERT(!cam.posts(is_eos, rtc::Duration(0)));
  gst_element_send_event(cam.named("videotestsrc0"), gst_event_new_eos());
  RTC_ASSERT(cam.posts(is_eos));
}

RTC_TEST(twenty_restarts_leak_nothing) {
  forbidCriticals();
  setenv("GST_TRACERS", "leaks", 1);
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  auto* tracer = leaksTracer();
  // Warm-up: GStreamer keeps some objects for the life of the process.
  for (int round = 0; round < 20; ++round) {
    TestPipeline watcher(viewer(service));
    answer(cam);
    watcher.play();
    RTC_ASSERT(watcher.reaches("video-in-decoded", 2));
    watcher.stop();
    cam.stop();
    cam.forget();
    watcher.forget();
    if (round == 3) g_signal_emit_by_name(tracer, "activity-start-tracking");
    if (round == 4) {
      auto* witness = gst_element_factory_make("fakesink", nullptr);
      RTC_ASSERT(createdAndAlive(tracer).find("GstFakeSink") != std::string::npos);
      gst_object_unref(witness);
    }
  }
  RTC_ASSERT(waitFor([&] { return createdAndAlive(tracer).empty(); }));
  gst_object_unref(tracer);
}

RTC_TEST(what_is_captured_does_not_hold_up_what_is_played) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  // A capture branch that takes half a second.
  TestPipeline phone(
      "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! "
      "queue min-threshold-time=500000000 max-size-buffers=0 max-size-bytes=0 ! out.video_0 "
      "rtcsignalsink name=out" +
      login(service, "phone") +
      "latency=80 peer=cam rtcsignalsrc name=in in.video_0 ! videoconvert ! fakesink name=picture sync=true "
      "in.audio_0 ! fakesink name=sound sync=true");
  answer(cam);
  phone.play();
  RTC_ASSERT(waitFor([&] { return rendered(phone.named("picture")) >= 5; }));
  const auto latency = latencyOf(phone.element());
  ck_assert_msg(latency >= 80 * GST_MSECOND && latency < 200 * GST_MSECOND, "%u ms",
                static_cast<unsigned>(GST_TIME_AS_MSECONDS(latency)));
}

RTC_TEST(any_order_of_pads_links_and_states_does_no_harm) {
  forbidCriticals();
  const SignaldProcess service;
  TestPipeline watcher(viewer(service));
  TestPipeline cam("rtcsignalsink name=out" + login(service, "cam"));
  auto* out = cam.named("out");
  const char* seed_text = std::getenv("RTC_TEST_SEED");
  const auto seed = seed_text != nullptr ? static_cast<unsigned>(std::atoi(seed_text)) : 4711u;
  std::mt19937 random(seed);
  const auto up_to = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
  std::vector<GstElement*> sources;
  watcher.play();
  for (int step = 0; step < 120; ++step) {
    switch (up_to(5)) {
      case 0: {
        if (sources.size() >= 4) break;
        const bool video = up_to(2) == 0;
        auto* source = gst_parse_bin_from_description((video ? kPicture : kTone).c_str(), TRUE, nullptr);
        gst_bin_add(GST_BIN(cam.element()), source);
        if (up_to(2) == 0) gst_element_sync_state_with_parent(source);
        auto* pad = gst_element_request_pad_simple(out, video ? "video_%u" : "audio_%u");
        auto* from = gst_element_get_static_pad(source, "src");
        ck_assert_msg(gst_pad_link(from, pad) == GST_PAD_LINK_OK, "seed %u step %d", seed, step);
        gst_element_sync_state_with_parent(source);
        gst_object_unref(from);
        gst_object_unref(pad);
        sources.push_back(source);
        break;
      }
      case 1: {
        if (sources.empty()) break;
        const auto which = up_to(sources.size());
        auto* source = sources[which];
        sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(which));
        auto* from = gst_element_get_static_pad(source, "src");
        auto* pad = gst_pad_get_peer(from);
        if (up_to(2) == 0) gst_element_set_state(source, GST_STATE_NULL);
        gst_element_release_request_pad(out, pad);
        gst_element_set_state(source, GST_STATE_NULL);
        gst_bin_remove(GST_BIN(cam.element()), source);
        gst_object_unref(from);
        gst_object_unref(pad);
        break;
      }
      case 2:
        gst_element_set_state(cam.element(), GST_STATE_PLAYING);
        break;
      case 3:
        if (up_to(3) == 0) gst_element_set_state(cam.element(), static_cast<GstState>(GST_STATE_NULL + up_to(3)));
        break;
      default: {
        g_object_set(out, up_to(2) == 0 ? "mute-video" : "mute-audio", up_to(2) == 0, nullptr);
        gchar* call = nullptr;
        if (up_to(3) == 0) g_signal_emit_by_name(watcher.named("in"), "call", "cam", &call);
        g_free(call);
        g_main_context_iteration(nullptr, FALSE);
        break;
      }
    }
  }
  // And after all that it works.
  gst_element_set_state(cam.element(), GST_STATE_NULL);
  cam.forget();
  watcher.stop();
  watcher.forget();
  g_object_set(out, "mute-video", FALSE, nullptr);
  // Under other names: a login that was cut off while it was being made may hold the old one for a while.
  g_object_set(out, "user", "camera", nullptr);
  g_object_set(watcher.named("in"), "user", "guest", "peer", "camera", nullptr);
  auto* source = gst_parse_bin_from_description(kPicture.c_str(), TRUE, nullptr);
  gst_bin_add(GST_BIN(cam.element()), source);
  RTC_ASSERT(gst_element_link(source, out) != FALSE);
  answer(cam);
  watcher.play();
  ck_assert_msg(watcher.reaches("video-in-decoded", 10), "seed %u", seed);
}
