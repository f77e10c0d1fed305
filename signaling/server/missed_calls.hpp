// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls that rang in vain, or could not ring, until their callee logs in. Kept in memory, and bounded: so many for
// each user, and so many in all, of which the oldest go first.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

class MissedCalls {
 public:
  void record(const std::string& callee, const std::string& caller, const std::string& call, Instant now);
  /// The user's, the oldest first. They are forgotten with that.
  std::vector<MissedCall> take(const std::string& callee, Instant now);
  std::size_t size() const { return by_age_.size(); }

  static constexpr std::size_t kMaxEach = 20;
  static constexpr std::size_t kMaxAll = 10'000;

 private:
  struct Entry {
    std::string callee;
    std::string caller;
    std::string call;
    Instant at;
  };
  using Place = std::list<Entry>::iterator;
  void forget(Place entry);

  std::list<Entry> by_age_;
  std::unordered_map<std::string, std::list<Place>> by_callee_;
};

}  // namespace rtc::signaling
