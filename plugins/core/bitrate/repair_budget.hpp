// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much may be sent again. On a path that is full what is lost is lost for want of room: sending all of it again
// makes the path fuller, and loses more.
#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core {

class RepairBudget {
 public:
  /// So many bit/s from now on; nothing: as many as are asked for.
  void allow(std::optional<double> rate, Instant now) {
    earn(now);
    rate_ = rate;
    bits_ = std::min(bits_, rate_.value_or(0) * kSaved);
  }

  /// Whether so many bits may be sent again now; they count as sent then.
  bool take(double bits, Instant now) {
    if (!rate_) return true;
    earn(now);
    if (bits_ < bits) return false;
    bits_ -= bits;
    return true;
  }

 private:
  /// What was not taken is kept for so many seconds: losses come in heaps.
  static constexpr double kSaved = 0.5;

  void earn(Instant now) {
    const std::chrono::duration<double> passed = now - earned_at_;
    earned_at_ = now;
    if (rate_) bits_ = std::min(bits_ + *rate_ * passed.count(), *rate_ * kSaved);
  }

  std::optional<double> rate_;
  double bits_ = 0;
  Instant earned_at_{};
};

}  // namespace rtc::core
