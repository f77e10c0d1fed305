// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/reattachments.hpp"

#include <algorithm>
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
  // Of one call a client has one opinion.
  if (const auto earlier = waiting(claim.by, claim.what.call); !earlier.empty()) remove(earlier);
  const auto others = claims_.find(keyOf(claim, otherThan(claim.what.role)));
  if (others != claims_.end()) {
    Claim other = others->second;
    remove(others->first);
    return other;
  }
  const auto key = keyOf(claim, claim.what.role);
  if (claims_.contains(key)) remove(key);
  by_session_[claim.by].insert(key);
  by_call_.insert(claim.what.call);
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
  by_call_.erase(by_call_.find(claim->second.what.call));
  claims_.erase(claim);
  deadlines_.set(gone, std::nullopt);
}

/// The key of the session's claim to the call; empty if there is none.
std::string Reattachments::waiting(SessionId session, const std::string& call) const {
  const auto own = by_session_.find(session);
  if (own == by_session_.end()) return {};
  const auto key =
      std::ranges::find_if(own->second, [&](const auto& each) { return claims_.at(each).what.call == call; });
  return key != own->second.end() ? *key : "";
}

const Reattachments::Claim* Reattachments::fitting(const Claim& other) const {
  const auto found = claims_.find(keyOf(other, otherThan(other.what.role)));
  return found != claims_.end() ? &found->second : nullptr;
}

void Reattachments::withdraw(SessionId session, const std::string& call) {
  // A farewell is nobody's any more, but still of that session.
  for (const auto& [key, claim] : claims_) {
    if (claim.by != session || claim.what.call != call) continue;
    remove(key);
    return;
  }
}

bool Reattachments::leave(SessionId session, const std::string& call, Reason reason) {
  const auto key = waiting(session, call);
  if (key.empty()) return false;
  claims_.at(key).left = reason;
  const auto own = by_session_.find(session);
  own->second.erase(key);
  if (own->second.empty()) by_session_.erase(own);
  return true;
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
