// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The end of received sound in rtc-call, when a speaker does not open: another one takes its place, and plays.
#include <gst/base/gstbasesink.h>

#include <future>
#include <memory>

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

/// More than the first buffer, which a sink that is only paused takes as well.
bool plays(GstElement* branch) {
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(branch), "other"));
  GstStructure* stats = nullptr;
  g_object_get(sink.get(), "stats", &stats, nullptr);
  guint64 rendered = 0;
  gst_structure_get_uint64(stats, "rendered", &rendered);
  gst_structure_free(stats);
  return rendered > 5;
}

/// How late the speaker plays what it gets.
GstClockTime latency(GstElement* branch) {
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(branch), "other"));
  return gst_base_sink_get_latency(GST_BASE_SINK(sink.get()));
}

/// A stream that begins, and its speaker.
struct Stream {
  explicit Stream(const char* speaker)
      : pipeline("audiotestsrc is-live=true ! tee name=tee allow-not-linked=true"),
        branch(rtc::app::makeBin("audioconvert ! level ! identity name=speaker").value()),
        output(LiveOutput::at(branch.get(), "speaker")) {
    pipeline.play();
    RTC_ASSERT(output->use(speaker).ok());
    gst_bin_add(GST_BIN(pipeline.element()), branch.get());
  }
  void begin() { begin(branch.get()); }
  void begin(GstElement* one) const {
    const auto from = adopt(gst_element_request_pad_simple(pipeline.named("tee"), "src_%u"));
    const auto into = adopt(gst_element_get_static_pad(one, "sink"));
    RTC_ASSERT(gst_element_sync_state_with_parent(one) != FALSE);
    RTC_ASSERT_EQ(gst_pad_link(from.get(), into.get()), GST_PAD_LINK_OK);
  }
  bool exchange(GstObject* failed) const { return output->remove(failed) && output->use("fakesink name=other").ok(); }
  /// Once the error is told.
  void exchange() {
    GstObject* failed = nullptr;
    RTC_ASSERT(pipeline.posts([&](GstMessage* message) {
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) failed = GST_MESSAGE_SRC(message);
      return failed != nullptr;
    }));
    RTC_ASSERT(output->has(failed));
    RTC_ASSERT(exchange(failed));
  }

  TestPipeline pipeline;
  rtc::Ptr<GstElement> branch;
  std::unique_ptr<LiveOutput> output;
};

/// The speaker fails, and the stream goes on with another one.
void goesOnAfter(const char* speaker) {
  Stream stream(speaker);
  stream.begin();
  stream.exchange();
  RTC_ASSERT(waitFor([&] { return plays(stream.branch.get()); }));
}

/// Exchanges the speaker on a thread of its own, in the midst of the step in which the old one fails.
struct Exchange {
  explicit Exchange(Stream& one) : stream(one) {}
  static GstBusSyncReply onMessage(GstBus*, GstMessage* message, gpointer given) {
    auto& self = *static_cast<Exchange*>(given);
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR || self.done.valid()) return GST_BUS_PASS;
    self.done = std::async(std::launch::async, [&self, failed = GST_MESSAGE_SRC(message)] {
      self.begun.set_value();
      return self.stream.exchange(failed);
    });
    self.begun.get_future().wait();
    return GST_BUS_PASS;
  }

  Stream& stream;
  std::promise<void> begun;
  std::future<bool> done;
};

}  // namespace

RTC_TEST(a_speaker_plays_as_late_as_the_pipeline_says) {
  Stream stream("fakesink name=other sync=true");
  stream.begin();
  const auto told = [&] {
    gst_bin_recalculate_latency(GST_BIN(stream.pipeline.element()));
    return latency(stream.branch.get()) > 0;
  };
  RTC_ASSERT(waitFor(told));
  RTC_ASSERT(stream.output->use("fakesink name=other sync=true").ok());
  RTC_ASSERT(waitFor(told));
}

RTC_TEST(a_speaker_keeps_little_sound_before_it) {
  const Stream stream("alsasink name=other");
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(stream.branch.get()), "other"));
  gint64 buffer_time = 0;
  g_object_get(sink.get(), "buffer-time", &buffer_time, nullptr);
  RTC_ASSERT_EQ(buffer_time, 60'000);
}

RTC_TEST(a_speaker_that_does_not_open_is_replaced) {
  goesOnAfter(kNoCard);
}

RTC_TEST(a_speaker_that_does_not_start_is_replaced) {
  goesOnAfter(kNoFolder);
}

RTC_TEST(a_speaker_may_be_replaced_while_its_stream_begins) {
  Stream stream(kNoCard);
  Exchange exchange(stream);
  const auto bus = adopt(gst_element_get_bus(stream.pipeline.element()));
  gst_bus_set_sync_handler(bus.get(), Exchange::onMessage, &exchange, nullptr);
  stream.begin();
  RTC_ASSERT(exchange.done.get());
  RTC_ASSERT(waitFor([&] { return plays(stream.branch.get()); }));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
}

RTC_TEST(a_stream_that_begins_later_plays_as_well) {
  Stream stream(kNoCard);
  stream.begin();
  stream.exchange();
  RTC_ASSERT(waitFor([&] { return plays(stream.branch.get()); }));
  const auto later = rtc::app::makeBin("audioconvert ! fakesink name=other").value();
  gst_bin_add(GST_BIN(stream.pipeline.element()), later.get());
  stream.begin(later.get());
  RTC_ASSERT(waitFor([&] { return plays(later.get()); }));
}
