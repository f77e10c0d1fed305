// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which share of the last packets was lost.
#pragma once

#include <cstdint>

namespace rtc::core {

class LossMeter {
 public:
  void note(bool lost) {
    ++packets_;
    if (lost) ++lost_;
    if (packets_ < kMemory) return;
    // What is older than this many packets counts for less and less.
    packets_ /= 2;
    lost_ /= 2;
  }

  unsigned perCent() const { return packets_ == 0 ? 0 : (100 * lost_ + packets_ / 2) / packets_; }

 private:
  /// Ten seconds of sound.
  static constexpr std::uint32_t kMemory = 500;

  std::uint32_t packets_ = 0;
  std::uint32_t lost_ = 0;
};

}  // namespace rtc::core
