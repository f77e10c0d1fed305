// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/packet_feedback.hpp"

#include <utility>

namespace rtc {

namespace {

std::optional<std::chrono::nanoseconds> timeIn(const GstStructure* packet, const char* field) {
  guint64 time = 0;
  if (!gst_structure_get_uint64(packet, field, &time) || !GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  return std::chrono::nanoseconds(time);
}

core::PacketReport reportOf(const GstStructure* packet) {
  core::PacketReport report;
  if (const auto* type = gst_structure_get_value(packet, "payload-type")) report.payload_type = g_value_get_uchar(type);
  guint size = 0;
  gst_structure_get_uint(packet, "size", &size);
  report.size = size;
  report.sent = timeIn(packet, "local-ts");
  gboolean lost = FALSE;
  gst_structure_get_boolean(packet, "lost", &lost);
  if (lost == FALSE) report.arrived = timeIn(packet, "remote-ts");
  return report;
}

}  // namespace

std::vector<core::PacketReport> packetReports(GstEvent* event) {
  std::vector<core::PacketReport> reports;
  const auto* structure = gst_event_get_structure(event);
  if (structure == nullptr || !gst_structure_has_name(structure, "RTPTWCCPackets")) return reports;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS  // what 1.22 puts there is a GValueArray
      const auto* value = gst_structure_get_value(structure, "packets");
  if (value == nullptr || !G_VALUE_HOLDS(value, G_TYPE_VALUE_ARRAY)) return reports;
  auto* packets = static_cast<GValueArray*>(g_value_get_boxed(value));
  for (guint i = 0; packets != nullptr && i < packets->n_values; ++i) {
    const auto* packet = gst_value_get_structure(g_value_array_get_nth(packets, i));
    if (packet != nullptr) reports.push_back(reportOf(packet));
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
  return reports;
}

void listenAt(GstPad* pad, std::weak_ptr<core::FeedbackListener> listener) {
  using Weak = std::weak_ptr<core::FeedbackListener>;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
        auto* event = GST_PAD_PROBE_INFO_EVENT(info);
        if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_UPSTREAM) return GST_PAD_PROBE_OK;
        const auto alive = static_cast<Weak*>(data)->lock();
        const auto reports = alive ? packetReports(event) : std::vector<core::PacketReport>();
        if (!reports.empty()) alive->hear(reports);
        return GST_PAD_PROBE_OK;
      },
      new Weak(std::move(listener)), [](gpointer data) noexcept { delete static_cast<Weak*>(data); });
}

}  // namespace rtc
