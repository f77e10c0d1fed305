// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Addresses from which tokens come that prove nothing: after a few each further one waits twice as long.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace rtc::signaling {

class LoginFailures {
 public:
  /// How long logins from there are refused unseen; zero: they are looked at.
  Duration wait(const std::string& address, Instant now) const {
    const auto entry = addresses_.find(address);
    if (entry == addresses_.end() || entry->second.until <= now) return Duration{0};
    return entry->second.until - now;
  }

  void failed(const std::string& address, Instant now) {
    if (address.empty()) return;
    if (addresses_.size() >= kMaxAddresses) tidy(now);
    if (addresses_.size() >= kMaxAddresses && !addresses_.contains(address)) return;
    Entry& entry = addresses_[address];
    if (now - entry.last > kMemory) entry.count = 0;
    entry.last = now;
    ++entry.count;
    if (entry.count < kFree) return;
    const auto doublings = std::min(entry.count - kFree, 9);
    entry.until = now + std::min(kFirstWait * (1 << doublings), kLongestWait);
  }

  void succeeded(const std::string& address) { addresses_.erase(address); }

 private:
  struct Entry {
    int count = 0;
    Instant last{};
    Instant until{};
  };
  void tidy(Instant now) {
    std::erase_if(addresses_, [&](const auto& entry) { return now - entry.second.last > kMemory; });
  }

  static constexpr std::size_t kMaxAddresses = 100'000;
  static constexpr int kFree = 5;
  static constexpr Duration kFirstWait{1'000};
  static constexpr Duration kLongestWait{5 * 60'000};
  static constexpr Duration kMemory{30 * 60'000};
  std::unordered_map<std::string, Entry> addresses_;
};

}  // namespace rtc::signaling
