// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/rtp_sources.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"

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

/// The SSRC of what the element is given; 0 while nothing came.
std::uint32_t streamOf(GstElement* element) {
  const auto caps = adopt(gst_pad_get_current_caps(staticPad(element, "sink").get()));
  return caps ? field<std::uint32_t>(gst_caps_get_structure(caps.get(), 0), "ssrc") : 0;
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
  return sent;
}

/// The last block of the last report that the source has sent, about the stream `rb-ssrc` of ours.
SentRtp::Report reportIn(const GstStructure* source, double clock_rate) {
  // RFC 3550 section 6.4.1: the fraction in 256ths, the round trip in 65536ths of a second.
  SentRtp::Report report;
  report.fraction_lost = field<double>(source, "rb-fractionlost") / 256;
  report.lost = field<int>(source, "rb-packetslost");
  report.received = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, field<std::int64_t>(source, "rb-exthighestseq") - report.lost));
  report.jitter = clock_rate > 0 ? field<double>(source, "rb-jitter") * kMillisecondsPerSecond / clock_rate : 0;
  report.round_trip = field<double>(source, "rb-round-trip") * kMillisecondsPerSecond / 65536;
  return report;
}

ReceivedRtp receivedIn(const GstStructure* source) {
  ReceivedRtp received;
  received.packets = field<std::uint64_t>(source, "packets-received");
  received.lost = field<int>(source, "packets-lost");
  received.jitter = milliseconds(source, "jitter");
  received.plis = field<unsigned>(source, "sent-pli-count");
  return received;
}

void addSources(RtpSources::Snapshot& to, const GstStructure* session) {
  const auto* value = gst_structure_get_value(session, "source-stats");
  if (value == nullptr || !G_VALUE_HOLDS_BOXED(value)) return;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const auto* array = static_cast<const GValueArray*>(g_value_get_boxed(value));
  std::map<std::uint32_t, double> clock_rates;
  for (guint i = 0; array != nullptr && i < array->n_values; ++i) {
    const auto* source = gst_value_get_structure(&array->values[i]);
    const auto ssrc = field<std::uint32_t>(source, "ssrc");
    if (isSet(source, "internal")) {
      to.sent[ssrc] = sentIn(source);
      clock_rates[ssrc] = field<double>(source, "clock-rate");
    } else {
      to.received[ssrc] = receivedIn(source);
    }
  }
  // What is told of our streams is kept with the sources of those who told it.
  for (guint i = 0; array != nullptr && i < array->n_values; ++i) {
    const auto* source = gst_value_get_structure(&array->values[i]);
    if (isSet(source, "internal") || !isSet(source, "have-rb")) continue;
    const auto ours = to.sent.find(field<std::uint32_t>(source, "rb-ssrc"));
    if (ours != to.sent.end()) ours->second.report = reportIn(source, clock_rates[ours->first]);
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

}  // namespace

void RtpSources::watch(GstElement* webrtcbin) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added",
      [elements = elements_, feedback = feedback_](GstBin*, GstElement* child) mutable {
        auto* factory = gst_element_get_factory(child);
        const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
        if (type == "rtpsession") feedback.watch(child);
        // A bundle has one session, and two decoders for each stream.
        elements->with([&](Elements& kept) {
          if (type == "rtpsession") kept.session = share(child);
          if (type == "rtpulpfecdec") kept.fec_decoders.push_back(share(child));
        });
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
  Elements elements;
  elements_->with([&](const Elements& kept) {
    if (kept.session) elements.session = share(kept.session);
    for (const auto& [ssrc, element] : kept.jitter_buffers) elements.jitter_buffers[ssrc] = share(element);
    for (const auto& element : kept.fec_decoders) elements.fec_decoders.push_back(share(element));
  });
  Snapshot snapshot;
  if (!elements.session) return snapshot;
  if (const auto stats = statsOf(elements.session.get())) addSources(snapshot, stats.get());
  for (const auto& [ssrc, element] : elements.jitter_buffers) {
    const auto stats = statsOf(element.get());
    const auto received = snapshot.received.find(ssrc);
    if (!stats || received == snapshot.received.end()) continue;
    received->second.nacks = static_cast<unsigned>(field<std::uint64_t>(stats.get(), "rtx-count"));
    received->second.late = field<std::uint64_t>(stats.get(), "num-late");
    received->second.duplicates = field<std::uint64_t>(stats.get(), "num-duplicates");
    received->second.retransmitted = field<std::uint64_t>(stats.get(), "rtx-success-count");
  }
  for (const auto& element : elements.fec_decoders) {
    const auto received = snapshot.received.find(streamOf(element.get()));
    if (received == snapshot.received.end()) continue;
    guint recovered = 0;
    g_object_get(element.get(), "recovered", &recovered, nullptr);
    received->second.recovered += recovered;
  }
  return snapshot;
}

}  // namespace rtc
