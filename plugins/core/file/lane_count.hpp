// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many peer connections to stripe over: 1, 2, 4, 8, as long as each doubling brings something.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core::file {

class LaneCount {
 public:
  /// How long a number of lanes is looked at, once they all carry data, before the next step: at least this, and so
  /// many round trips, in which SCTP gets from three packets to all that it keeps under way.
  static constexpr Duration kLook{400};
  static constexpr int kRoundTrips = 8;
  /// After a doubling that gains less, none is tried again for a while.
  static constexpr double kGain = 1.15;
  static constexpr Duration kRest{15'000};

  explicit LaneCount(std::size_t most) : most_(std::max<std::size_t>(1, most)) {}

  std::size_t wanted() const { return wanted_; }

  /// Call it at even intervals. `bytes`: arrived so far on all lanes; `open`: lanes that carry data; `starved`: it is
  /// the disk, the other side or a set limit that holds us just now, not the path.
  void look(std::uint64_t bytes, std::size_t open, bool starved, Duration round_trip, Instant now) {
    if (open < wanted_) {
      since_.reset();
      return;
    }
    if (!since_) {
      since_ = now;
      bytes_ = bytes;
      looks_ = hungry_ = 0;
      return;
    }
    ++looks_;
    if (starved) ++hungry_;
    const auto span = now - *since_;
    if (span < std::max(kLook, round_trip * kRoundTrips)) return;
    const double rate = static_cast<double>(bytes - bytes_) * 1'000 / static_cast<double>(span.count());
    const bool fed = hungry_ * 2 <= looks_;
    since_.reset();
    if (fed) decide(rate, now);
  }

  /// A lane could not be had: stay with what there is.
  void refused(std::size_t open, Instant now) {
    wanted_ = std::max<std::size_t>(1, open);
    before_ = 0;
    rest_until_ = now + kRest;
  }

 private:
  void decide(double rate, Instant now) {
    if (before_ > 0 && rate < before_ * kGain) {
      // Lanes that are there stay: they cost nothing, and the rate of a path changes.
      rest_until_ = now + kRest;
      before_ = 0;
      return;
    }
    if (rest_until_ && now < *rest_until_) return;
    if (wanted_ >= most_) return;
    before_ = rate;
    wanted_ = std::min(wanted_ * 2, most_);
  }

  const std::size_t most_;
  std::size_t wanted_ = 1;
  std::optional<Instant> since_;
  std::optional<Instant> rest_until_;
  std::uint64_t bytes_ = 0;
  unsigned looks_ = 0;
  unsigned hungry_ = 0;
  double before_ = 0;
};

}  // namespace rtc::core::file
