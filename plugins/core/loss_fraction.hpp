// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The share of packets that were lost since one last looked, from RTP's running counts (RFC 3550 appendix A.3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rtc::core {

class LossFraction {
 public:
  /// 0 to 1. `lost` may shrink, where packets were counted as lost and came later: that is no loss.
  double since(std::int64_t lost, std::uint64_t received) {
    const auto more_lost = std::max<std::int64_t>(0, lost - std::exchange(lost_, lost));
    const auto before = std::exchange(received_, received);
    const auto more_received = received > before ? received - before : 0;
    const auto expected = static_cast<double>(more_lost) + static_cast<double>(more_received);
    return expected > 0 ? static_cast<double>(more_lost) / expected : 0;
  }

 private:
  std::int64_t lost_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace rtc::core
