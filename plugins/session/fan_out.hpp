// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One encoded stream of ours on its way to every peer: encoded once, however many watch.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "plugins/core/key_frames.hpp"
#include "plugins/core/sdp.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// One peer's end of a fan-out. Called on the encoder's streaming thread; must neither block nor call back.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  /// A frame whose time-stamps are running times.
  virtual void feed(GstBuffer* frame) = 0;
};

/// Thread-safe.
class FanOut {
 public:
  explicit FanOut(core::Kind kind);
  /// `clock` outlives the fan-out.
  FanOut(core::Kind kind, const Clock& clock);

  core::Kind kind() const { return kind_; }

  /// Whom to ask for a key frame: called on any thread, without a lock held. Null: nobody.
  void setEncoder(std::function<void()> ask_key_frame);
  /// Gives the frame to every subscriber.
  void push(GstBuffer* frame);
  /// Whether the frames are encoded here, and not by who gave them.
  void setEncodes(bool encodes) { encodes_ = encodes; }
  bool encodes() const { return encodes_; }
  /// Muted, nothing passes, and nothing need be encoded.
  void setMuted(bool muted);
  bool muted() const { return muted_; }
  /// The picture's size, for the statistics.
  void setSize(int width, int height);

  void subscribe(std::shared_ptr<Subscriber> subscriber);
  void unsubscribe(const Subscriber* subscriber);
  /// Whether anybody listens: otherwise there is nothing to encode for.
  bool wanted() const { return wanted_.load(std::memory_order_relaxed) && !muted_.load(std::memory_order_relaxed); }

  /// A peer needs a key frame: the encoder is asked, but not more often than every 300 ms.
  void wishKeyFrame();

  struct Counters {
    std::uint64_t frames = 0;
    std::uint64_t key_frames = 0;
    std::uint64_t bytes = 0;
    int width = 0;
    int height = 0;
  };
  Counters counters() const;

 private:
  bool passes(GstBuffer* frame);
  void askKeyFrame() const;

  const core::Kind kind_;
  Guarded<std::function<void()>> ask_key_frame_;
  const Clock& clock_;
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> encodes_ = false;
  std::atomic<bool> muted_ = false;
  /// A picture goes on after a gap: what it refers to is missing.
  std::atomic<bool> needs_key_frame_ = false;
  Guarded<std::vector<std::shared_ptr<Subscriber>>> subscribers_;
  Guarded<core::KeyFrameLimiter> limiter_;
  Guarded<Counters> counters_;
};

}  // namespace rtc
