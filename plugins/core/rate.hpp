// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A rate from a counter that only grows.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace rtc::core {

class Rate {
 public:
  /// The counter's growth per second since the last call; 0 at the first.
  double perSecond(std::uint64_t count, Instant now) {
    const auto last = std::exchange(last_, Sample{count, now});
    if (!last || now <= last->at || count < last->count) return 0;
    const std::chrono::duration<double> passed = now - last->at;
    return static_cast<double>(count - last->count) / passed.count();
  }

 private:
  struct Sample {
    std::uint64_t count = 0;
    Instant at;
  };
  std::optional<Sample> last_;
};

}  // namespace rtc::core
