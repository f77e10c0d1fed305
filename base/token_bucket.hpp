// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How often something may happen: so many at once, and then so many in a time.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace rtc {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

class TokenBucket {
 public:
  TokenBucket(const Rate& rate, Instant now) : tokens_(rate.burst), filled_(now) {}

  bool take(const Rate& rate, Instant now) {
    fill(rate, now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  /// Until the next one may be taken.
  Duration wait(const Rate& rate) const {
    if (tokens_ >= 1 || rate.per_second <= 0) return Duration{0};
    return std::chrono::ceil<Duration>(std::chrono::duration<double>((1 - tokens_) / rate.per_second));
  }
  /// As if it had never been used.
  bool full(const Rate& rate, Instant now) {
    fill(rate, now);
    return tokens_ >= rate.burst;
  }

 private:
  void fill(const Rate& rate, Instant now) {
    const std::chrono::duration<double> passed = now - filled_;
    tokens_ = std::min(rate.burst, tokens_ + passed.count() * rate.per_second);
    filled_ = now;
  }

  double tokens_;
  Instant filled_;
};

}  // namespace rtc
