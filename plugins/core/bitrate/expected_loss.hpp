// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much of a sound an encoder should expect to be lost, by what the receiver's reports say was.
#pragma once

#include <algorithm>
#include <cmath>

namespace rtc::core {

class ExpectedLoss {
 public:
  /// Until reports come: without any, Opus adds little for repair.
  static constexpr unsigned kUnknown = 5;
  /// Beyond it Opus does no more (it counts up to 25 %).
  static constexpr unsigned kMost = 25;

  /// What was lost since the last call, 0 to 1. A second or so lies between two.
  void note(double fraction) {
    const auto lost = std::clamp(fraction, 0.0, 1.0) * 100;
    // Losses come in bursts: the next one is expected at once, and for a while.
    percent_ += (lost - percent_) * (lost > percent_ ? kRise : kFall);
  }

  /// Never 0: the first packet that is lost would have no copy.
  unsigned percent() const { return std::clamp(static_cast<unsigned>(std::lround(percent_)), 1u, kMost); }

 private:
  static constexpr double kRise = 0.5;
  static constexpr double kFall = 0.1;

  double percent_ = kUnknown;
};

}  // namespace rtc::core
