// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which of the reports that RTCP makes are worth being sent. It makes one for each of our streams as often as the
// path's arrival reports go, ten times a second, and nobody reads a stream's report that often.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/clock.hpp"

namespace rtc::core {

class NeededReports {
 public:
  /// RFC 3550 section 6.2 asks for one in five seconds; what follows the losses, and the time, is more than that.
  static constexpr Duration kEach{500};
  /// Those that are made together come one right after the other.
  static constexpr Duration kTogether{5};
  /// Sooner after a message with more to say an early one has no other to go with.
  static constexpr Duration kBetween{60};

  /// A message went that has more to say: a request, arrivals, a good-bye.
  void other(Instant now) { last_other_ = now; }

  /// Of the stream `source` (SSRC), as its sender (SR) or only as a receiver of others. `early`: it goes with a message
  /// that cannot wait for the next regular report.
  bool takes(std::uint32_t source, bool as_sender, bool early, Instant now) {
    const bool first = !last_asked_ || now - *last_asked_ > kTogether || together_.count(source) != 0;
    last_asked_ = now;
    if (first) together_.clear();
    together_.insert(source);
    auto& last = last_[{source, as_sender}];
    // RTCP takes it for a fault to have nothing to send at all.
    const bool alone = first && (!early || !last_other_ || now - *last_other_ < kBetween);
    if (!alone && last && now - *last < kEach) return false;
    last = now;
    return true;
  }

 private:
  std::optional<Instant> last_asked_;
  std::set<std::uint32_t> together_;  ///< those whose reports are made together with the last one: one of each
  std::optional<Instant> last_other_;
  std::map<std::pair<std::uint32_t, bool>, std::optional<Instant>> last_;
};

}  // namespace rtc::core
