// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The end of received sound in rtc-call, when a speaker does not open: another one takes its place, and plays.
#include "app/live_output.hpp"
#include "app/missing_elements.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"

using rtc::adopt;
using rtc::app::LiveOutput;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

/// It opens nothing when it is to be ready; a file in a folder that is not there fails a step later.
constexpr const char* kNoCard = "alsasink device=nowhere";
constexpr const char* kNoFolder = "filesink location=/nowhere/sound";

bool plays(GstElement* branch) {
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(branch), "other"));
  GstSample* last = nullptr;
  g_object_get(sink.get(), "last-sample", &last, nullptr);
  const auto sample = adopt(last);
  return sample.get() != nullptr;
}

/// A stream begins, whose speaker fails; and goes on with another one.
void goesOnAfter(const char* speaker) {
  TestPipeline pipeline("audiotestsrc is-live=true ! tee name=tee allow-not-linked=true");
  pipeline.play();
  const auto branch = rtc::app::makeBin("audioconvert ! level ! identity name=speaker").value();
  const auto output = LiveOutput::at(branch.get(), "speaker");
  RTC_ASSERT(output->use(speaker).ok());

  gst_bin_add(GST_BIN(pipeline.element()), branch.get());
  const auto from = adopt(gst_element_request_pad_simple(pipeline.named("tee"), "src_%u"));
  const auto into = adopt(gst_element_get_static_pad(branch.get(), "sink"));
  RTC_ASSERT(gst_element_sync_state_with_parent(branch.get()) != FALSE);
  RTC_ASSERT_EQ(gst_pad_link(from.get(), into.get()), GST_PAD_LINK_OK);
  GstObject* failed = nullptr;
  RTC_ASSERT(pipeline.posts([&](GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) failed = GST_MESSAGE_SRC(message);
    return failed != nullptr;
  }));
  RTC_ASSERT(output->has(failed));
  RTC_ASSERT(output->remove(failed));

  RTC_ASSERT(output->use("fakesink name=other").ok());
  RTC_ASSERT(waitFor([&] { return plays(branch.get()); }));
}

}  // namespace

RTC_TEST(a_speaker_that_does_not_open_is_replaced) {
  goesOnAfter(kNoCard);
}

RTC_TEST(a_speaker_that_does_not_start_is_replaced) {
  goesOnAfter(kNoFolder);
}
