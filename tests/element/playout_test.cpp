// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When what is received is played: as late as the path makes necessary, or as was asked for; and what is late is not
// lost.
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/core/playout_delay.hpp"
#include "plugins/session/elements.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::testing::elementIn;
using rtc::testing::jitterBufferCount;
using rtc::testing::RunningCall;
using rtc::testing::waitFor;

namespace {

/// Holds every `nth` buffer at a pad for so long, and with it those behind it: by default the packets that come in at a
/// peer's pipeline. The pad may outlive it.
class SlowPath {
 public:
  SlowPath(GstElement* pipeline, int nth, gulong milliseconds)
      : SlowPath(rtc::staticPad(elementIn(pipeline, "nicesrc").get(), "src"), nth, milliseconds) {}
  SlowPath(std::shared_ptr<GstPad> pad, int nth, gulong milliseconds)
      : state_(std::make_shared<State>(nth, milliseconds * 1'000)), pad_(std::move(pad)) {
    probe_ = gst_pad_add_probe(
        pad_.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo*, gpointer state) noexcept {
          (*static_cast<Shared*>(state))->pass();
          return GST_PAD_PROBE_OK;
        },
        new Shared(state_), [](gpointer state) noexcept { delete static_cast<Shared*>(state); });
  }
  SlowPath(const SlowPath&) = delete;
  SlowPath& operator=(const SlowPath&) = delete;
  ~SlowPath() { gst_pad_remove_probe(pad_.get(), probe_); }

  int held() const { return state_->held; }

 private:
  struct State {
    State(int one_of, gulong time) : nth(one_of), microseconds(time) {}
    void pass() {
      if (++seen % nth != 0) return;
      g_usleep(microseconds);
      ++held;
    }
    const int nth;
    const gulong microseconds;
    int seen = 0;
    std::atomic<int> held = 0;
  };
  using Shared = std::shared_ptr<State>;

  const Shared state_;
  std::shared_ptr<GstPad> pad_;
  gulong probe_ = 0;
};

/// What the pipeline learns of the stream's latency, in ms.
gint64 answeredLatency(RunningCall& call) {
  const auto source = elementIn(call.viewer->element(), "appsrc");
  gint64 latency = 0;
  g_object_get(source.get(), "min-latency", &latency, nullptr);
  return latency / static_cast<gint64>(GST_MSECOND);
}

/// Takes the picture of the call, in time or as it comes. In time it drops what is late, as GStreamer's windows do.
GstElement* addScreen(RunningCall& call, bool in_time) {
  auto* screen = rtc::addElement(GST_BIN(call.viewer->element()), "fakesink");
  g_object_set(screen, "sync", in_time ? TRUE : FALSE, "max-lateness", gint64{5 * GST_MSECOND}, nullptr);
  gst_element_sync_state_with_parent(screen);
  RTC_ASSERT(gst_element_link(call.viewer->named("in"), screen));
  gst_bin_recalculate_latency(GST_BIN(call.viewer->element()));
  return screen;
}

/// Holds the call's decoder up, seldom enough that not all pictures wait for it.
SlowPath holdDecoder(RunningCall& call) {
  return SlowPath(rtc::staticPad(elementIn(call.viewer->element(), "vp8dec").get(), "sink"), 45, 150);
}

guint64 countOf(GstElement* screen, const char* name) {
  GstStructure* structure = nullptr;
  g_object_get(screen, "stats", &structure, nullptr);
  const auto stats = rtc::adopt(structure);
  guint64 count = 0;
  gst_structure_get_uint64(stats.get(), name, &count);
  return count;
}

}  // namespace

RTC_TEST(a_path_with_jitter_is_waited_for) {
  RunningCall call;
  const SlowPath path(call.viewers_pipeline, 8, 90);
  RTC_ASSERT(waitFor([&] { return answeredLatency(call) >= 70; }));
  RTC_ASSERT(call.viewer->reaches("jitter-buffer-target", 70));
}

RTC_TEST(a_slow_decoder_is_waited_for) {
  RunningCall call;
  const SlowPath decoder(rtc::staticPad(elementIn(call.viewer->element(), "vp8dec").get(), "sink"), 4, 70);
  RTC_ASSERT(waitFor([&] { return answeredLatency(call) >= 60; }));
}

RTC_TEST(what_sinks_grant_is_announced_only_where_nothing_is_decoded) {
  using Case = std::pair<const char*, rtc::Duration>;
  for (const auto& [output, granted] : {Case{"output=raw", rtc::core::kGranted}, Case{"output=encoded", 0}}) {
    RunningCall call("videotestsrc is-live=true", 0, output);
    const SlowPath path(call.viewers_pipeline, 8, 90);
    RTC_ASSERT(call.viewer->reaches("jitter-buffer-target", 70));
    RTC_ASSERT(waitFor([&, least = granted.count()] {
      const auto target = call.viewer->statistic("jitter-buffer-target");
      return target && static_cast<gint64>(*target) - answeredLatency(call) == least;
    }));
  }
}

RTC_TEST(what_was_asked_for_stays) {
  RunningCall call("videotestsrc is-live=true", 0, "latency=35");
  const SlowPath path(call.viewers_pipeline, 8, 90);
  RTC_ASSERT(waitFor([&] { return path.held() >= 10; }));
  RTC_ASSERT_EQ(answeredLatency(call), 35);
}

RTC_TEST(a_pause_of_the_sender_is_no_loss) {
  RunningCall call;
  const auto lost = jitterBufferCount(call.viewers_pipeline, "num-lost");
  const auto late = jitterBufferCount(call.viewers_pipeline, "num-late");
  const SlowPath path(call.viewers_pipeline, 60, 400);
  RTC_ASSERT(waitFor([&] { return path.held() >= 4; }));
  RTC_ASSERT_EQ(jitterBufferCount(call.viewers_pipeline, "num-lost"), lost);
  RTC_ASSERT_EQ(jitterBufferCount(call.viewers_pipeline, "num-late"), late);
}

RTC_TEST(a_picture_that_is_late_is_shown_all_the_same) {
  RunningCall call;
  auto* screen = addScreen(call, true);
  RTC_ASSERT(waitFor([&] { return countOf(screen, "rendered") >= 30; }));
  const auto decoder = holdDecoder(call);
  const auto dropped = countOf(screen, "dropped");
  RTC_ASSERT(waitFor([&] { return decoder.held() >= 4; }));
  RTC_ASSERT_EQ(countOf(screen, "dropped"), dropped);
  RTC_ASSERT(answeredLatency(call) < 100);
}

RTC_TEST(a_picture_that_is_late_keeps_its_time_where_nobody_waits_for_it) {
  RunningCall call;
  auto* recorder = addScreen(call, false);
  rtc::Guarded<std::vector<GstClockTime>> times;
  gst_pad_add_probe(
      rtc::staticPad(recorder, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer all) noexcept {
        const auto time = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
        static_cast<decltype(times)*>(all)->with([time](auto& seen) { seen.push_back(time); });
        return GST_PAD_PROBE_OK;
      },
      &times, nullptr);
  RTC_ASSERT(waitFor([&] { return times.copy().size() >= 30; }));
  {
    const auto decoder = holdDecoder(call);
    RTC_ASSERT(waitFor([&] { return decoder.held() >= 4; }));
  }
  call.viewer->stop();
  const auto seen = times.copy();
  for (std::size_t i = 31; i < seen.size(); ++i) RTC_ASSERT(seen[i] - seen[i - 1] < 60 * GST_MSECOND);
}
