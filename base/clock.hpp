// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Time as a value. Logic never asks the operating system for the time: it is given a Clock, so that a test can turn the
// hands itself.
#pragma once

#include <chrono>

namespace rtc {

using Duration = std::chrono::milliseconds;
/// A point on a clock that never goes back. Only differences mean something.
using Instant = std::chrono::time_point<std::chrono::steady_clock, Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Thread-safe.
  virtual Instant now() const = 0;
};

/// The machine's own steady clock.
class SteadyClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now()); }
};

}  // namespace rtc
