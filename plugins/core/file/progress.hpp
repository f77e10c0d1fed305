// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How far a transfer is: from what the receiver has stored, never from what was sent.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core::file {

struct Progress {
  std::uint64_t bytes = 0;             ///< checked and stored, with what was there before
  std::optional<std::uint64_t> total;  ///< nothing for a stream
  double rate = 0;                     ///< bytes a second, of the last seconds
  std::optional<Duration> left;        ///< nothing while nobody can tell
};

class ProgressMeter {
 public:
  static constexpr Duration kSpan{4'000};

  /// What was there from the start counts as progress, but not as speed.
  void begin(std::uint64_t bytes, Instant now) {
    points_.clear();
    points_.push_back({bytes, now});
  }

  Progress at(std::uint64_t bytes, std::optional<std::uint64_t> total, Instant now) {
    if (points_.empty()) begin(bytes, now);
    if (now - points_.back().at >= Duration(100)) points_.push_back({bytes, now});
    while (points_.size() > 2 && now - points_[1].at >= kSpan) points_.pop_front();
    Progress progress{bytes, total, 0, std::nullopt};
    const auto span = now - points_.front().at;
    if (span.count() > 0 && bytes > points_.front().bytes) {
      progress.rate = static_cast<double>(bytes - points_.front().bytes) * 1'000 / static_cast<double>(span.count());
    }
    if (total && *total <= bytes) {
      progress.left = Duration(0);
    } else if (total && progress.rate > 1) {
      progress.left = Duration(static_cast<Duration::rep>(static_cast<double>(*total - bytes) * 1'000 / progress.rate));
    }
    return progress;
  }

 private:
  struct Point {
    std::uint64_t bytes;
    Instant at;
  };
  std::deque<Point> points_;
};

}  // namespace rtc::core::file
