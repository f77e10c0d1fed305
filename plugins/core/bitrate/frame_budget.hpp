// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether there is room for a further frame in a bit rate: what went out lies in a bucket that empties at that rate.
#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "plugins/core/bitrate/shared_target.hpp"

namespace rtc::core {

class FrameBudget {
 public:
  /// So much may lie in the bucket.
  explicit FrameBudget(Duration depth) : depth_(depth) {}

  /// The rate from now on; nothing: any. At 0 no frame goes out.
  void allow(Allowance rate, Instant now);
  void spend(std::size_t bytes, Instant now);
  /// Whether a frame has to stay back.
  bool isUsedUp(Instant now) const;
  /// Whether nothing lies in the bucket.
  bool isWhole(Instant now) const { return level(now) <= 0; }

 private:
  double level(Instant now) const;

  Duration depth_;
  Allowance rate_;
  double level_ = 0;  ///< bits, at `at_`
  Instant at_;
};

/// One peer's part of a stream that is encoded for others, too: what its path has no room for is left out. What follows
/// such a gap must be a key frame, and those cost everybody: a peer that is thinned waits for one of the others', or
/// wishes for one every five seconds.
class Thinning {
 public:
  void allow(Allowance rate, Instant now);
  /// Whether the frame goes out; then it is taken off.
  bool pass(std::size_t bytes, Instant now);
  /// Whether a key frame may be wished for.
  bool mayWish(Instant now);

 private:
  FrameBudget budget_{Duration(1'000)};
  Allowance rate_;
  bool thinned_ = false;
  Instant last_wish_;
};

}  // namespace rtc::core
