// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many peer connections to stripe over: 1, 2, 4, 8, as long as each doubling brings something; and back, where it
// costs something: where the processor is the bound, further ones slow the others down.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

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
  /// One that gives so much less is taken back.
  static constexpr double kLoss = 0.95;
  /// Over a way shorter than this the rate has to stand still first: what a connection gains while it gets going is not
  /// what further ones would bring.
  static constexpr Duration kNear{15};
  /// And it has to be less than this, in bytes a second: where no packets are lost, such a way is filled, or the
  /// processor is busy, with one. (Where 1 % is lost, one carries about twelve packets a round trip: 3 MB/s at 5 ms.)
  static constexpr double kPlenty = 3e6;

  explicit LaneCount(std::size_t most) : most_(std::max<std::size_t>(1, most)) {}

  std::size_t wanted() const { return wanted_; }
  /// How many of those that are there get something to do: all, until a step was taken back.
  std::size_t used() const { return went_back_ ? wanted_ : most_; }

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
    if (fed) decide(rate, round_trip, now);
  }

  /// A lane could not be had: stay with what there is.
  void refused(std::size_t open, Instant now) {
    wanted_ = std::clamp<std::size_t>(open, 1, wanted_);
    before_ = 0;
    rest_until_ = now + kRest;
  }

 private:
  void decide(double rate, Duration round_trip, Instant now) {
    const double before = std::exchange(before_, 0);
    if (before > 0 && rate < before * kGain) {
      if (rate < before * kLoss) {
        wanted_ = from_;
        went_back_ = true;
      }
      rest_until_ = now + kRest;
      return;
    }
    if (rest_until_ && now < *rest_until_) return;
    if (wanted_ >= most_) return;
    const double last = std::exchange(last_, rate);
    if (round_trip < kNear && (rate > last * kGain || rate >= kPlenty)) return;
    before_ = rate;
    from_ = std::exchange(wanted_, std::min(wanted_ * 2, most_));
  }

  const std::size_t most_;
  std::size_t wanted_ = 1;
  std::optional<Instant> since_;
  std::optional<Instant> rest_until_;
  std::uint64_t bytes_ = 0;
  unsigned looks_ = 0;
  unsigned hungry_ = 0;
  double before_ = 0;     ///< the rate when the last step was made, until that is judged
  std::size_t from_ = 1;  ///< the number before that step
  bool went_back_ = false;
  double last_ = 0;  ///< the rate at the last look
};

}  // namespace rtc::core::file
