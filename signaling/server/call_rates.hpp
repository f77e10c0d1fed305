// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many calls each user has begun of late. Logging out and in again does not help.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <unordered_map>

#include "base/token_bucket.hpp"

namespace rtc::signaling {

class CallRates {
 public:
  explicit CallRates(const Rate& rate) : rate_(rate) {}

  /// How long to wait before the next call; zero: this one may be, and is counted.
  Duration take(const std::string& user, Instant now) {
    if (users_.size() >= kRoomBeforeTidying) tidy(now);
    auto& bucket = users_.try_emplace(user, rate_, now).first->second;
    return bucket.take(rate_, now) ? Duration{0} : std::max(Duration{1}, bucket.wait(rate_));
  }

 private:
  /// Whoever called nobody for a while is as good as unknown.
  void tidy(Instant now) {
    if (now < next_tidying_) return;
    next_tidying_ = now + std::chrono::seconds(1);
    for (auto user = users_.begin(); user != users_.end();) {
      user = user->second.full(rate_, now) ? users_.erase(user) : std::next(user);
    }
  }

  static constexpr std::size_t kRoomBeforeTidying = 1024;
  const Rate rate_;
  Instant next_tidying_{};
  std::unordered_map<std::string, TokenBucket> users_;
};

}  // namespace rtc::signaling
