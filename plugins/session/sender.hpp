// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One stream on its way into one peer's `webrtcbin`: appsrc, payloader, pad. It is there from the first description on,
// silent until a stream of ours is given to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "plugins/core/negotiation.hpp"
#include "plugins/session/fan_out.hpp"

namespace rtc {

/// `feed` and the counters are thread-safe; the rest is bound to the session's thread.
class Sender final : public Subscriber, public std::enable_shared_from_this<Sender> {
 public:
  /// `on_ready` is called once, on any thread, when the line's RTP format stands.
  static Result<std::shared_ptr<Sender>> make(GstBin* pipeline, GstElement* webrtcbin, const core::SendLine& line,
                                              std::function<void()> on_ready);
  ~Sender() override;

  core::Kind kind() const { return kind_; }
  /// Its number in the description.
  unsigned section() const { return section_; }
  /// Of the RTP stream; 0 before its format stands.
  std::uint32_t ssrc() const;
  /// As in RTP, e.g. `VP8`; empty before its format stands.
  std::string encoding() const;

  /// Takes its frames from `source` from now on; null: from nowhere.
  void attach(std::shared_ptr<FanOut> source);
  std::shared_ptr<FanOut> source() const { return source_.copy().lock(); }

  void feed(GstBuffer* frame) override;

  std::uint64_t frames() const { return frames_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t keyFrames() const { return key_frames_; }

 private:
  Sender(const core::SendLine& line, Ptr<GstElement> appsrc, Ptr<GstPad> rtp);
  void watchRequests();
  void wishKeyFrame() const;

  const core::Kind kind_;
  const unsigned section_;
  const Ptr<GstElement> appsrc_;
  const Ptr<GstPad> rtp_;  ///< webrtcbin's
  Guarded<std::weak_ptr<FanOut>> source_;
  std::atomic<bool> needs_key_frame_ = true;
  std::atomic<std::uint64_t> frames_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> key_frames_ = 0;
};

}  // namespace rtc
