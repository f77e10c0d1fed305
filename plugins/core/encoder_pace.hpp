// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How fast an encoder is told to be: as slow as is usual, for the picture's sake, and faster where the processor does
// not keep up.
#pragma once

#include <algorithm>
#include <chrono>

namespace rtc::core {

class EncoderPace {
 public:
  using Time = std::chrono::nanoseconds;

  /// Speeds are numbers, the faster the greater.
  EncoderPace(int usual, int fastest) : usual_(usual), fastest_(std::max(usual, fastest)), speed_(usual) {}

  int speed() const { return speed_; }

  /// A frame took so long, of the time since the one before had begun. Tells whether the speed has changed.
  bool encoded(Time took, Time interval) {
    took_ += took;
    passed_ += interval;
    if (++frames_ < kFrames) return false;
    const auto load = std::chrono::duration<double>(took_) / std::max(passed_, Time(1));
    took_ = passed_ = Time(0);
    frames_ = 0;
    const int before = speed_;
    calm_ = load < kCalm ? calm_ + 1 : 0;
    if (load > kBusy) {
      speed_ = std::min(speed_ + 2, fastest_);
    } else if (calm_ >= kCalmEnough) {
      speed_ = std::max(speed_ - 1, usual_);
      calm_ = 0;
    }
    return speed_ != before;
  }

 private:
  static constexpr int kFrames = 15;
  static constexpr double kBusy = 0.8;
  /// A step costs less than half as much again.
  static constexpr double kCalm = 0.5;
  static constexpr int kCalmEnough = 10;

  const int usual_;
  const int fastest_;
  int speed_;
  int frames_ = 0;
  int calm_ = 0;
  Time took_{0};
  Time passed_{0};
};

}  // namespace rtc::core
