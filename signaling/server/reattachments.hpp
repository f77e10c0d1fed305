// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls that an earlier life of the service knew: each party claims its part with the ticket that both got when the
// call was accepted, and when both have, there is a call again. Whoever lacks the secret matches nobody and learns
// nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/server/deadlines.hpp"
#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

class Reattachments {
 public:
  struct Claim {
    SessionId by = 0;
    std::string user;
    Reattach what;
    /// The party hung up while it waited: the other is to hear so.
    std::optional<Reason> left;
  };

  /// The other party's claim that fits this one, which is taken out; or nothing, and this one waits.
  std::optional<Claim> claim(Claim claim, Instant until);
  /// The claim that waits and fits this one of another hub's device.
  const Claim* fitting(const Claim& other) const;
  /// It is dealt with elsewhere.
  void withdraw(SessionId session, const std::string& call);
  /// True if the session waits for this call's other party; the claim becomes a farewell.
  bool leave(SessionId session, const std::string& call, Reason reason);
  /// The session is gone. Its farewells stay.
  void forget(SessionId session);
  std::size_t of(SessionId session) const;
  /// Somebody claims a call of this id: no other may have it meanwhile.
  bool claimed(const std::string& call) const { return by_call_.contains(call); }

  /// The claims that waited long enough; they are taken out.
  std::vector<Claim> takeDue(Instant now);
  std::optional<Instant> nextDeadline() const { return deadlines_.next(); }

  static constexpr std::size_t kMaxEach = 16;

 private:
  void remove(const std::string& key);
  std::string waiting(SessionId session, const std::string& call) const;

  std::unordered_map<std::string, Claim> claims_;
  /// Those that wait, without the farewells.
  std::unordered_map<SessionId, std::set<std::string>> by_session_;
  std::unordered_multiset<std::string> by_call_;
  Deadlines<std::string> deadlines_;
};

}  // namespace rtc::signaling
