// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many offers of each user are looked at: each costs a thread, a look at the disk and perhaps a question to a
// person.
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"

namespace rtc::core::file {

/// Going away and coming back does not help a user.
class OfferRate {
 public:
  static constexpr int kAtOnce = 64;
  /// And then one in this time.
  static constexpr Duration kEach{500};

  /// True: this one is looked at, and counts.
  bool allows(const std::string& user, Instant now) {
    if (paid_until_.size() >= kRoomBeforeTidying) {
      std::erase_if(paid_until_, [now](const auto& each) { return each.second <= now; });
    }
    auto& until = paid_until_.try_emplace(user, now).first->second;
    if (until < now) until = now;
    if (until - now > kEach * (kAtOnce - 1)) return false;
    until += kEach;
    return true;
  }

 private:
  static constexpr std::size_t kRoomBeforeTidying = 1'024;
  std::map<std::string, Instant> paid_until_;
};

}  // namespace rtc::core::file
