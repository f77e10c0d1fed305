// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of the service, by id and by party.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "signaling/protocol/call_machine.hpp"
#include "signaling/server/backplane.hpp"
#include "signaling/server/deadlines.hpp"
#include "signaling/server/hunt.hpp"
#include "signaling/server/ring.hpp"

namespace rtc::signaling {

struct CallRecord {
  std::string id;
  SessionId caller = 0;
  SessionId callee = 0;  ///< the device that took it; nobody while it rings
  std::string caller_name;
  std::string callee_name;  ///< while a group's call rings: the group
  std::string dialled;      ///< what the caller asked for
  CallMachine machine;
  Media media = {};
  Ring ring = {};
  std::optional<Hunt> hunt = {};  ///< of a call to a group
  std::set<RemoteDevice> rung_elsewhere = {};
  /// What a book caller said before the acceptance, for which the book knows no wait.
  Json held_offer = {};
  std::vector<Json> held_candidates = {};

  SessionId session(Party party) const { return party == Party::Caller ? caller : callee; }
  const std::string& name(Party party) const { return party == Party::Caller ? caller_name : callee_name; }
  std::optional<Party> partyOf(SessionId session) const;
  /// Nobody has taken it yet.
  bool rings() const { return callee == 0; }
  /// The user whose devices ring.
  const std::string& ringsAt() const { return hunt ? hunt->member() : callee_name; }
  std::optional<Instant> deadline() const;
};

class CallTable {
 public:
  struct Part {
    SessionId session = 0;
    std::string call;
  };

  /// `notes_ends`: of whoever is in a call no more.
  explicit CallTable(bool notes_ends) : notes_ends_(notes_ends) {}

  /// References stay good until the call is removed.
  CallRecord& add(CallRecord call);
  void remove(const CallRecord& call);
  /// To be called when the call may have a new deadline.
  void reschedule(const CallRecord& call) { deadlines_.set(call.id, call.deadline()); }

  /// It rings on this device, too, or no more.
  void ringOn(CallRecord& call, SessionId device);
  void ringNoMoreOn(CallRecord& call, SessionId device, bool busy = false);
  /// It rings nowhere any more.
  void silence(CallRecord& call);
  /// The device takes it.
  void take(CallRecord& call, SessionId device);

  CallRecord* find(const std::string& id);
  /// A call of the session with this user, whoever called.
  CallRecord* between(SessionId session, const std::string& user);
  /// The ids of the calls in which the session is, or which ring on it.
  std::vector<std::string> of(SessionId session) const;
  /// The ids of the calls that ring at the user.
  std::vector<std::string> ringingAt(const std::string& user) const;
  /// Puts the call under the user at whom it rings; nobody if that is over.
  void setRingingAt(const CallRecord& call, const std::string& user);
  bool busy(SessionId session) const { return by_session_.contains(session); }
  std::size_t size() const { return calls_.size(); }
  /// Who was a party of what, since.
  std::vector<Part> takeEnds() { return std::exchange(ends_, {}); }

  std::vector<std::string> due(Instant now) const { return deadlines_.due(now); }
  std::optional<Instant> nextDeadline() const { return deadlines_.next(); }
  /// Calls that are not connected yet.
  std::vector<std::string> beingSetUp() const;

 private:
  void involve(SessionId session, const std::string& call) { by_session_[session].insert(call); }
  void forget(SessionId session, const std::string& call);

  const bool notes_ends_;
  std::vector<Part> ends_;
  std::unordered_map<std::string, CallRecord> calls_;
  std::unordered_map<SessionId, std::set<std::string>> by_session_;
  std::unordered_map<std::string, std::set<std::string>> ringing_at_;
  std::unordered_map<std::string, std::string> rings_at_;
  Deadlines<std::string> deadlines_;
};

}  // namespace rtc::signaling
