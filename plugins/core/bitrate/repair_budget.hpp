// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much may be sent again. On a path that is full what is lost is lost for want of room: sending all of it again
// makes the path fuller, and loses more.
#pragma once

#include <algorithm>
#include <optional>

#include "base/token_bucket.hpp"

namespace rtc::core {

class RepairBudget {
 public:
  /// So many bit/s from now on; nothing: as many as are asked for.
  void allow(std::optional<double> rate) {
    if (rate && !rate_) bucket_.reset();
    rate_ = rate;
  }

  /// Whether a further packet may be sent again now.
  bool take(Instant now) {
    if (!rate_) return true;
    const auto packets = *rate_ / kPacket;
    // What was not taken is kept for half a second: losses come in heaps.
    const rtc::Rate pace{packets, packets > 0 ? std::max(1.0, packets / 2) : 0};
    if (!bucket_) bucket_.emplace(rtc::Rate{}, now);
    return bucket_->take(pace, now);
  }

 private:
  /// A request does not tell how large the packet is, in bits. Those of pictures are nearly full.
  static constexpr double kPacket = 1'200 * 8;

  std::optional<double> rate_;
  std::optional<TokenBucket> bucket_;
};

}  // namespace rtc::core
