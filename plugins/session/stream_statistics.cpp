// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/stream_statistics.hpp"

#include <string>

#include "plugins/session/structure_fields.hpp"

namespace rtc {

namespace {

template <typename Stream>
Ptr<GstStructure> begin(const char* direction, const Stream& stream) {
  auto structure = adopt(gst_structure_new_empty("rtc-stream-stats"));
  auto* to = structure.get();
  set(to, "direction", direction);
  set(to, "kind", std::string(core::word(stream.kind())));
  set(to, "section", stream.section());
  set(to, "ssrc", stream.ssrc());
  set(to, "codec", stream.encoding());
  return structure;
}

}  // namespace

void StreamStatistics::addFlow(GstStructure* to, std::uint64_t frames, std::uint64_t bytes, Instant now) {
  set(to, "frames", frames);
  set(to, "fps", frames_.perSecond(frames, now));
  set(to, "bytes", bytes);
  set(to, "bitrate", static_cast<std::uint64_t>(bytes_.perSecond(bytes, now) * 8));
}

Ptr<GstStructure> StreamStatistics::outgoing(const Sender& sender, const SentRtp* rtp, Instant now) {
  auto structure = begin("out", sender);
  auto* to = structure.get();
  addFlow(to, sender.frames(), sender.bytes(), now);
  const auto source = sender.fanOut();
  set(to, "active", source != nullptr && !source->muted());
  set(to, "target-bitrate", static_cast<std::uint64_t>(source && source->encodes() ? source->target() : 0));
  if (sender.kind() == core::Kind::Video) {
    const auto picture = source ? source->counters() : FanOut::Counters{};
    set(to, "key-frames", sender.keyFrames());
    set(to, "width", picture.width);
    set(to, "height", picture.height);
  }
  const auto sent = rtp != nullptr ? *rtp : SentRtp{};
  const auto report = sent.report.value_or(SentRtp::Report{});
  set(to, "packets", sent.packets);
  set(to, "nacks", sent.nacks);
  set(to, "plis", sent.plis);
  set(to, "lost", report.lost);
  set(to, "loss", report.fraction_lost);
  set(to, "jitter", report.jitter);
  set(to, "round-trip", report.round_trip > 0 ? report.round_trip : -1.0);
  return structure;
}

Ptr<GstStructure> StreamStatistics::incoming(const Receiver& receiver, const ReceivedRtp* rtp, Instant now) {
  auto structure = begin("in", receiver);
  auto* to = structure.get();
  addFlow(to, receiver.frames(), receiver.bytes(), now);
  const auto sink = receiver.sink();
  const auto shown = sink ? sink->counters() : StreamSink::Counters{};
  set(to, "pad", sink ? sink->name() : std::string());
  set(to, "active", sink != nullptr);
  set(to, "decoded", shown.decoded);
  if (receiver.kind() == core::Kind::Video) {
    set(to, "key-frames", receiver.keyFrames());
    set(to, "width", shown.width);
    set(to, "height", shown.height);
    set(to, "freezes", shown.freezes);
    set(to, "freeze-time", std::chrono::duration<double>(shown.frozen).count());
  }
  const auto received = rtp != nullptr ? *rtp : ReceivedRtp{};
  set(to, "packets", received.packets);
  set(to, "lost", received.lost);
  set(to, "loss", loss_.since(received.lost, received.packets));
  set(to, "jitter", received.jitter);
  set(to, "nacks", received.nacks);
  set(to, "plis", received.plis);
  set(to, "late", received.late);
  set(to, "duplicates", received.duplicates);
  set(to, "retransmitted", received.retransmitted);
  set(to, "recovered", received.recovered);
  return structure;
}

}  // namespace rtc
