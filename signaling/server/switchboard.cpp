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
  if (!other) {
    if (backplane_ != nullptr) backplane_->send(0, CallClaimed{session.id, session.counts, session.name, claim});
    return;
  }
  const Session* waiting = users_.byId(other->by);
  if (other->left || waiting == nullptr) {
    mail_.send(session, Ended{claim.call, other->left.value_or(Reason::PeerLost), claim.with});
    return;
  }
  takeUp({session.id, session.name, claim, {}}, *other);
}

void Switchboard::takeUp(const Reattachments::Claim& one, const Reattachments::Claim& other) {
  const bool calls = one.what.role == CallRole::Caller;
  const auto& caller = calls ? one : other;
  const auto& callee = calls ? other : one;
  ++counters_.calls_reattached;
  calls_.add({.id = one.what.call,
              .caller = caller.by,
              .callee = callee.by,
              .caller_name = caller.user,
              .callee_name = callee.user,
              .dialled = callee.user,
              .machine = CallMachine::reattached(timers_)});
  presence_.touch(caller.user);
  presence_.touch(callee.user);
}

bool Switchboard::leaveClaim(const Session& session, const std::string& call, Reason reason) {
  return claims_.leave(session.id, call, reason);
}

// --- Users -----------------------------------------------------------------------------------------------------------

bool Switchboard::reachable(const std::string& user) {
  if (std::ranges::any_of(users_.devicesOf(user), [&](SessionId id) { return users_.byId(id)->takesCalls(); })) {
    return true;
  }
  return backplane_ != nullptr && std::ranges::any_of(backplane_->elsewhere(user),
                                                      [](const auto& there) { return !there.record.devices.empty(); });
}

bool Switchboard::busy(const Session& session) {
  return calls_.busy(session.id) || couriers_.busy(session.id) || users_.byId(session.book_peer) != nullptr;
}

bool Switchboard::userBusyHere(const std::string& user) {
  return std::ranges::any_of(users_.devicesOf(user), [&](SessionId id) { return busy(*users_.byId(id)); });
}

bool Switchboard::userBusy(const std::string& user) {
  if (userBusyHere(user)) return true;
  return backplane_ != nullptr &&
         std::ranges::any_of(backplane_->elsewhere(user), [](const auto& there) { return there.record.busy; });
}

PresenceState Switchboard::presenceOf(const std::string& user) {
  auto best = presenceHere(user);
  if (backplane_ == nullptr) return best;
  for (const auto& there : backplane_->elsewhere(user)) best = std::max(best, there.record.seen);
  return best;
}

PresenceState Switchboard::presenceHere(const std::string& user) {
  const auto seen = [&](SessionId id) {
    const Session* device = users_.byId(id);
    return device->visible && device->client;
  };
  if (std::ranges::none_of(users_.devicesOf(user), seen)) return PresenceState::Offline;
  return userBusyHere(user) ? PresenceState::Busy : PresenceState::Online;
}

UserRecord Switchboard::recordOf(const std::string& user) {
  UserRecord record{.user = user, .seen = presenceHere(user), .busy = userBusyHere(user), .devices = {}, .groups = {}};
  for (const auto id : users_.devicesOf(user)) {
    const Session& device = *users_.byId(id);
    if (device.dialect != Dialect::Full || !device.takesCalls()) continue;
    record.devices.push_back({device.id, device.counts});
    record.groups.insert(record.groups.end(), device.groups.begin(), device.groups.end());
  }
  std::ranges::sort(record.groups);
  record.groups.erase(std::unique(record.groups.begin(), record.groups.end()), record.groups.end());
  return record;
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
  tellOwners(session, DeviceChanged::How::Lost);
  if ((calls_.busy(session.id) || couriers_.busy(session.id)) && !session.outbox.overflown()) {
    users_.detach(session, now() + timers_.resume);
  } else {
    drop(session);
  }
}

void Switchboard::comeBack(Session& session) {
  applyToAll(session.id, call_event::Resume{});
  tellOwners(session, DeviceChanged::How::Back);
}

void Switchboard::drop(Session& session) {
  applyToAll(session.id, call_event::Vanish{});
  tellOwners(session, DeviceChanged::How::Gone);
  remove(session);
}

void Switchboard::remove(Session& session) {
  presence_.touch(session.name);
  presence_.forget(session.id);
  claims_.forget(session.id);
  couriers_.forget(session.id);
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
  auto record = recordOf(user);
  const auto known = announced_.find(user);
  if (known == announced_.end() ? record.gone() : known->second == record) return;
  backplane_->announce(record);
  if (record.gone()) {
    announced_.erase(known);
  } else {
    announced_[user] = std::move(record);
  }
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
  auto outgoing = mail_.take();
  if (backplane_ != nullptr) releaseGuests();
  return outgoing;
}

}  // namespace rtc::signaling
