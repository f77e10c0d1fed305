// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Keeps a transfer below a bit rate.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core::file {

class Pace {
 public:
  /// 0 is no limit.
  void limit(std::uint64_t bits_a_second) { limit_ = bits_a_second; }
  bool limited() const { return limit_ != 0; }

  bool allows(Instant now) {
    if (limit_ == 0) return true;
    if (last_) saved_ += static_cast<double>((now - *last_).count()) * static_cast<double>(limit_) / 8'000;
    last_ = now;
    saved_ = std::min(saved_, static_cast<double>(limit_) / 8 / 20);  // a twentieth of a second may be made up for
    return saved_ >= 0;
  }
  void spend(std::uint64_t bytes) {
    if (limit_ != 0) saved_ -= static_cast<double>(bytes);
  }

 private:
  std::uint64_t limit_ = 0;
  double saved_ = 0;
  std::optional<Instant> last_;
};

}  // namespace rtc::core::file
