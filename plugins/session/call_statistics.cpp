// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/call_statistics.hpp"

#include <cmath>

namespace rtc {

namespace {

/// `video-out-frames` and the like: video counts frames, audio packets.
std::string field(core::Kind kind, const char* direction, const char* what) {
  return std::string(core::word(kind)) + "-" + direction + "-" + what;
}

void set(GstStructure* to, const std::string& name, guint64 value) {
  gst_structure_set(to, name.c_str(), G_TYPE_UINT64, value, nullptr);
}

void set(GstStructure* to, const std::string& name, double value) {
  gst_structure_set(to, name.c_str(), G_TYPE_DOUBLE, value, nullptr);
}

void set(GstStructure* to, const std::string& name, int value) {
  gst_structure_set(to, name.c_str(), G_TYPE_INT, value, nullptr);
}

guint64 bitsPerSecond(core::Rate& rate, guint64 bytes, Instant now) {
  return static_cast<guint64>(std::llround(rate.perSecond(bytes, now) * 8));
}

double rounded(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

void CallStatistics::add(GstStructure* to, const Peer& peer, const std::vector<std::shared_ptr<FanOut>>& sources,
                         Instant now) {
  const std::chrono::duration<double> seconds = now - connected_at_;
  set(to, "seconds", rounded(seconds.count()));
  set(to, "round-trip", peer.roundTrip() ? rounded(*peer.roundTrip()) : -1.0);

  guint encoders = 0;
  FanOut::Counters picture;
  for (const auto& source : sources) {
    if (source->kind() != core::Kind::Video) continue;
    if (picture.frames == 0) picture = source->counters();
    if (source->encodes()) ++encoders;
  }
  gst_structure_set(to, "encoders", G_TYPE_UINT, encoders, nullptr);
  set(to, "video-out-width", picture.width);
  set(to, "video-out-height", picture.height);
  for (const auto kind : {core::Kind::Video, core::Kind::Audio}) {
    addOutgoing(to, peer, kind, now);
    addIncoming(to, peer, kind, now);
  }
}

void CallStatistics::addOutgoing(GstStructure* to, const Peer& peer, core::Kind kind, Instant now) {
  guint64 frames = 0;
  guint64 bytes = 0;
  guint64 key_frames = 0;
  for (const auto& sender : peer.senders()) {
    if (sender->kind() != kind) continue;
    frames += sender->frames();
    bytes += sender->bytes();
    key_frames += sender->keyFrames();
  }
  auto& flow = outgoing_[kind];
  const auto rate = flow.frames.perSecond(frames, now);
  set(to, field(kind, "out", "bitrate"), bitsPerSecond(flow.bytes, bytes, now));
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
