// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/missed_calls.hpp"

#include <algorithm>
#include <utility>

namespace rtc::signaling {

void MissedCalls::record(const std::string& callee, const std::string& caller, const std::string& call, Instant now) {
  auto& own = by_callee_[callee];
  own.push_back(by_age_.insert(by_age_.end(), {callee, caller, call, now}));
  if (own.size() > kMaxEach) forget(own.front());
  if (by_age_.size() > kMaxAll) forget(by_age_.begin());
}

void MissedCalls::forget(Place entry) {
  const auto own = by_callee_.find(entry->callee);
  std::erase(own->second, entry);
  if (own->second.empty()) by_callee_.erase(own);
  by_age_.erase(entry);
}

std::vector<MissedCall> MissedCalls::take(const std::string& callee, Instant now) {
  std::vector<MissedCall> missed;
  auto own = by_callee_.extract(callee);
  if (own.empty()) return missed;
  for (const auto& entry : own.mapped()) {
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(now - entry->at);
    missed.push_back({entry->call, entry->caller, static_cast<int>(ago.count())});
    by_age_.erase(entry);
  }
  return missed;
}

}  // namespace rtc::signaling
