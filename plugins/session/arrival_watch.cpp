// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/arrival_watch.hpp"

#include <utility>

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/rtp_packet.hpp"
#include "plugins/session/running_time.hpp"

namespace rtc {

namespace {

using core::PathLateness;

std::optional<std::uint32_t> rtpTime(GstBuffer* buffer) {
  RtpPacket packet(buffer, GST_MAP_READ);
  return packet ? std::optional(packet.time()) : std::nullopt;
}

}  // namespace

std::shared_ptr<ArrivalWatch> ArrivalWatch::of(GstElement* jitter_buffer, OnFrame on_frame) {
  auto watch = std::make_shared<ArrivalWatch>(jitter_buffer, std::move(on_frame));
  addProbe(staticPad(jitter_buffer, "sink").get(), kAnyBuffer, [watch](GstPad*, GstPadProbeInfo* info) {
    eachBuffer(info, [&watch](GstBuffer* packet) { watch->entered(packet); });
    return GST_PAD_PROBE_OK;
  });
  addProbe(staticPad(jitter_buffer, "src").get(), GST_PAD_PROBE_TYPE_BUFFER,
           [watch](GstPad* pad, GstPadProbeInfo* info) {
             watch->left(pad, GST_PAD_PROBE_INFO_BUFFER(info));
             return GST_PAD_PROBE_OK;
           });
  return watch;
}

ArrivalWatch::ArrivalWatch(GstElement* jitter_buffer, OnFrame on_frame)
    : jitter_buffer_(jitter_buffer), on_frame_(std::move(on_frame)) {}

void ArrivalWatch::describe(const GstCaps* packets) {
  int clock_rate = 0;
  gst_structure_get_int(gst_caps_get_structure(packets, 0), "clock-rate", &clock_rate);
  if (clock_rate <= 0) return;
  lateness_.with([&](auto& lateness) { lateness.emplace(static_cast<std::uint32_t>(clock_rate)); });
}

void ArrivalWatch::entered(GstBuffer* packet) {
  if (GST_BUFFER_FLAG_IS_SET(packet, GST_RTP_BUFFER_FLAG_RETRANSMISSION)) return;
  const auto time = rtpTime(packet);
  if (!time) return;
  const PathLateness::Time now(lateness(jitter_buffer_, 0));
  const auto late =
      lateness_.with([&](auto& lateness) { return lateness ? lateness->arrived(*time, now) : std::nullopt; });
  if (late) on_frame_(late->count());
}

void ArrivalWatch::left(GstPad* pad, GstBuffer* packet) {
  const auto time = rtpTime(packet);
  const auto segment = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!time || !segment) return;
  const GstSegment* times = nullptr;
  gst_event_parse_segment(segment.get(), &times);
  const auto played = gst_segment_to_running_time(times, GST_FORMAT_TIME, GST_BUFFER_PTS(packet));
  if (!GST_CLOCK_TIME_IS_VALID(played)) return;
  lateness_.with([&](auto& lateness) {
    if (lateness) lateness->stamped(*time, PathLateness::Time(static_cast<GstClockTimeDiff>(played)));
  });
}

}  // namespace rtc
