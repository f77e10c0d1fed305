// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls whose peer connection is lost, and which get another one.
#include <glib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "base/signal.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"
#include "tests/support/temporary_folder.hpp"

using rtc::Duration;
using rtc::testing::peerPipelines;
using rtc::testing::RunningCall;
using rtc::testing::SignaldProcess;
using rtc::testing::TemporaryFolder;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;
using rtc::testing::watchPeerPipelines;

namespace {

constexpr auto kAnew = "recovery-timeout=30000";

/// What a connection dies of: in its pipeline something fails.
void breakConnection(GstElement* pipeline) {
  GST_ELEMENT_ERROR(pipeline, STREAM, FAILED, ("made to fail"), (nullptr));
}

/// Waits until both have lost their connection and have another one.
void expectRenewed(TestPipeline& a, TestPipeline& b) {
  for (auto* each : {&a, &b}) {
    ck_assert(each->callGets("reconnecting"));
    ck_assert(waitFor([&] {
      each->posts("rtc-call", {{"state", "connected"}}, Duration(0));
      return each->count("rtc-call", {{"state", "connected"}}) == 2;
    }));
    RTC_ASSERT_EQ(each->count("rtc-call", {{"state", "ended"}}), 0u);
  }
}

/// What comes out of a pad of the user's graph. It goes before the pad does.
class Watcher {
 public:
  explicit Watcher(GstPad* pad) {
    using Shared = std::shared_ptr<Seen>;
    gst_pad_add_probe(
        pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
        [](GstPad*, GstPadProbeInfo* info, gpointer seen) noexcept {
          (*static_cast<Shared*>(seen))->look(info);
          return GST_PAD_PROBE_OK;
        },
        new Shared(seen_), [](gpointer seen) noexcept { delete static_cast<Shared*>(seen); });
  }
  explicit Watcher(GstElement* sink) : Watcher(rtc::adopt(gst_element_get_static_pad(sink, "sink")).get()) {}

  std::size_t buffers() const { return seen_->buffers; }
  bool ended() const { return seen_->ended; }
  int segments() const { return seen_->segments; }
  bool wentBack() const { return seen_->went_back; }

 private:
  /// By so much rtpbin moves a stream when it learns how picture and sound belong together.
  static constexpr GstClockTime kLipSync = 300 * GST_MSECOND;

  struct Seen {
    void look(GstPadProbeInfo* info) {
      if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
        const auto time = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
        const auto before = GST_CLOCK_TIME_IS_VALID(time) ? last.exchange(time) : time;
        if (GST_CLOCK_TIME_IS_VALID(time) && time + kLipSync < before) went_back = true;
        ++buffers;
      } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
        ended = true;
      } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT) {
        ++segments;
      }
    }
    std::atomic<std::size_t> buffers = 0;
    std::atomic<GstClockTime> last = 0;
    std::atomic<int> segments = 0;
    std::atomic<bool> ended = false;
    std::atomic<bool> went_back = false;
  };
  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
};

std::string login(const SignaldProcess& service, const std::string& user) {
  return std::string(" ") + kAnew + " server=" + service.uri() + " user=" + user + " ";
}

/// Two ways, picture and sound; what comes in ends in the sinks `picture` and `sound`.
std::string party(const SignaldProcess& service, const std::string& user, const std::string& more = {}) {
  return "videotestsrc is-live=true ! video/x-raw,width=160,height=120 ! out.video_0 audiotestsrc is-live=true ! "
         "out.audio_0 rtcsignalsink name=out" +
         login(service, user) + more +
         " rtcsignalsrc name=in in.video_0 ! fakesink name=picture sync=false async=false in.audio_0 ! fakesink "
         "name=sound sync=false async=false";
}

}  // namespace

RTC_TEST(the_pads_flow_on_over_a_new_connection_whichever_side_lost_it) {
  for (const std::size_t side : {0U, 1U}) {
    RunningCall call("videotestsrc is-live=true ! video/x-raw,width=160,height=120", 30'000);
    std::atomic<int> added = 0;
    auto* in = call.viewer->named("in");
    const auto pad = rtc::adopt(gst_element_get_static_pad(in, "video_0"));
    const Watcher picture(pad.get());
    rtc::connectSignal<void(const char*)>(in, "peer-added", [&added](const char*) { ++added; });
    ck_assert(waitFor([&] { return picture.buffers() > 5; }));
    breakConnection(side == 0 ? call.cams_pipeline : call.viewers_pipeline);
    expectRenewed(*call.cam, *call.viewer);
    const auto before = picture.buffers();
    ck_assert(waitFor([&] { return picture.buffers() > before + 10; }));
    ck_assert(!picture.ended() && !picture.wentBack());
    RTC_ASSERT_EQ(picture.segments(), 0);
    RTC_ASSERT_EQ(GST_ELEMENT(in)->numsrcpads, 1u);
    RTC_ASSERT(added == 0);
    RTC_ASSERT_EQ(call.viewer->error(Duration(0)), "");
  }
}

RTC_TEST(picture_and_sound_of_both_come_back_when_both_lose_the_connection_at_once) {
  watchPeerPipelines();
  const SignaldProcess service;
  TestPipeline bob(party(service, "bob"));
  bob.play();
  ck_assert(bob.posts("rtc-session", {{"state", "online"}}));
  TestPipeline alice(party(service, "alice", "peer=bob"));
  alice.play();
  const std::array<Watcher, 4> watchers = {Watcher(alice.named("picture")), Watcher(alice.named("sound")),
                                           Watcher(bob.named("picture")), Watcher(bob.named("sound"))};
  const auto flow = [&] {
    std::array<std::size_t, 4> before{};
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = watchers[i].buffers();
    ck_assert(waitFor([&] {
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (watchers[i].buffers() < before[i] + 5) return false;
      }
      return true;
    }));
  };
  flow();
  for (auto* pipeline : peerPipelines()) breakConnection(pipeline);
  expectRenewed(alice, bob);
  flow();
  for (const auto& watcher : watchers) {
    ck_assert(!watcher.ended());
    ck_assert(!watcher.wentBack());
  }
  // The statistics count on.
  ck_assert(alice.reaches("video-in-decoded", 1));
}

RTC_TEST(a_call_ends_when_no_new_connection_comes) {
  RunningCall call("videotestsrc is-live=true ! video/x-raw,width=160,height=120", 1'500);
  auto* in = call.viewer->named("in");
  const auto pad = rtc::adopt(gst_element_get_static_pad(in, "video_0"));
  const Watcher picture(pad.get());
  // Without the service there is none.
  call.service.process().signal(SIGKILL);
  ck_assert(call.cam->posts("rtc-session", {{"state", "offline"}}));
  ck_assert(call.viewer->posts("rtc-session", {{"state", "offline"}}));
  for (auto* pipeline : peerPipelines()) breakConnection(pipeline);
  ck_assert(call.viewer->callGets("reconnecting"));
  RTC_ASSERT_EQ(call.viewer->endReason(), "media_failed");
  RTC_ASSERT_EQ(call.cam->endReason(), "media_failed");
  ck_assert(waitFor([&] { return picture.ended(); }));
}

RTC_TEST(a_call_can_be_hung_up_while_it_tries_again) {
  RunningCall call("videotestsrc is-live=true ! video/x-raw,width=160,height=120", 30'000);
  call.service.process().signal(SIGKILL);
  ck_assert(call.viewer->posts("rtc-session", {{"state", "offline"}}));
  breakConnection(call.viewers_pipeline);
  ck_assert(call.viewer->callGets("reconnecting"));
  gboolean done = FALSE;
  g_signal_emit_by_name(call.viewer->named("in"), "hangup", "", &done);
  RTC_ASSERT_EQ(call.viewer->endReason(), "hangup");
}

RTC_TEST(data_channels_are_opened_again_and_nothing_ends) {
  watchPeerPipelines();
  const SignaldProcess service;
  TestPipeline bob("rtcdatasrc label=ticks" + login(service, "bob") + "! fakesink name=end sync=false async=false");
  const Watcher ticks(bob.named("end"));
  bob.play();
  ck_assert(bob.posts("rtc-session", {{"state", "online"}}));
  TestPipeline alice(
      "fakesrc is-live=true sync=true format=time datarate=1000 sizetype=fixed sizemax=100 ! rtcdatasink label=ticks "
      "peer=bob" +
      login(service, "alice"));
  alice.play();
  ck_assert(waitFor([&] { return ticks.buffers() > 5; }));
  breakConnection(peerPipelines().front());
  expectRenewed(alice, bob);
  const auto before = ticks.buffers();
  ck_assert(waitFor([&] { return ticks.buffers() > before + 5; }));
  ck_assert(!ticks.ended());
  ck_assert(bob.posts("rtc-data", {{"state", "closed"}}, Duration(0)));
  alice.stop();
  ck_assert(waitFor([&] { return ticks.ended(); }));
}

RTC_TEST(a_file_goes_on_over_the_new_connection) {
  watchPeerPipelines();
  const SignaldProcess service;
  const TemporaryFolder folder;
  const std::string content(8'000'000, 'x');
  const auto from = folder.write("from.bin", content);
  const auto to = folder.makeFolder("to");
  TestPipeline bob("rtcfilesrc directory=" + to + login(service, "bob"));
  bob.play();
  ck_assert(bob.posts("rtc-session", {{"state", "online"}}));
  TestPipeline alice("rtcfilesink peer=bob max-bitrate=16000000 location=" + from + login(service, "alice"));
  alice.play();
  ck_assert(bob.posts("rtc-file", {{"state", "running"}}));
  breakConnection(peerPipelines().front());
  expectRenewed(alice, bob);
  ck_assert(alice.posts("rtc-file", {{"state", "done"}}));
  ck_assert(folder.read("to/from.bin") == content);
}
