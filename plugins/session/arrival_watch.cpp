// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/arrival_watch.hpp"

#include <gst/rtp/gstrtpbuffer.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/guarded.hpp"
#include "plugins/core/path_lateness.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/running_time.hpp"

namespace rtc {

namespace {

using core::PathLateness;

std::optional<std::uint32_t> rtpTime(GstBuffer* packet) {
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  if (!gst_rtp_buffer_map(packet, GST_MAP_READ, &rtp)) return std::nullopt;
  const auto time = gst_rtp_buffer_get_timestamp(&rtp);
  gst_rtp_buffer_unmap(&rtp);
  return time;
}

/// Of one jitter buffer; its two pads hold it.
class ArrivalWatch {
 public:
  ArrivalWatch(GstElement* jitter_buffer, OnArrival on_arrival)
      : jitter_buffer_(jitter_buffer), on_arrival_(std::move(on_arrival)) {}

  void entered(GstBuffer* packet) {
    if (GST_BUFFER_FLAG_IS_SET(packet, GST_RTP_BUFFER_FLAG_RETRANSMISSION)) return;
    const auto time = rtpTime(packet);
    if (!time) return;
    const PathLateness::Time now(lateness(jitter_buffer_, 0));
    const auto frame = stream_.with([&](std::optional<Stream>& stream) {
      const auto late = stream ? stream->lateness.arrived(*time, now) : std::nullopt;
      return late ? std::optional(std::pair(stream->kind, *late)) : std::nullopt;
    });
    if (frame) on_arrival_(frame->first, frame->second.count());
  }

  void left(GstPad* pad, GstBuffer* packet) {
    const auto time = rtpTime(packet);
    const auto segment = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
    if (!time || !segment) return;
    const GstSegment* times = nullptr;
    gst_event_parse_segment(segment.get(), &times);
    const auto played = gst_segment_to_running_time(times, GST_FORMAT_TIME, GST_BUFFER_PTS(packet));
    if (!GST_CLOCK_TIME_IS_VALID(played)) return;
    stream_.with([&](std::optional<Stream>& stream) {
      if (stream) stream->lateness.stamped(*time, PathLateness::Time(static_cast<GstClockTimeDiff>(played)));
    });
  }

  void described(const GstCaps* caps) {
    const auto* structure = gst_caps_get_structure(caps, 0);
    const char* media = gst_structure_get_string(structure, "media");
    int clock_rate = 0;
    if (media == nullptr || !gst_structure_get_int(structure, "clock-rate", &clock_rate) || clock_rate <= 0) return;
    const auto kind = std::string_view(media) == "audio" ? core::Kind::Audio : core::Kind::Video;
    stream_.with([&](std::optional<Stream>& stream) {
      stream = Stream{kind, PathLateness(static_cast<std::uint32_t>(clock_rate))};
    });
  }

 private:
  struct Stream {
    core::Kind kind;
    PathLateness lateness;
  };

  GstElement* const jitter_buffer_;  ///< borrowed: it owns the pads that own us
  const OnArrival on_arrival_;
  Guarded<std::optional<Stream>> stream_;  ///< nothing before its caps
};

using Shared = std::shared_ptr<ArrivalWatch>;

GstPadProbeReturn enters(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& watch = **static_cast<Shared*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    watch.entered(GST_PAD_PROBE_INFO_BUFFER(info));
    return GST_PAD_PROBE_OK;
  }
  auto* packets = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
  for (guint i = 0; i < gst_buffer_list_length(packets); ++i) watch.entered(gst_buffer_list_get(packets, i));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn leaves(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& watch = **static_cast<Shared*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    watch.left(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  } else if (auto* event = GST_PAD_PROBE_INFO_EVENT(info); GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    watch.described(caps);
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

void watchArrivals(GstElement* jitter_buffer, OnArrival on_arrival) {
  const auto watch = std::make_shared<ArrivalWatch>(jitter_buffer, std::move(on_arrival));
  const auto add = [&](const char* pad, int types, GstPadProbeCallback callback) {
    gst_pad_add_probe(staticPad(jitter_buffer, pad).get(), static_cast<GstPadProbeType>(types), callback,
                      new Shared(watch), [](gpointer data) noexcept { delete static_cast<Shared*>(data); });
  };
  add("sink", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, enters);
  add("src", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, leaves);
}

}  // namespace rtc
