// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sparse_reports.hpp"

#include <gst/rtp/gstrtcpbuffer.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/signal.hpp"
#include "plugins/core/needed_reports.hpp"
#include "plugins/session/pad_probe.hpp"

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

void sendFewReports(GstElement* rtp_session) {
  connectSignal<void(GstPad*)>(rtp_session, "pad-added", [](GstPad* pad) {
    if (std::string_view(GST_PAD_NAME(pad)) != "send_rtcp_src") return;
    // Reports alone come from RTCP's own thread; whatever else is said here is not counted.
    addProbe(pad, GST_PAD_PROBE_TYPE_BUFFER, [needed = core::NeededReports()](GstPad*, GstPadProbeInfo* info) mutable {
      const auto report = reportIn(GST_PAD_PROBE_INFO_BUFFER(info));
      const bool goes = !report || needed.takes(report->source, report->as_sender, SteadyClock().now());
      return goes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
    });
  });
}

}  // namespace rtc
