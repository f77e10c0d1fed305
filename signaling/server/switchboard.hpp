// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The users, their calls, and what passes between them, in whichever dialect each of them speaks. The dialects say what
// a message asks for; the switchboard does it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/server/call_table.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/randomness.hpp"
#include "signaling/server/registry.hpp"

namespace rtc::signaling {

/// What the parties of a call send each other.
struct Payload {
  enum class Kind { Offer, Answer, Candidate };
  Kind kind;
  Json json;
};

class Switchboard {
 public:
  Switchboard(const Clock& clock, Randomness& randomness, CallTimers timers)
      : clock_(clock), randomness_(randomness), timers_(timers) {}

  Registry& users() { return users_; }
  CallTable& calls() { return calls_; }
  const CallTable& calls() const { return calls_; }
  Randomness& randomness() { return randomness_; }
  Instant now() const { return clock_.now(); }

  /// Says it now, or, to a lost connection, once it is back.
  void send(Session& to, ServerMessage message);
  void disconnect(ClientId client, CloseCode code, std::string reason);
  /// The reply to a request: it comes before all that the request has caused since `mark`.
  void replyAt(std::size_t mark, ClientId client, ServerMessage message);
  std::size_t mark() const { return outgoing_.size(); }

  /// Makes a call and tells a callee who rings; a book client is let answer by itself.
  CallRecord& open(std::string id, Session& caller, Session& callee, const Media& media);
  /// False: the event does not fit, nothing happened. The record is gone if this ended the call.
  bool apply(CallRecord& call, Party by, const CallEvent& event);
  /// The service ends the call.
  void end(CallRecord& call, Reason reason) { settle(call, call.machine.end(reason)); }
  void relay(CallRecord& call, Party from, const Payload& payload);
  /// A user who can be called, or nobody.
  Session* reachable(const std::string& name);
  bool busy(const Session& session);

  /// A full client's connection is lost: its calls that are set up wait for it.
  void detach(Session& session);
  /// The client is gone for good, and with it its calls.
  void drop(Session& session);
  void tick();
  std::optional<Instant> nextDeadline() const;

  std::vector<Outgoing> takeOutgoing();

 private:
  void settle(CallRecord& call, const CallStep& step);
  void tell(const CallRecord& call, const CallNotice& notice);
  /// After an acceptance: what a book client cannot say itself.
  void speakForBookClients(CallRecord& call);
  std::string nameOf(SessionId session);

  const Clock& clock_;
  Randomness& randomness_;
  CallTimers timers_;
  Registry users_;
  CallTable calls_;
  std::vector<Outgoing> outgoing_;
};

}  // namespace rtc::signaling
