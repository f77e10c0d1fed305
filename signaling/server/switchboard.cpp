// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace rtc::signaling {

namespace {

ServerMessage bookMessage(const Payload& payload, const std::string& from) {
  switch (payload.kind) {
    case Payload::Kind::Offer:
      return BookOffer{from, payload.json};
    case Payload::Kind::Answer:
      return BookAnswer{payload.json};
    case Payload::Kind::Candidate:
      break;
  }
  return BookCandidate{payload.json};
}

ServerMessage fullMessage(const Payload& payload, const std::string& call, const std::string& from) {
  switch (payload.kind) {
    case Payload::Kind::Offer:
      return PeerOffer{call, from, payload.json};
    case Payload::Kind::Answer:
      return PeerAnswer{call, from, payload.json};
    case Payload::Kind::Candidate:
      break;
  }
  return PeerCandidate{call, from, payload.json};
}

/// The callee was never asked, or never answered: it may want to call back.
bool leavesMissedCall(Reason reason) {
  return reason == Reason::Timeout || reason == Reason::Cancelled || reason == Reason::Unavailable;
}

std::optional<Instant> earliest(std::initializer_list<std::optional<Instant>> deadlines) {
  std::optional<Instant> first;
  for (const auto& each : deadlines) {
    if (each && (!first || *each < *first)) first = each;
  }
  return first;
}

}  // namespace

// --- A call ----------------------------------------------------------------------------------------------------------

CallRecord& Switchboard::open(std::string id, Session& caller, const std::string& callee, const Media& media) {
  CallRecord& call = calls_.add({.id = std::move(id),
                                 .caller = caller.id,
                                 .caller_name = caller.name,
                                 .callee_name = callee,
                                 .dialled = callee,
                                 .machine = CallMachine(timers_, now()),
                                 .media = media});
  ++counters_.calls;
  presence_.touch(caller.name);
  ringAt(call, callee);
  return call;
}

bool Switchboard::apply(CallRecord& call, SessionId by, const CallEvent& event) {
  const Party party = *call.partyOf(by);
  return party == Party::Callee && call.rings() ? applyByDevice(call, by, event) : step(call, party, event);
}

bool Switchboard::step(CallRecord& call, Party by, const CallEvent& event) {
  const bool was_accepted = call.machine.relays();
  const bool was_connected = call.machine.state() == CallState::Connected;
  const CallStep step = call.machine.on(by, event, now());
  if (step.refused) return false;
  const bool accepted = !was_accepted && call.machine.relays();
  if (!was_connected && call.machine.state() == CallState::Connected) ++counters_.calls_connected;
  settle(call, step);
  if (!accepted) return true;
  ++counters_.calls_accepted;
  giveTickets(call);
  speakForBookClients(call);
  return true;
}

void Switchboard::settle(CallRecord& call, const CallStep& step) {
  for (const auto& notice : step.notices) tell(call, notice);
  presence_.touch(call.caller_name);
  presence_.touch(call.ringsAt());
  presence_.touch(call.callee_name);
  if (call.machine.ended()) {
    noteEnd(call, step.notices.front().reason);
    calls_.remove(call);
  } else {
    calls_.reschedule(call);
  }
}

void Switchboard::noteEnd(const CallRecord& call, Reason reason) {
  ++counters_.calls_ended[static_cast<std::size_t>(reason)];
  if (!call.rings() || call.hunt || !leavesMissedCall(reason)) return;
  ++counters_.missed_calls;
  missed_.record(call.callee_name, call.caller_name, call.id, now());
}

void Switchboard::tell(const CallRecord& call, const CallNotice& notice) {
  if (notice.to == Party::Callee && call.rings()) {
    for (const auto device : call.ring.devices()) {
      if (const Session* to = users_.byId(device)) tell(call, notice, *to);
    }
  } else if (const Session* to = users_.byId(call.session(notice.to))) {
    tell(call, notice, *to);
  }
}

void Switchboard::tell(const CallRecord& call, const CallNotice& notice, const Session& to) {
  const std::string& from = call.name(otherThan(notice.to));
  const bool full = to.dialect == Dialect::Full;
  switch (notice.kind) {
    case CallNotice::Kind::Ringing:
      if (full) mail_.send(to, PeerRinging{call.id, from});
      break;
    case CallNotice::Kind::Accepted:
      if (full) mail_.send(to, PeerAccepted{call.id, from});
      break;
    case CallNotice::Kind::Ended:
      if (full) {
        mail_.send(to, Ended{call.id, notice.reason, notice.by ? call.name(*notice.by) : ""});
      } else {
        mail_.send(to, BookLeave{});
      }
      break;
  }
}

void Switchboard::giveTickets(const CallRecord& call) {
  const Session* caller = users_.byId(call.caller);
  const Session* callee = users_.byId(call.callee);
  // Of what use is a ticket whose other half nobody has?
  if (caller == nullptr || callee == nullptr || !caller->counts || !callee->counts) return;
  const std::string secret = randomness_.token();
  mail_.send(*caller, Ticket{call.id, call.callee_name, CallRole::Caller, secret});
  mail_.send(*callee, Ticket{call.id, call.caller_name, CallRole::Callee, secret});
}

void Switchboard::speakForBookClients(CallRecord& call) {
  for (const Party party : {Party::Caller, Party::Callee}) {
    const Session* session = users_.byId(call.session(party));
    // Whether its media flows it has no word for; the other party's word counts for both.
    if (session != nullptr && session->dialect != Dialect::Full) step(call, party, call_event::Connect{});
  }
  if (call.held_offer.text.empty()) return;
  relay(call, Party::Caller, {Payload::Kind::Offer, std::exchange(call.held_offer, {})});
  for (const auto& candidate : std::exchange(call.held_candidates, {})) {
    relay(call, Party::Caller, {Payload::Kind::Candidate, candidate});
  }
}

void Switchboard::relay(CallRecord& call, Party from, const Payload& payload) {
  const Session* to = users_.byId(call.session(otherThan(from)));
  if (to == nullptr) return;
  const std::string& name = call.name(from);
  if (to->dialect == Dialect::Full) {
    mail_.send(*to, fullMessage(payload, call.id, name));
    return;
  }
  // The book's client makes an RTCIceCandidate of whatever comes, which throws for null.
  const bool end_of_candidates = payload.kind == Payload::Kind::Candidate && payload.json.text == "null";
  if (!end_of_candidates) mail_.send(*to, bookMessage(payload, name));
}

void Switchboard::askCaller(const CallRecord& call, int connection) {
  const Session* caller = users_.byId(call.caller);
  // A book client has no word for it. Its call ends when the callee gives up.
  if (caller == nullptr || caller->dialect != Dialect::Full) return;
  mail_.send(*caller, PeerReconnects{call.id, call.callee_name, connection});
}

// --- Calls of an earlier life ----------------------------------------------------------------------------------------

void Switchboard::reattach(Session& session, const Reattach& claim) {
  const auto other = claims_.claim({session.id, session.name, claim, {}}, now() + timers_.reattach);
  if (!other) return;
  const Session* waiting = users_.byId(other->by);
  if (other->left || waiting == nullptr) {
    mail_.send(session, Ended{claim.call, other->left.value_or(Reason::PeerLost), claim.with});
    return;
  }
  const bool calls = claim.role == CallRole::Caller;
  ++counters_.calls_reattached;
  CallRecord& call = calls_.add({.id = claim.call,
                                 .caller = calls ? session.id : other->by,
                                 .callee = calls ? other->by : session.id,
                                 .caller_name = calls ? session.name : other->user,
                                 .callee_name = calls ? other->user : session.name,
                                 .dialled = calls ? other->user : session.name,
                                 .machine = CallMachine::reattached(timers_)});
  presence_.touch(call.caller_name);
  presence_.touch(call.callee_name);
}

bool Switchboard::leaveClaim(const Session& session, const std::string& call, Reason reason) {
  return claims_.leave(session.id, call, reason);
}

// --- Users -----------------------------------------------------------------------------------------------------------

bool Switchboard::reachable(const std::string& user) {
  return std::ranges::any_of(users_.devicesOf(user), [&](SessionId id) { return users_.byId(id)->takesCalls(); });
}

bool Switchboard::busy(const Session& session) {
  return calls_.busy(session.id) || users_.byId(session.book_peer) != nullptr;
}

bool Switchboard::userBusy(const std::string& user) {
  return std::ranges::any_of(users_.devicesOf(user), [&](SessionId id) { return busy(*users_.byId(id)); });
}

PresenceState Switchboard::presenceOf(const std::string& user) {
  const auto here = presenceHere(user);
  return backplane_ != nullptr ? std::max(here, backplane_->elsewhere(user)) : here;
}

PresenceState Switchboard::presenceHere(const std::string& user) {
  const auto seen = [&](SessionId id) {
    const Session* device = users_.byId(id);
    return device->visible && device->client;
  };
  if (std::ranges::none_of(users_.devicesOf(user), seen)) return PresenceState::Offline;
  return userBusy(user) ? PresenceState::Busy : PresenceState::Online;
}

void Switchboard::applyToAll(SessionId session, const CallEvent& event) {
  for (const auto& id : calls_.of(session)) {
    CallRecord* call = calls_.find(id);
    if (call != nullptr && call->partyOf(session)) apply(*call, session, event);
  }
}

void Switchboard::detach(Session& session) {
  presence_.touch(session.name);
  applyToAll(session.id, call_event::Detach{});
  if (calls_.busy(session.id) && !session.outbox.overflown()) {
    users_.detach(session, now() + timers_.resume);
  } else {
    drop(session);
  }
}

void Switchboard::drop(Session& session) {
  applyToAll(session.id, call_event::Vanish{});
  remove(session);
}

void Switchboard::remove(Session& session) {
  presence_.touch(session.name);
  presence_.forget(session.id);
  claims_.forget(session.id);
  const std::string user = session.name;
  users_.remove(session);
  if (users_.devicesOf(user).empty()) last_rung_.erase(user);
}

// --- Time ------------------------------------------------------------------------------------------------------------

void Switchboard::tick() {
  for (const auto& id : calls_.due(now())) {
    CallRecord* call = calls_.find(id);
    if (call == nullptr) continue;
    const auto step = call->machine.tick(now());
    if (!step.notices.empty()) {
      settle(*call, step);
    } else if (call->hunt && call->rings()) {
      call->hunt->stayedSilent();
      tellDevices(*call, 0, Reason::Timeout, "");
      ringNext(*call);
    }
  }
  for (const auto id : users_.due(now())) {
    if (Session* session = users_.byId(id)) drop(*session);
  }
  for (const auto& claim : claims_.takeDue(now())) {
    const Session* by = users_.byId(claim.by);
    if (by != nullptr && !claim.left) mail_.send(*by, Ended{claim.what.call, Reason::PeerLost, claim.what.with});
  }
}

std::optional<Instant> Switchboard::nextDeadline() const {
  return earliest({calls_.nextDeadline(), users_.nextDeadline(), claims_.nextDeadline()});
}

void Switchboard::announce(const std::string& user) {
  const auto state = presenceHere(user);
  const auto known = announced_.find(user);
  if (state == (known != announced_.end() ? known->second : PresenceState::Offline)) return;
  if (state == PresenceState::Offline) {
    announced_.erase(known);
  } else {
    announced_[user] = state;
  }
  backplane_->announce({user, state});
}

void Switchboard::tellPresence() {
  for (const auto& user : presence_.takeTouched()) {
    if (backplane_ != nullptr) announce(user);
    const auto state = presenceOf(user);
    if (!presence_.tells(user, state)) continue;
    for (const auto watcher : presence_.watchersOf(user)) {
      if (const Session* to = users_.byId(watcher)) mail_.send(*to, PresenceChanged{{user, state}});
    }
  }
}

std::vector<Outgoing> Switchboard::takeOutgoing() {
  tellPresence();
  return mail_.take();
}

}  // namespace rtc::signaling
