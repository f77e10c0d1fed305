// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/reattachments.hpp"

#include <utility>

namespace rtc::signaling {

namespace {

/// What a party knows of the call, written in the same way for both; the role tells whose claim it is.
std::string keyOf(const Reattachments::Claim& claim, CallRole role) {
  const bool claims_caller = claim.what.role == CallRole::Caller;
  const std::string& caller = claims_caller ? claim.user : claim.what.with;
  const std::string& callee = claims_caller ? claim.what.with : claim.user;
  // No name and no id holds a line break.
  return (role == CallRole::Caller ? "caller\n" : "callee\n") + claim.what.call + "\n" + caller + "\n" + callee + "\n" +
         claim.what.secret;
}

CallRole otherThan(CallRole role) {
  return role == CallRole::Caller ? CallRole::Callee : CallRole::Caller;
}

}  // namespace

std::optional<Reattachments::Claim> Reattachments::claim(Claim claim, Instant until) {
  const auto others = claims_.find(keyOf(claim, otherThan(claim.what.role)));
  if (others != claims_.end()) {
    Claim other = others->second;
    remove(others->first);
    return other;
  }
  const auto key = keyOf(claim, claim.what.role);
  if (claims_.contains(key)) remove(key);
  by_session_[claim.by].insert(key);
  claims_.emplace(key, std::move(claim));
  deadlines_.set(key, until);
  return std::nullopt;
}

void Reattachments::remove(const std::string& key) {
  const std::string gone = key;
  const auto claim = claims_.find(gone);
  const auto own = by_session_.find(claim->second.by);
  if (own != by_session_.end()) {
    own->second.erase(gone);
    if (own->second.empty()) by_session_.erase(own);
  }
  claims_.erase(claim);
  deadlines_.set(gone, std::nullopt);
}

bool Reattachments::leave(SessionId session, const std::string& call, Reason reason) {
  const auto own = by_session_.find(session);
  if (own == by_session_.end()) return false;
  for (const auto& key : own->second) {
    Claim& claim = claims_.at(key);
    if (claim.what.call != call) continue;
    claim.left = reason;
    own->second.erase(key);
    if (own->second.empty()) by_session_.erase(own);
    return true;
  }
  return false;
}

void Reattachments::forget(SessionId session) {
  const auto own = by_session_.find(session);
  if (own == by_session_.end()) return;
  const auto keys = own->second;
  for (const auto& key : keys) remove(key);
}

std::size_t Reattachments::of(SessionId session) const {
  const auto own = by_session_.find(session);
  return own != by_session_.end() ? own->second.size() : 0;
}

std::vector<Reattachments::Claim> Reattachments::takeDue(Instant now) {
  std::vector<Claim> due;
  for (const auto& key : deadlines_.due(now)) {
    due.push_back(claims_.at(key));
    remove(key);
  }
  return due;
}

}  // namespace rtc::signaling
