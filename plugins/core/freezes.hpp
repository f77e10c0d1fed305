// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When a picture stood still for longer than its pace explains: `freezeCount` and `totalFreezesDuration` of the W3C's
// "Identifiers for WebRTC's Statistics API".
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <numeric>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace rtc::core {

class Freezes {
 public:
  /// A frame is shown.
  void frame(Instant at) {
    if (const auto last = std::exchange(last_, at)) add(at - *last);
  }
  /// The picture rests on purpose: what passes until the next frame is no freeze.
  void pause() { last_.reset(); }

  std::uint64_t count() const { return count_; }
  /// How long the picture stood in all, each freeze up to the frame that ended it.
  Duration total() const { return total_; }

 private:
  static constexpr std::size_t kFrames = 30;
  static constexpr Duration kSlack{150};

  void add(Duration gap) {
    if (!gaps_.empty()) {
      const auto mean = std::accumulate(gaps_.begin(), gaps_.end(), Duration(0)) / static_cast<int>(gaps_.size());
      if (gap >= std::max(3 * mean, mean + kSlack)) {
        ++count_;
        total_ += gap;
      }
    }
    gaps_.push_back(gap);
    if (gaps_.size() > kFrames) gaps_.pop_front();
  }

  std::optional<Instant> last_;
  std::deque<Duration> gaps_;
  std::uint64_t count_ = 0;
  Duration total_{0};
};

}  // namespace rtc::core
