// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sound and picture of one peer stay together: a flash and a beep of the same moment come out with the same time-stamp.
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include "base/guarded.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

constexpr GstClockTime kStep = 40 * GST_MSECOND;
constexpr int kStepsPerFlash = 25;
constexpr std::size_t kSamplesPerStep = 1920;  // of 48 kHz

/// A second of nothing, then 40 ms of white and of tone, and again.
class FlashAndBeep {
 public:
  explicit FlashAndBeep(TestPipeline& pipeline)
      : pipeline_(pipeline.element()), video_(pipeline.named("video")), audio_(pipeline.named("audio")) {
    thread_ = std::thread([this] { run(); });
  }
  ~FlashAndBeep() {
    stopped_ = true;
    thread_.join();
  }

 private:
  void run() {
    auto* clock = gst_element_get_clock(pipeline_);
    const auto base = gst_element_get_base_time(pipeline_);
    const auto begin = gst_clock_get_time(clock) - base;
    for (int step = 0; !stopped_; ++step) {
      const auto at = begin + static_cast<GstClockTime>(step) * kStep;
      const auto wake = gst_clock_new_single_shot_id(clock, base + at);
      gst_clock_id_wait(wake, nullptr);
      gst_clock_id_unref(wake);
      const bool flash = step % kStepsPerFlash == 0;
      push(video_, at, std::vector<std::uint8_t>(160 * 120, flash ? 235 : 16));
      std::vector<std::uint8_t> sound(kSamplesPerStep * sizeof(std::int16_t));
      for (std::size_t i = 0; flash && i < kSamplesPerStep; ++i) {
        const auto sample = static_cast<std::int16_t>(16'000 * std::sin(static_cast<double>(i) * 0.13));
        std::memcpy(&sound[i * sizeof sample], &sample, sizeof sample);
      }
      push(audio_, at, sound);
    }
    gst_object_unref(clock);
  }

  static void push(GstElement* to, GstClockTime at, const std::vector<std::uint8_t>& bytes) {
    auto* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
    GST_BUFFER_PTS(buffer) = at;
    GST_BUFFER_DURATION(buffer) = kStep;
    gst_app_src_push_buffer(GST_APP_SRC(to), buffer);
  }

  GstElement* pipeline_;
  GstElement* video_;
  GstElement* audio_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

using Moments = std::vector<GstClockTime>;

/// When a stream goes from quiet to loud, by its time-stamps.
class Onsets {
 public:
  /// `loud` finds the first loud sample of a buffer, or gives -1; `rate` is samples per buffer time unit.
  Onsets(GstElement* appsink, bool video) : video_(video) {
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = [](GstAppSink* from, gpointer self) noexcept {
      auto* sample = gst_app_sink_pull_sample(from);
      if (sample != nullptr) static_cast<Onsets*>(self)->look(gst_sample_get_buffer(sample));
      if (sample != nullptr) gst_sample_unref(sample);
      return GST_FLOW_OK;
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(appsink), &callbacks, this, nullptr);
  }

  Moments found() const { return moments_.copy(); }

 private:
  void look(GstBuffer* buffer) {
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_READ);
    const auto offset = video_ ? brightness(map) : loudness(map);
    gst_buffer_unmap(buffer, &map);
    if (offset && !loud_ && quiet_ > 5) {
      moments_.with([&](Moments& moments) { moments.push_back(GST_BUFFER_PTS(buffer) + *offset); });
    }
    loud_ = offset.has_value();
    quiet_ = loud_ ? 0 : quiet_ + 1;
  }

  static std::optional<GstClockTime> brightness(const GstMapInfo& map) {
    return map.data[map.size / 2] > 128 ? std::optional<GstClockTime>(0) : std::nullopt;
  }

  static std::optional<GstClockTime> loudness(const GstMapInfo& map) {
    for (gsize i = 0; i + 1 < map.size; i += sizeof(std::int16_t)) {
      std::int16_t sample = 0;
      std::memcpy(&sample, map.data + i, sizeof sample);
      if (std::abs(sample) > 4'000) return i / sizeof sample * GST_SECOND / 48'000;
    }
    return std::nullopt;
  }

  const bool video_;
  bool loud_ = false;
  int quiet_ = 0;
  rtc::Guarded<Moments> moments_;
};

}  // namespace

// The sound is sent later, as a slower encoder would: its arrival alone would put it behind the picture.
RTC_TEST(a_flash_and_a_beep_of_one_moment_come_out_together) {
  const SignaldProcess service;
  const auto login = [&service](const char* user) { return " server=" + service.uri() + " user=" + user + " "; };
  TestPipeline alice(
      "appsrc name=video is-live=true format=time caps=video/x-raw,format=GRAY8,width=160,height=120,framerate=25/1 ! "
      "out.video_0 appsrc name=audio is-live=true format=time "
      "caps=audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved ! queue min-threshold-time=150000000 ! "
      "out.audio_0 rtcsignalsink name=out" +
      login("alice"));
  TestPipeline bob("rtcsignalsrc name=in" + login("bob") +
                   "peer=alice in.video_0 ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=seen sync=false "
                   "in.audio_0 ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! "
                   "appsink name=heard sync=false");
  const Onsets flashes(bob.named("seen"), true);
  const Onsets beeps(bob.named("heard"), false);
  alice.play();
  RTC_ASSERT(alice.posts("rtc-session", {{"state", "online"}}));
  const FlashAndBeep source(alice);
  bob.play();
  const std::size_t enough = 9;
  RTC_ASSERT(waitFor([&] { return flashes.found().size() >= enough && beeps.found().size() >= enough; }));
  std::vector<int> apart;
  for (const auto flash : flashes.found()) {
    for (const auto beep : beeps.found()) {
      const auto milliseconds = GST_CLOCK_DIFF(flash, beep) / static_cast<gint64>(GST_MSECOND);
      if (std::abs(milliseconds) <= 300) apart.push_back(static_cast<int>(milliseconds));
    }
  }
  RTC_ASSERT(apart.size() >= 5);
  // Single ones may be apart: those before the sender's report that aligns the streams (RFC 3550 section 6.4.1), and
  // those between a packet that was later than the jitter buffer is patient, which begins anew then, and the next
  // report.
  const auto middle = apart.begin() + static_cast<std::ptrdiff_t>(apart.size() / 2);
  std::nth_element(apart.begin(), middle, apart.end());
  ck_assert_msg(std::abs(*middle) < 20, "sound %d ms behind the picture", *middle);
}
