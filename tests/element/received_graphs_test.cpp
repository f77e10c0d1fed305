// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-call's graphs for what comes in, as they are delivered: whatever a bad path makes them wait for, nothing is lost
// in them.
#include <gst/gst.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "app/launch_library.hpp"
#include "app/launch_text.hpp"
#include "app/missing_elements.hpp"
#include "base/guarded.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"

using rtc::adopt;
using rtc::app::Parameter;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

/// The most that a path makes a call late, and what a loudspeaker keeps.
constexpr GstClockTime kLate = 460 * GST_MSECOND;

using Times = rtc::Guarded<std::vector<GstClockTime>>;

GstPadProbeReturn note(GstPad*, GstPadProbeInfo* info, gpointer times) noexcept {
  static_cast<Times*>(times)->with(
      [&](std::vector<GstClockTime>& all) { all.push_back(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info))); });
  return GST_PAD_PROBE_OK;
}

/// What the graph's last sink, `name=shown`, takes of what the live source gives is without a gap.
void keepsAll(const char* graph, const std::string& source, const char* parameter) {
  const char* root = std::getenv("RTC_SOURCE_ROOT");
  RTC_ASSERT(root != nullptr);
  const auto text = rtc::app::LaunchLibrary({std::string(root) + "/pipelines"}).load(graph);
  RTC_ASSERT(text.ok());
  const auto filled =
      rtc::app::fillIn(text.value(), {{parameter, {Parameter::Kind::Fragment, "fakesink name=shown sync=true"}}});
  RTC_ASSERT(filled.ok());
  const TestPipeline pipeline(source + " ! queue name=from max-size-time=0 max-size-buffers=0 max-size-bytes=0");
  const auto bin = rtc::app::makeBin(filled.value()).value();
  const auto shown = adopt(gst_bin_get_by_name(GST_BIN(bin.get()), "shown"));
  const auto entry = adopt(gst_element_get_static_pad(shown.get(), "sink"));
  Times times;
  gst_pad_add_probe(entry.get(), GST_PAD_PROBE_TYPE_BUFFER, note, &times, nullptr);
  gst_bin_add(GST_BIN(pipeline.element()), bin.get());
  RTC_ASSERT(gst_element_link(pipeline.named("from"), bin.get()) != FALSE);
  gst_pipeline_set_latency(GST_PIPELINE(pipeline.element()), kLate);
  gst_element_set_state(pipeline.element(), GST_STATE_PLAYING);
  const std::size_t enough = 60;
  RTC_ASSERT(waitFor([&] { return times.copy().size() >= enough; }));
  gst_element_set_state(pipeline.element(), GST_STATE_NULL);
  const auto seen = times.copy();
  for (std::size_t i = 1; i < seen.size(); ++i) {
    ck_assert_msg(seen[i] - seen[i - 1] < 50 * GST_MSECOND,
                  "nothing between %" GST_TIME_FORMAT " and %" GST_TIME_FORMAT, GST_TIME_ARGS(seen[i - 1]),
                  GST_TIME_ARGS(seen[i]));
  }
}

}  // namespace

RTC_TEST(pictures_wait_until_they_are_due) {
  keepsAll("received-video", "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1", "display");
}

RTC_TEST(sound_waits_until_it_is_due) {
  keepsAll("received-audio", "audiotestsrc is-live=true samplesperbuffer=960 ! audio/x-raw,rate=48000", "speaker");
}
