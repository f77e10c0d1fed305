// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which of the reports that RTCP makes are worth being sent. It makes one for each of our streams as often as the
// path's arrival reports go, ten times a second, and nobody reads a stream's report that often.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace rtc::core {

class NeededReports {
 public:
  /// RFC 3550 section 6.2 asks for one in five seconds; what follows the losses, and the time, is more than that.
  static constexpr Duration kEach{500};

  /// Of the stream `source` (SSRC), as its sender (SR) or only as a receiver of others.
  bool takes(std::uint32_t source, bool as_sender, Instant now) {
    auto& last = last_[{source, as_sender}];
    if (last && now - *last < kEach) return false;
    last = now;
    return true;
  }

 private:
  std::map<std::pair<std::uint32_t, bool>, std::optional<Instant>> last_;
};

}  // namespace rtc::core
