// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Two users who call each other at once: one call goes on, and nobody who dialled is asked whether to take it.
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"

namespace rtc::core {

class Glare {
 public:
  /// By the ids: the lesser call goes on.
  static bool oursGoesOn(const std::string& ours, const std::string& theirs) { return ours < theirs; }

  /// The service ended our call to `user` because that user's own call to us goes on. It is about to come.
  void lostTo(const std::string& user, Instant now) { lost_[user] = now; }

  /// A call of `user` comes in: whether it is the one that ours was lost to. Says so once.
  bool wonBy(const std::string& user, Instant now) {
    const auto lost = lost_.extract(user);
    return !lost.empty() && now - lost.mapped() < kPatience;
  }

 private:
  /// The winner's call is on its way already; one that comes later is another.
  static constexpr Duration kPatience{2'000};
  std::map<std::string, Instant> lost_;
};

}  // namespace rtc::core
