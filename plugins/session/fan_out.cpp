// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/fan_out.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtc {

namespace {

/// A key frame costs about ten others: three a second is what a bad link may cost a good one.
constexpr Duration kKeyFrameInterval{300};

/// What an encoder may be ahead of its target: a key frame's worth.
constexpr Duration kAhead{400};

/// A change of the target by less is not worth telling the encoder.
constexpr double kSameTarget = 0.03;

const Clock& steadyClock() {
  static const SteadyClock clock;
  return clock;
}

}  // namespace

FanOut::FanOut(core::Kind kind) : FanOut(kind, steadyClock()) {}

FanOut::FanOut(core::Kind kind, const Clock& clock)
    : kind_(kind), clock_(clock), limiter_(kKeyFrameInterval), budget_(kAhead) {}

void FanOut::setEncoder(EncoderControl encoder) {
  encoder_.with([&](EncoderControl& old) { old = std::move(encoder); });
}

void FanOut::setEncodes(bool encodes) {
  if (encodes_.exchange(encodes) == encodes) return;
  if (const auto tell = on_target_.copy()) tell();
}

void FanOut::askKeyFrame() const {
  if (const auto encoder = encoder_.copy(); encoder.ask_key_frame) encoder.ask_key_frame();
}

void FanOut::push(GstBuffer* frame) {
  if (!passes(frame)) return;
  counters_.with([&](Counters& counters) {
    ++counters.frames;
    counters.bytes += gst_buffer_get_size(frame);
    if (!GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT)) ++counters.key_frames;
  });
  for (const auto& subscriber : subscribers_.copy()) subscriber->feed(frame);
  const auto now = clock_.now();
  budget_.with([&](core::FrameBudget& budget) { budget.spend(gst_buffer_get_size(frame), now); });
  if (limiter_.with([now](core::KeyFrameLimiter& limiter) { return limiter.due(now); })) askKeyFrame();
}

bool FanOut::passes(GstBuffer* frame) {
  if (muted_) return false;
  if (!needs_key_frame_) return true;
  if (GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT)) {
    wishKeyFrame();
    return false;
  }
  needs_key_frame_ = false;
  return true;
}

void FanOut::setMuted(bool muted) {
  if (muted_ == muted) return;
  if (muted) needs_key_frame_ = kind_ == core::Kind::Video;
  muted_ = muted;
  if (!muted) wishKeyFrame();
}

void FanOut::setSize(int width, int height) {
  counters_.with([&](Counters& counters) {
    counters.width = width;
    counters.height = height;
  });
}

void FanOut::subscribe(std::shared_ptr<Subscriber> subscriber) {
  subscribers_.with([&](auto& subscribers) {
    subscribers.push_back(std::move(subscriber));
    wanted_ = true;
  });
  retarget();
  wishKeyFrame();
}

void FanOut::unsubscribe(const Subscriber* subscriber) {
  subscribers_.with([&](auto& subscribers) {
    std::erase_if(subscribers, [&](const auto& each) { return each.get() == subscriber; });
    wanted_ = !subscribers.empty();
  });
  retarget();
}

void FanOut::wishKeyFrame() {
  if (kind_ != core::Kind::Video) return;
  const auto now = clock_.now();
  if (limiter_.with([now](core::KeyFrameLimiter& limiter) { return limiter.wish(now); })) askKeyFrame();
}

bool FanOut::hasRoom() const {
  const auto now = clock_.now();
  return wanted() && !budget_.with([now](const core::FrameBudget& budget) { return budget.isUsedUp(now); });
}

void FanOut::setBounds(core::BitrateBounds bounds) {
  bounds_.with([bounds](core::BitrateBounds& now) { now = bounds; });
}

void FanOut::setOnTarget(std::function<void()> on_target) {
  on_target_.with([&](std::function<void()>& old) { old = std::move(on_target); });
}

void FanOut::retarget() {
  std::vector<core::Allowance> allowances;
  unsigned loss = 0;
  for (const auto& subscriber : subscribers_.copy()) {
    allowances.push_back(subscriber->allowance());
    // What repairs the losses of one costs the others a little of the same bit rate, which nobody hears.
    loss = std::max(loss, subscriber->expectedLoss());
  }
  const auto most = bounds_.copy().most;
  aim(core::sharedTarget(allowances, most), most);
  if (allowances.empty() || expected_loss_.exchange(loss) == loss) return;
  if (const auto encoder = encoder_.copy(); encoder.expect_loss) encoder.expect_loss(loss);
}

void FanOut::aim(unsigned target, unsigned most) {
  const auto before = target_.load();
  const auto change = std::abs(static_cast<double>(target) - static_cast<double>(before));
  const bool slight = target != 0 && target != most && change < before * kSameTarget;
  if (target == before || slight) return;
  target_ = target;
  const auto now = clock_.now();
  const auto rate = target == most ? core::Allowance() : core::Allowance(target);
  budget_.with([&](core::FrameBudget& budget) { budget.allow(rate, now); });
  const auto encoder = encoder_.copy();
  if (target != 0 && encoder.aim) encoder.aim(target);
  if (const auto tell = on_target_.copy()) tell();
}

FanOut::Counters FanOut::counters() const {
  return counters_.copy();
}

}  // namespace rtc
