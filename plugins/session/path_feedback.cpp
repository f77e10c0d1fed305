// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/path_feedback.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

namespace {

/// More than any path tells in the time between two readings: nobody reads.
constexpr std::size_t kMostUnread = 4'096;

core::Microseconds microseconds(guint64 clock_time) {
  return std::chrono::duration_cast<core::Microseconds>(std::chrono::nanoseconds(clock_time));
}

std::optional<core::PacketFate> fateIn(const GstStructure* packet) {
  guint number = 0;
  guint size = 0;
  guint64 sent = GST_CLOCK_TIME_NONE;
  guint64 arrived = GST_CLOCK_TIME_NONE;
  if (!gst_structure_get(packet, "seqnum", G_TYPE_UINT, &number, "size", G_TYPE_UINT, &size, "local-ts", G_TYPE_UINT64,
                         &sent, "remote-ts", G_TYPE_UINT64, &arrived, nullptr) ||
      !GST_CLOCK_TIME_IS_VALID(sent)) {
    return std::nullopt;  // of a packet that is told of twice nothing is known any more
  }
  core::PacketFate fate{static_cast<std::uint16_t>(number), microseconds(sent), std::nullopt, size + kPacketHeaders};
  if (GST_CLOCK_TIME_IS_VALID(arrived)) fate.arrived = microseconds(arrived);
  return fate;
}

void addFates(std::vector<core::PacketFate>& to, const GstStructure* told) {
  const auto* value = gst_structure_get_value(told, "packets");
  if (value == nullptr || !G_VALUE_HOLDS_BOXED(value)) return;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const auto* packets = static_cast<const GValueArray*>(g_value_get_boxed(value));
  for (guint i = 0; packets != nullptr && i < packets->n_values; ++i) {
    if (const auto fate = fateIn(gst_value_get_structure(&packets->values[i]))) to.push_back(*fate);
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

/// The property `twcc-stats` says less: sums over a window, whose rates are off where few packets are in it.
std::vector<core::PacketFate> fatesIn(GstEvent* event) {
  std::vector<core::PacketFate> fates;
  if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_UPSTREAM) return fates;
  const auto* told = gst_event_get_structure(event);
  if (gst_structure_has_name(told, "RTPTWCCPackets")) addFates(fates, told);
  return fates;
}

}  // namespace

void PathFeedback::watch(GstElement* rtp_session) {
  connectSignal<void(GstPad*)>(rtp_session, "pad-added", [fates = fates_](GstPad* pad) {
    if (std::string_view(GST_PAD_NAME(pad)) != "send_rtp_sink") return;
    addProbe(pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, [fates](GstPad*, GstPadProbeInfo* info) {
      const auto told = fatesIn(GST_PAD_PROBE_INFO_EVENT(info));
      if (told.empty()) return GST_PAD_PROBE_OK;
      fates->with([&told](Fates& all) {
        if (all.size() + told.size() > kMostUnread) all.clear();
        all.insert(all.end(), told.begin(), told.end());
      });
      return GST_PAD_PROBE_DROP;  // no payloader or encoder has a use for it
    });
  });
}

std::vector<core::PacketFate> PathFeedback::take() {
  return fates_->with([](Fates& fates) { return std::exchange(fates, {}); });
}

}  // namespace rtc
