// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/call_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "plugins/session/structure_fields.hpp"

namespace rtc {

namespace {

/// `video-out-frames` and the like: video counts frames, audio packets.
std::string field(core::Kind kind, const char* direction, const char* what) {
  return std::string(core::word(kind)) + "-" + direction + "-" + what;
}

guint64 bitsPerSecond(core::Rate& rate, guint64 bytes, Instant now) {
  return static_cast<guint64>(std::llround(rate.perSecond(bytes, now) * 8));
}

double rounded(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

void CallStatistics::add(GstStructure* to, const Peer& peer, const std::vector<std::shared_ptr<MediaSource>>& sources,
                         Instant now) {
  const std::chrono::duration<double> seconds = now - connected_at_;
  set(to, "seconds", rounded(seconds.count()));
  set(to, "state", "connected");
  addPath(to, peer);
  addStreams(to, peer, now);
  set(to, "jitter-buffer-target", static_cast<guint64>(peer.playoutDelay().count()));
  set(to, "round-trip", peer.roundTrip() ? rounded(*peer.roundTrip()) : -1.0);

  guint encoders = 0;
  FanOut::Counters picture;
  for (const auto& source : sources) {
    if (source->kind() != core::Kind::Video) continue;
    for (const auto& [codec, fan_out] : source->fanOuts()) {
      if (picture.frames == 0) picture = fan_out->counters();
      if (fan_out->encodes()) ++encoders;
    }
  }
  gst_structure_set(to, "encoders", G_TYPE_UINT, encoders, nullptr);
  set(to, "video-out-width", picture.width);
  set(to, "video-out-height", picture.height);
  for (const auto kind : {core::Kind::Video, core::Kind::Audio}) {
    addOutgoing(to, peer, kind, now);
    addIncoming(to, peer, kind, now);
  }
}

void CallStatistics::addPath(GstStructure* to, const Peer& peer) {
  const auto path = peer.path().value_or(SelectedPath::Path{});
  set(to, "local-candidate", path.local.type);
  set(to, "remote-candidate", path.remote.type);
  set(to, "protocol", path.local.protocol);
  set(to, "relayed", path.relayed());
}

void CallStatistics::addStreams(GstStructure* to, const Peer& peer, Instant now) {
  const auto rtp = peer.rtp();
  const auto of = [](const auto& known, std::uint32_t ssrc) {
    const auto found = known.find(ssrc);
    return found == known.end() ? nullptr : &found->second;
  };
  GValue streams = G_VALUE_INIT;
  gst_value_array_init(&streams, 0);
  const auto append = [&streams](Ptr<GstStructure> stream) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&value, release(std::move(stream)));
    gst_value_array_append_and_take_value(&streams, &value);
  };
  double loss_out = 0;
  for (const auto& sender : peer.senders()) {
    const auto* sent = of(rtp.sent, sender->ssrc());
    if (sent != nullptr && sent->report) loss_out = std::max(loss_out, sent->report->fraction_lost);
    append(sent_[sender->section()].outgoing(*sender, sent, now));
  }
  double loss_in = 0;
  double jitter = 0;
  guint64 freezes = 0;
  guint64 key_frames = 0;
  for (const auto& receiver : peer.receivers()) {
    const auto* received = of(rtp.received, receiver->ssrc());
    auto stream = received_[receiver->ssrc()].incoming(*receiver, received, now);
    double loss = 0;
    gst_structure_get_double(stream.get(), "loss", &loss);
    loss_in = std::max(loss_in, loss);
    if (received != nullptr) jitter = std::max(jitter, received->jitter);
    if (receiver->kind() == core::Kind::Video) key_frames += receiver->keyFrames();
    if (const auto sink = receiver->sink()) freezes += sink->counters().freezes;
    append(std::move(stream));
  }
  gst_structure_take_value(to, "streams", &streams);
  set(to, "loss-in", loss_in);
  set(to, "loss-out", loss_out);
  set(to, "jitter-in", jitter);
  set(to, "video-in-key-frames", key_frames);
  set(to, "video-in-freezes", freezes);
}

void CallStatistics::addOutgoing(GstStructure* to, const Peer& peer, core::Kind kind, Instant now) {
  guint64 frames = 0;
  guint64 bytes = 0;
  guint64 key_frames = 0;
  guint64 target = 0;
  for (const auto& sender : peer.senders()) {
    if (sender->kind() != kind) continue;
    const auto source = sender->fanOut();
    if (source && source->encodes()) target += source->target();
    frames += sender->frames();
    bytes += sender->bytes();
    key_frames += sender->keyFrames();
  }
  auto& flow = outgoing_[kind];
  const auto rate = flow.frames.perSecond(frames, now);
  set(to, field(kind, "out", "bitrate"), bitsPerSecond(flow.bytes, bytes, now));
  set(to, field(kind, "out", "target-bitrate"), target);
  if (kind == core::Kind::Audio) {
    set(to, field(kind, "out", "packets"), frames);
    return;
  }
  set(to, field(kind, "out", "frames"), frames);
  set(to, field(kind, "out", "fps"), rounded(rate));
  set(to, field(kind, "out", "key-frames"), key_frames);
}

void CallStatistics::addIncoming(GstStructure* to, const Peer& peer, core::Kind kind, Instant now) {
  guint64 frames = 0;
  guint64 bytes = 0;
  StreamSink::Counters out;
  for (const auto& receiver : peer.receivers()) {
    if (receiver->kind() != kind) continue;
    frames += receiver->frames();
    bytes += receiver->bytes();
    const auto sink = receiver->sink();
    if (!sink) continue;
    const auto each = sink->counters();
    // The size is that of the first picture; the numbers are those of all.
    const auto decoded = out.decoded + each.decoded;
    if (out.width == 0) out = each;
    out.decoded = decoded;
  }
  auto& flow = incoming_[kind];
  const auto rate = flow.frames.perSecond(frames, now);
  set(to, field(kind, "in", "bitrate"), bitsPerSecond(flow.bytes, bytes, now));
  if (kind == core::Kind::Audio) {
    set(to, field(kind, "in", "packets"), frames);
    return;
  }
  set(to, field(kind, "in", "frames"), frames);
  set(to, field(kind, "in", "fps"), rounded(rate));
  set(to, field(kind, "in", "decoded"), out.decoded);
  set(to, field(kind, "in", "width"), out.width);
  set(to, field(kind, "in", "height"), out.height);
}

}  // namespace rtc
