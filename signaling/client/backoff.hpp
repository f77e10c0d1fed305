// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How long to wait before the next attempt: anything between nothing and a bound that doubles with each failure ("full
// jitter"), so that clients who lost their service together do not come back together.
#pragma once

#include <algorithm>
#include <functional>

#include "base/clock.hpp"

namespace rtc::signaling {

class Backoff {
 public:
  /// `random` gives numbers from 0 to below 1.
  Backoff(Duration first_bound, Duration last_bound, std::function<double()> random)
      : first_bound_(first_bound), last_bound_(last_bound), bound_(first_bound), random_(std::move(random)) {}

  Duration next() {
    const Duration bound = std::min(bound_, last_bound_);
    bound_ = std::min(bound * 2, last_bound_);
    return std::chrono::duration_cast<Duration>(bound * random_());
  }

  void reset() { bound_ = first_bound_; }

 private:
  const Duration first_bound_;
  const Duration last_bound_;
  Duration bound_;
  std::function<double()> random_;
};

}  // namespace rtc::signaling
