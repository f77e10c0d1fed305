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
#include "plugins/core/bitrate/bitrate_bounds.hpp"
#include "plugins/core/bitrate/expected_loss.hpp"
#include "plugins/core/bitrate/frame_budget.hpp"
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
  /// What its path has room for. On the session's thread, like the next.
  virtual core::Allowance allowance() const { return std::nullopt; }
  /// What it loses of a sound, in percent.
  virtual unsigned expectedLoss() const { return core::ExpectedLoss::kUnknown; }
};

/// How an encoder is spoken to: on any thread, without a lock held. What is null is not done.
struct EncoderControl {
  std::function<void()> ask_key_frame = nullptr;
  std::function<void(unsigned bitrate)> aim = nullptr;  ///< bit/s
  std::function<void(unsigned percent)> expect_loss = nullptr;
};

/// Thread-safe.
class FanOut {
 public:
  explicit FanOut(core::Kind kind);
  /// `clock` outlives the fan-out.
  FanOut(core::Kind kind, const Clock& clock);

  core::Kind kind() const { return kind_; }

  /// Who makes the frames, where they are made here.
  void setEncoder(EncoderControl encoder);
  /// Gives the frame to every subscriber.
  void push(GstBuffer* frame);
  /// Whether the frames are encoded here, and not by who gave them.
  void setEncodes(bool encodes);
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
  /// Whether a further frame may be encoded now, at the rate that there is room for.
  bool hasRoom() const;

  /// Between which rates the encoder aims. `retarget` makes it so.
  void setBounds(core::BitrateBounds bounds);
  core::BitrateBounds bounds() const { return bounds_.copy(); }
  /// What the encoder aims at, in bit/s; 0: it rests, for no peer's path bears its picture.
  unsigned target() const { return target_; }
  /// Tells the encoder what the subscribers have room for now, and lose.
  void retarget();
  /// What the subscribers lose of a sound, in percent, as the encoder was told.
  unsigned lossExpected() const { return expected_loss_; }
  /// Called when the target is another one, or counts from now on; on any thread.
  void setOnTarget(std::function<void()> on_target);

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
  void aim(unsigned target, unsigned most);

  const core::Kind kind_;
  Guarded<EncoderControl> encoder_;
  Guarded<std::function<void()>> on_target_;
  const Clock& clock_;
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> encodes_ = false;
  std::atomic<bool> muted_ = false;
  /// A picture goes on after a gap: what it refers to is missing.
  std::atomic<bool> needs_key_frame_ = false;
  Guarded<std::vector<std::shared_ptr<Subscriber>>> subscribers_;
  Guarded<core::KeyFrameLimiter> limiter_;
  Guarded<Counters> counters_;
  Guarded<core::BitrateBounds> bounds_;
  std::atomic<unsigned> target_ = 0;
  std::atomic<unsigned> expected_loss_ = core::ExpectedLoss::kUnknown;
  /// Of the target, while that is less than the most: an encoder that cannot make so little makes fewer frames.
  Guarded<core::FrameBudget> budget_;
};

}  // namespace rtc
