// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sparse_reports.hpp"

#include <gst/rtp/gstrtcpbuffer.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "base/guarded.hpp"
#include "base/signal.hpp"
#include "plugins/core/needed_reports.hpp"

namespace rtc {

namespace {

struct Report {
  std::uint32_t source = 0;
  bool as_sender = false;
};

/// Nothing for a message that has more to say.
std::optional<Report> reportIn(GstBuffer* message) {
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  if (!gst_rtcp_buffer_map(message, GST_MAP_READ, &rtcp)) return std::nullopt;
  std::optional<Report> report;
  GstRTCPPacket packet;
  for (auto more = gst_rtcp_buffer_get_first_packet(&rtcp, &packet); more != FALSE;
       more = gst_rtcp_packet_move_to_next(&packet)) {
    const auto type = gst_rtcp_packet_get_type(&packet);
    if (type == GST_RTCP_TYPE_SDES) continue;
    if (report || (type != GST_RTCP_TYPE_SR && type != GST_RTCP_TYPE_RR)) {
      report.reset();
      break;
    }
    report.emplace();
    report->as_sender = type == GST_RTCP_TYPE_SR;
    if (report->as_sender) {
      gst_rtcp_packet_sr_get_sender_info(&packet, &report->source, nullptr, nullptr, nullptr, nullptr);
    } else {
      report->source = gst_rtcp_packet_rr_get_ssrc(&packet);
    }
  }
  gst_rtcp_buffer_unmap(&rtcp);
  return report;
}

}  // namespace

void sendFewReports(GObject* rtp_session) {
  const auto needed = std::make_shared<Guarded<core::NeededReports>>();
  const auto thin = [needed](GstBuffer* message, gboolean early) -> gboolean {
    const auto report = reportIn(message);
    const auto now = SteadyClock().now();
    const bool goes = needed->with([&](core::NeededReports& all) {
      if (report) return all.takes(report->source, report->as_sender, early != FALSE, now);
      all.other(now);
      return true;
    });
    if (!goes) gst_buffer_set_size(message, 0);  // empty ones are not sent
    return FALSE;
  };
  connectSignal<gboolean(GstBuffer*, gboolean)>(rtp_session, "on-sending-rtcp", thin);
}

}  // namespace rtc
