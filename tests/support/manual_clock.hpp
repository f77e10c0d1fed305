// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A clock whose hands a test turns.
#pragma once

#include "base/clock.hpp"

namespace rtc::testing {

/// Bound to the test's thread.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  Instant now_{Duration{1'000'000}};
};

}  // namespace rtc::testing
