// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/rtp_sources.hpp"

#include <string_view>
#include <utility>

#include "base/signal.hpp"

namespace rtc {

namespace {

constexpr double kMillisecondsPerSecond = 1'000;

/// The named field as a number; 0 where there is none.
template <typename Number>
Number field(const GstStructure* structure, const char* name) {
  const auto* value = gst_structure_get_value(structure, name);
  if (value == nullptr) return 0;
  if (G_VALUE_HOLDS_UINT(value)) return static_cast<Number>(g_value_get_uint(value));
  if (G_VALUE_HOLDS_INT(value)) return static_cast<Number>(g_value_get_int(value));
  if (G_VALUE_HOLDS_UINT64(value)) return static_cast<Number>(g_value_get_uint64(value));
  return 0;
}

bool isSet(const GstStructure* structure, const char* name) {
  gboolean value = FALSE;
  return gst_structure_get_boolean(structure, name, &value) != FALSE && value != FALSE;
}

Ptr<GstStructure> statsOf(GstElement* element) {
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  return adopt(stats);
}

/// From units of the stream's clock.
double milliseconds(const GstStructure* source, const char* name) {
  const auto rate = field<double>(source, "clock-rate");
  return rate > 0 ? field<double>(source, name) * kMillisecondsPerSecond / rate : 0;
}

SentRtp sentIn(const GstStructure* source) {
  SentRtp sent;
  sent.packets = field<std::uint64_t>(source, "packets-sent");
  sent.nacks = field<unsigned>(source, "recv-nack-count");
  sent.plis = field<unsigned>(source, "recv-pli-count");
  if (!isSet(source, "have-rb")) return sent;
  // RFC 3550 section 6.4.1: the fraction in 256ths, the round trip in 65536ths of a second.
  sent.report = SentRtp::Report{field<double>(source, "rb-fractionlost") / 256, field<int>(source, "rb-packetslost"),
                                milliseconds(source, "rb-jitter"),
                                field<double>(source, "rb-round-trip") * kMillisecondsPerSecond / 65536};
  return sent;
}

ReceivedRtp receivedIn(const GstStructure* source) {
  ReceivedRtp received;
  received.packets = field<std::uint64_t>(source, "packets-received");
  received.lost = field<int>(source, "packets-lost");
  received.jitter = milliseconds(source, "jitter");
  received.nacks = field<unsigned>(source, "sent-nack-count");
  received.plis = field<unsigned>(source, "sent-pli-count");
  return received;
}

void addSources(RtpSources::Snapshot& to, const GstStructure* session) {
  const auto* value = gst_structure_get_value(session, "source-stats");
  if (value == nullptr || !G_VALUE_HOLDS_BOXED(value)) return;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const auto* array = static_cast<const GValueArray*>(g_value_get_boxed(value));
  for (guint i = 0; array != nullptr && i < array->n_values; ++i) {
    const auto* source = gst_value_get_structure(&array->values[i]);
    const auto ssrc = field<std::uint32_t>(source, "ssrc");
    if (isSet(source, "internal")) {
      to.sent[ssrc] = sentIn(source);
    } else {
      to.received[ssrc] = receivedIn(source);
    }
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

}  // namespace

void RtpSources::watch(GstElement* webrtcbin) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added", [elements = elements_](GstBin*, GstElement* child) {
        auto* factory = gst_element_get_factory(child);
        if (factory == nullptr || std::string_view(GST_OBJECT_NAME(factory)) != "rtpsession") return;
        // A bundle has one.
        elements->with([child](Elements& kept) { kept.session = share(child); });
      });
  const auto rtpbin = adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (!rtpbin) return;
  connectSignal<void(GstElement*, guint, guint)>(
      rtpbin.get(), "new-jitterbuffer", [elements = elements_](GstElement* jitter_buffer, guint, guint ssrc) {
        elements->with([&](Elements& kept) { kept.jitter_buffers[ssrc] = share(jitter_buffer); });
      });
}

RtpSources::Snapshot RtpSources::read() const {
  // Asked without our lock: they have locks of their own.
  std::map<std::uint32_t, Ptr<GstElement>> jitter_buffers;
  Ptr<GstElement> session;
  elements_->with([&](const Elements& kept) {
    if (kept.session) session = share(kept.session);
    for (const auto& [ssrc, element] : kept.jitter_buffers) jitter_buffers[ssrc] = share(element);
  });
  Snapshot snapshot;
  if (!session) return snapshot;
  if (const auto stats = statsOf(session.get())) addSources(snapshot, stats.get());
  for (const auto& [ssrc, element] : jitter_buffers) {
    const auto stats = statsOf(element.get());
    const auto received = snapshot.received.find(ssrc);
    if (!stats || received == snapshot.received.end()) continue;
    received->second.late = field<std::uint64_t>(stats.get(), "num-late");
    received->second.duplicates = field<std::uint64_t>(stats.get(), "num-duplicates");
    received->second.retransmitted = field<std::uint64_t>(stats.get(), "rtx-success-count");
  }
  return snapshot;
}

}  // namespace rtc
