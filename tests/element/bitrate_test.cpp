// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The bit rate of a call: what its properties say is what is sent.
#include <atomic>

#include "base/signal.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::testing::RunningCall;
using rtc::testing::waitFor;

namespace {

guint number(GstElement* element, const char* property) {
  guint value = 0;
  g_object_get(element, property, &value, nullptr);
  return value;
}

}  // namespace

RTC_TEST(a_bound_set_while_playing_changes_what_is_sent) {
  RunningCall call(
      "videotestsrc is-live=true pattern=zone-plate kx2=20 ky2=20 kt=1 ! video/x-raw,width=320,height=240,framerate=15/1",
      0);
  auto* sink = call.cam->named("out");
  std::atomic<int> told = 0;
  const auto handler =
      rtc::connectSignal<void(GParamSpec*)>(sink, "notify::target-bitrate", [&](GParamSpec*) { ++told; });
  RTC_ASSERT_EQ(number(sink, "target-bitrate"), 1'000'000u);
  RTC_ASSERT(call.viewer->reaches("video-in-bitrate", 600'000));
  g_object_set(sink, "max-video-bitrate", 200'000u, nullptr);
  RTC_ASSERT(waitFor([&] { return number(sink, "target-bitrate") == 200'000; }));
  RTC_ASSERT(told > 0);
  const auto sent = [&] {
    call.viewer->posts("rtc-stats", {});
    return call.viewer->statistic("video-in-bitrate").value_or(1e9);
  };
  RTC_ASSERT(waitFor([&] { return sent() < 350'000; }));
  RTC_ASSERT(call.cam->reaches("video-out-target-bitrate", 200'000));
  g_object_set(sink, "max-video-bitrate", 1'000'000u, nullptr);
  RTC_ASSERT(call.viewer->posts([](GstMessage* message) {
    const auto* said = gst_message_get_structure(message);
    guint64 bits = 0;
    return said != nullptr && gst_structure_get_uint64(said, "video-in-bitrate", &bits) && bits > 600'000;
  }));
  g_signal_handler_disconnect(sink, handler);
}
