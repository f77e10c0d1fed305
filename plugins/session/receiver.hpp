// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One stream that comes out of one peer's `webrtcbin`: pad, depayloader, appsink. Closed until the peer has shown the
// certificate that it announced.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "plugins/core/codec.hpp"
#include "plugins/session/guards.hpp"
#include "plugins/session/media_sink.hpp"

namespace rtc {

/// Made on the streaming thread that adds the pad; `open` and `close` are bound to the session's thread; the counters
/// are thread-safe.
class Receiver final : public std::enable_shared_from_this<Receiver> {
 public:
  /// Links the pad at once, in the callback that shows it: one that is left unlinked ends the peer's whole transport.
  /// Fails for a codec that we do not know; the pad is then drained.
  /// `place_of` tells where the description has an SSRC.
  static Result<std::shared_ptr<Receiver>> make(GstBin* pipeline, GstPad* pad,
                                                const std::function<RemotePlace(std::uint32_t)>& place_of);

  core::Kind kind() const { return core::traits(codec_).kind; }
  core::Codec codec() const { return codec_; }
  /// Its number in the description.
  unsigned section() const { return place_.section; }
  /// Among the sections of its kind.
  unsigned place() const { return place_.of_its_kind; }
  std::uint32_t ssrc() const { return ssrc_; }
  /// As in RTP, e.g. `VP8`.
  std::string encoding() const { return std::string(core::traits(codec_).encoding); }
  /// Of its frames, and of the packets that they come in.
  const GstCaps* caps() const { return caps_.get(); }
  const GstCaps* packets() const { return packets_.get(); }

  /// Of each frame that is complete: how much later than its time-stamp that is, and what decoding it takes. On its
  /// streaming thread.
  using OnFrame = std::function<void(GstClockTimeDiff late, GstClockTime decoding)>;
  /// Only before the stream is opened.
  void onFrame(OnFrame on_frame);
  /// Lets the stream pass, to `sink` from now on; null: to nowhere. The stream begins with what was held back.
  void open(std::shared_ptr<StreamSink> sink);
  /// Ends the sink's stream and lets go of it.
  void close();
  /// Asks the peer for a key frame. Thread-safe.
  void wishKeyFrame() const;

  std::shared_ptr<StreamSink> sink() const { return sink_.copy(); }
  std::uint64_t frames() const { return frames_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t keyFrames() const { return key_frames_; }

 private:
  Receiver(core::Codec codec, RemotePlace place, Ptr<GstCaps> caps, Ptr<GstCaps> packets, Ptr<GstPad> pad);
  void hold();
  void takeFrames(GstElement* appsink);
  void takePackets(bool wanted);

  const core::Codec codec_;
  const RemotePlace place_;
  const std::uint32_t ssrc_;
  const Ptr<GstCaps> caps_;
  const Ptr<GstCaps> packets_;
  const Ptr<GstPad> pad_;
  gulong hold_ = 0;
  gulong packet_probe_ = 0;
  OnFrame on_frame_;
  Guarded<std::shared_ptr<StreamSink>> sink_;
  std::atomic<std::uint64_t> frames_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> key_frames_ = 0;
};

}  // namespace rtc
