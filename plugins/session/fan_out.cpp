// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/fan_out.hpp"

#include <algorithm>
#include <utility>

namespace rtc {

namespace {

/// A key frame costs about ten others: three a second is what a bad link may cost a good one.
constexpr Duration kKeyFrameInterval{300};

const Clock& steadyClock() {
  static const SteadyClock clock;
  return clock;
}

}  // namespace

FanOut::FanOut(core::Kind kind) : FanOut(kind, steadyClock()) {}

FanOut::FanOut(core::Kind kind, const Clock& clock) : kind_(kind), clock_(clock), limiter_(kKeyFrameInterval) {}

void FanOut::setEncoder(std::function<void()> ask_key_frame) {
  ask_key_frame_.with([&](std::function<void()>& ask) { ask = std::move(ask_key_frame); });
}

void FanOut::askKeyFrame() const {
  if (const auto ask = ask_key_frame_.copy()) ask();
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
  wishKeyFrame();
}

void FanOut::unsubscribe(const Subscriber* subscriber) {
  subscribers_.with([&](auto& subscribers) {
    std::erase_if(subscribers, [&](const auto& each) { return each.get() == subscriber; });
    wanted_ = !subscribers.empty();
  });
}

void FanOut::wishKeyFrame() {
  if (kind_ != core::Kind::Video) return;
  const auto now = clock_.now();
  if (limiter_.with([now](core::KeyFrameLimiter& limiter) { return limiter.wish(now); })) askKeyFrame();
}

FanOut::Counters FanOut::counters() const {
  return counters_.copy();
}

}  // namespace rtc
