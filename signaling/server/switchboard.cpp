// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/switchboard.hpp"

#include <utility>

namespace rtc::signaling {

namespace {

/// A lost connection misses at most a few candidates and an end: one that misses more is not coming back.
constexpr std::size_t kMaxMissed = 128;

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

}  // namespace

void Switchboard::send(Session& to, ServerMessage message) {
  if (to.client) {
    outgoing_.push_back({*to.client, std::move(message)});
  } else if (to.missed.size() < kMaxMissed) {
    to.missed.push_back(std::move(message));
  } else {
    users_.expire(to, now());
  }
}

void Switchboard::disconnect(ClientId client, CloseCode code, std::string reason) {
  outgoing_.push_back({client, Disconnect{code, std::move(reason)}});
}

void Switchboard::replyAt(std::size_t mark, ClientId client, ServerMessage message) {
  outgoing_.insert(outgoing_.begin() + static_cast<std::ptrdiff_t>(mark), Outgoing{client, std::move(message)});
}

CallRecord& Switchboard::open(std::string id, Session& caller, Session& callee, const Media& media) {
  CallRecord& call = calls_.add({std::move(id), caller.id, callee.id, CallMachine(timers_, now()), {}, {}});
  if (callee.dialect == Dialect::Full) {
    send(callee, IncomingCall{call.id, caller.name, media});
  } else {
    apply(call, Party::Callee, call_event::PickUp{});
  }
  return call;
}

bool Switchboard::apply(CallRecord& call, Party by, const CallEvent& event) {
  const bool was_accepted = call.machine.relays();
  const CallStep step = call.machine.on(by, event, now());
  if (step.refused) return false;
  const bool accepted = !was_accepted && call.machine.relays();
  settle(call, step);
  if (accepted) speakForBookClients(call);
  return true;
}

void Switchboard::settle(CallRecord& call, const CallStep& step) {
  for (const auto& notice : step.notices) tell(call, notice);
  if (call.machine.ended()) {
    calls_.remove(call);
  } else {
    calls_.reschedule(call);
  }
}

void Switchboard::tell(const CallRecord& call, const CallNotice& notice) {
  Session* to = users_.byId(call.session(notice.to));
  if (to == nullptr) return;
  const std::string from = nameOf(call.session(otherThan(notice.to)));
  const bool full = to->dialect == Dialect::Full;
  switch (notice.kind) {
    case CallNotice::Kind::Ringing:
      if (full) send(*to, PeerRinging{call.id, from});
      break;
    case CallNotice::Kind::Accepted:
      if (full) send(*to, PeerAccepted{call.id, from});
      break;
    case CallNotice::Kind::Ended:
      if (full) {
        send(*to, Ended{call.id, notice.reason, notice.by ? nameOf(call.session(*notice.by)) : ""});
      } else {
        send(*to, BookLeave{});
      }
      break;
  }
}

void Switchboard::speakForBookClients(CallRecord& call) {
  for (const Party party : {Party::Caller, Party::Callee}) {
    const Session* session = users_.byId(call.session(party));
    // Whether its media flows it has no word for; the other party's word counts for both.
    if (session != nullptr && session->dialect != Dialect::Full) apply(call, party, call_event::Connect{});
  }
  if (call.held_offer.text.empty()) return;
  relay(call, Party::Caller, {Payload::Kind::Offer, std::exchange(call.held_offer, {})});
  for (const auto& candidate : std::exchange(call.held_candidates, {})) {
    relay(call, Party::Caller, {Payload::Kind::Candidate, candidate});
  }
}

void Switchboard::relay(CallRecord& call, Party from, const Payload& payload) {
  Session* to = users_.byId(call.session(otherThan(from)));
  if (to == nullptr) return;
  const std::string name = nameOf(call.session(from));
  if (to->dialect == Dialect::Full) {
    send(*to, fullMessage(payload, call.id, name));
    return;
  }
  // The book's client makes an RTCIceCandidate of whatever comes, which throws for null.
  const bool end_of_candidates = payload.kind == Payload::Kind::Candidate && payload.json.text == "null";
  if (!end_of_candidates) send(*to, bookMessage(payload, name));
}

Session* Switchboard::reachable(const std::string& name) {
  Session* session = users_.byName(name);
  return session != nullptr && session->client ? session : nullptr;
}

bool Switchboard::busy(const Session& session) {
  return calls_.busy(session.id) || users_.byId(session.book_peer) != nullptr;
}

void Switchboard::detach(Session& session) {
  for (const auto& id : calls_.of(session.id)) {
    CallRecord* call = calls_.find(id);
    if (call != nullptr) apply(*call, *call->partyOf(session.id), call_event::Detach{});
  }
  if (calls_.busy(session.id)) {
    users_.detach(session, now() + timers_.resume);
  } else {
    users_.remove(session);
  }
}

void Switchboard::drop(Session& session) {
  for (const auto& id : calls_.of(session.id)) {
    CallRecord* call = calls_.find(id);
    if (call != nullptr) apply(*call, *call->partyOf(session.id), call_event::Vanish{});
  }
  users_.remove(session);
}

void Switchboard::tick() {
  for (const auto& id : calls_.due(now())) {
    CallRecord* call = calls_.find(id);
    if (call != nullptr) settle(*call, call->machine.tick(now()));
  }
  for (const auto id : users_.due(now())) {
    if (Session* session = users_.byId(id)) drop(*session);
  }
}

std::optional<Instant> Switchboard::nextDeadline() const {
  const auto call = calls_.nextDeadline();
  const auto session = users_.nextDeadline();
  if (!call || !session) return call ? call : session;
  return std::min(*call, *session);
}

std::vector<Outgoing> Switchboard::takeOutgoing() {
  return std::exchange(outgoing_, {});
}

std::string Switchboard::nameOf(SessionId session) {
  const Session* known = users_.byId(session);
  return known != nullptr ? known->name : "";
}

}  // namespace rtc::signaling
