// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where a peer's streams go: implemented by `rtcsignalsrc`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "plugins/core/codec.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// One received stream's way out.
class StreamSink {
 public:
  struct Counters {
    std::uint64_t decoded = 0;
    int width = 0;
    int height = 0;
    std::uint64_t freezes = 0;
    Duration frozen{0};  ///< by all freezes together
  };

  virtual ~StreamSink() = default;
  /// Whether it is given the stream's RTP packets, or the frames in them. Never changes.
  virtual bool takesPackets() const = 0;
  /// Whether it decodes the frames. Never changes.
  virtual bool decodes() const = 0;
  /// What decoding a frame took at most since this was last asked. Thread-safe.
  virtual GstClockTime decodingTook() = 0;
  /// A frame, or a packet, in the format that the stream was opened with; its time-stamps are running times. On the
  /// peer's streaming thread; must not block.
  virtual void push(Ptr<GstBuffer> buffer) = 0;
  /// The stream goes on over another connection, from which its packets have these caps. On the session's thread.
  virtual void resume(const GstCaps* packets) = 0;
  /// No frame follows: the call ended. On the session's thread.
  virtual void end() = 0;
  /// Nothing comes for now, on purpose.
  virtual void rest() = 0;
  /// So long after their time-stamps frames may come out, from now on. On the session's thread.
  virtual void setLatency(GstClockTime latency) = 0;
  virtual Counters counters() const = 0;
  /// Of the pad.
  virtual std::string name() const = 0;
};

struct StreamStart {
  std::string peer;
  core::Codec codec = core::Codec::Vp8;
  const GstCaps* caps = nullptr;         ///< of the frames; borrowed
  const GstCaps* packets = nullptr;      ///< of the RTP packets that they come in; likewise
  std::function<void()> wish_key_frame;  ///< may be called on any thread
  unsigned place = 0;                    ///< among the streams of its kind, in the description's order
};

class MediaSink {
 public:
  virtual ~MediaSink() = default;
  /// A stream of a peer begins. Null if it cannot be taken. On the session's thread.
  virtual std::shared_ptr<StreamSink> open(const StreamStart& start) = 0;
  /// The streams with which a call begins are open. More may come later. On the session's thread.
  virtual void complete() = 0;
};

}  // namespace rtc
