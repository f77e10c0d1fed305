// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of the service, by id and by party.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "signaling/protocol/call_machine.hpp"
#include "signaling/server/deadlines.hpp"
#include "signaling/server/registry.hpp"

namespace rtc::signaling {

struct CallRecord {
  std::string id;
  SessionId caller = 0;
  SessionId callee = 0;
  CallMachine machine;
  /// What a book caller said before the acceptance, for which the book knows no wait.
  Json held_offer;
  std::vector<Json> held_candidates;

  SessionId session(Party party) const { return party == Party::Caller ? caller : callee; }
  std::optional<Party> partyOf(SessionId session) const;
};

class CallTable {
 public:
  /// References stay good until the call is removed.
  CallRecord& add(CallRecord call);
  void remove(const CallRecord& call);
  /// To be called when the machine may have a new deadline.
  void reschedule(const CallRecord& call) { deadlines_.set(call.id, call.machine.deadline()); }

  CallRecord* find(const std::string& id);
  /// Any call between the two, whoever called.
  CallRecord* between(SessionId one, SessionId other);
  /// The ids of a session's calls.
  std::vector<std::string> of(SessionId session) const;
  bool busy(SessionId session) const { return by_session_.contains(session); }

  std::vector<std::string> due(Instant now) const { return deadlines_.due(now); }
  std::optional<Instant> nextDeadline() const { return deadlines_.next(); }
  /// Calls that are not connected yet.
  std::vector<std::string> beingSetUp() const;

 private:
  void forget(SessionId session, const std::string& call);

  std::unordered_map<std::string, CallRecord> calls_;
  std::unordered_map<SessionId, std::set<std::string>> by_session_;
  Deadlines<std::string> deadlines_;
};

}  // namespace rtc::signaling
