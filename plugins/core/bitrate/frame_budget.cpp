// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/frame_budget.hpp"

#include <algorithm>
#include <chrono>

namespace rtc::core {

namespace {

constexpr Duration kWishInterval{5'000};

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

double FrameBudget::level(Instant now) const {
  if (!rate_) return 0;
  return std::max(0.0, level_ - seconds(now - at_) * *rate_);
}

void FrameBudget::allow(Allowance rate, Instant now) {
  level_ = level(now);
  at_ = now;
  rate_ = rate;
}

void FrameBudget::spend(std::size_t bytes, Instant now) {
  level_ = level(now) + static_cast<double>(bytes) * 8;
  at_ = now;
}

bool FrameBudget::isUsedUp(Instant now) const {
  return rate_ && (*rate_ == 0 || level(now) > *rate_ * seconds(depth_));
}

void Thinning::allow(Allowance rate, Instant now) {
  if (rate == rate_) return;
  rate_ = rate;
  budget_.allow(rate, now);
  if (!rate) thinned_ = false;
}

bool Thinning::pass(std::size_t bytes, Instant now) {
  if (budget_.isUsedUp(now)) {
    thinned_ = true;
    return false;
  }
  budget_.spend(bytes, now);
  return true;
}

bool Thinning::mayWish(Instant now) {
  if (!thinned_) return true;
  if (rate_ == 0u || !budget_.isWhole(now) || now - last_wish_ < kWishInterval) return false;
  last_wish_ = now;
  return true;
}

}  // namespace rtc::core
