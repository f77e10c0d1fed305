// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/book_dialect.hpp"

#include <utility>

#include "signaling/protocol/message_type.hpp"
#include "signaling/server/names.hpp"

namespace rtc::signaling {

namespace {

/// Of a book caller before the acceptance. More than a browser with a few interfaces gathers.
constexpr std::size_t kMaxHeldCandidates = 64;
/// Of all of them: they come to the callee at once.
constexpr std::size_t kMaxHeldBytes = 64 * 1024;

bool hasRoomFor(const std::vector<Json>& held, const Json& candidate) {
  std::size_t bytes = candidate.text.size();
  for (const auto& each : held) bytes += each.text.size();
  return held.size() < kMaxHeldCandidates && bytes <= kMaxHeldBytes;
}

}  // namespace

void BookDialect::login(Session& sender, const Login& login) {
  const std::string before = sender.name;
  const bool free = desk_.logInByTheBook(sender, login.name);
  if (!free) ++board_.counters().logins_refused;
  board_.presence().touch(before);
  board_.presence().touch(sender.name);
  board_.mail().send(sender, BookLogin{free});
}

void BookDialect::handle(Session& sender, const ClientBody& body) {
  // The book relays for everybody; where names are proved, nobody speaks without one.
  if (sender.name.empty() && !desk_.open()) return;
  std::visit([&](const auto& message) { on(sender, message); }, body);
}

template <typename Message>
void BookDialect::on(Session& sender, const Message& message) {
  board_.mail().send(sender, BookError{"Unrecognized command: " + std::string(typeOf(message))});
}

void BookDialect::on(Session& sender, const Offer& offer) {
  describe(sender, offer.name, {Payload::Kind::Offer, offer.offer});
}

void BookDialect::on(Session& sender, const Answer& answer) {
  describe(sender, answer.name, {Payload::Kind::Answer, answer.answer});
}

void BookDialect::describe(Session& sender, const std::string& name, const Payload& payload) {
  Session* peer = board_.users().byName(name);
  if (peer == nullptr) return;
  if (peer->dialect == Dialect::Full) {
    passToFull(sender, name, payload);
    return;
  }
  turnTo(sender, name);
  sender.book_peer = peer->id;
  if (payload.kind == Payload::Kind::Offer) {
    board_.mail().send(*peer, BookOffer{sender.name, payload.json});
  } else {
    board_.mail().send(*peer, BookAnswer{payload.json});
  }
}

void BookDialect::on(Session& sender, const Candidate& candidate) {
  Session* peer = board_.users().byName(candidate.name);
  if (peer == nullptr) return;
  if (peer->dialect == Dialect::Full) {
    passToFull(sender, candidate.name, {Payload::Kind::Candidate, candidate.candidate});
  } else {
    board_.mail().send(*peer, BookCandidate{candidate.candidate});
  }
}

void BookDialect::passToFull(Session& sender, const std::string& peer, const Payload& payload) {
  // A full client is always told who speaks, and something.
  if (sender.name.empty() || payload.json.text.empty()) return;
  CallRecord* call = board_.calls().between(sender.id, peer);
  if (call == nullptr) {
    if (payload.kind == Payload::Kind::Offer) callFull(sender, peer, payload.json);
    return;
  }
  const Party party = *call->partyOf(sender.id);
  const bool wrong_way = payload.kind == (party == Party::Caller ? Payload::Kind::Answer : Payload::Kind::Offer);
  if (wrong_way) return;
  if (call->machine.relays()) {
    board_.relay(*call, party, payload);
  } else if (payload.kind == Payload::Kind::Offer) {
    call->held_offer = payload.json;
  } else if (hasRoomFor(call->held_candidates, payload.json)) {
    call->held_candidates.push_back(payload.json);
  }
}

void BookDialect::callFull(Session& sender, const std::string& callee, const Json& offer) {
  if (draining_ || sender.expired || !sender.may.call || !board_.reachable(callee)) return;
  if (rates_.take(sender.name, board_.now()) > Duration{0}) {
    ++board_.counters().calls_limited;
    board_.mail().send(sender, BookLeave{});
    return;
  }
  turnTo(sender, callee);
  sender.book_peer = 0;
  board_.open(board_.randomness().token(), sender, callee, Media{}).held_offer = offer;
}

void BookDialect::turnTo(Session& sender, const std::string& peer) {
  for (const auto& id : board_.calls().of(sender.id)) {
    CallRecord* call = board_.calls().find(id);
    const auto party = call != nullptr ? call->partyOf(sender.id) : std::nullopt;
    if (!party || call->name(otherThan(*party)) == peer) continue;
    board_.apply(*call, sender.id, call_event::HangUp{Reason::Replaced});
  }
}

void BookDialect::on(Session& sender, const Leave& leave) {
  Session* peer = board_.users().byName(leave.name);
  if (peer == nullptr) return;
  if (peer->dialect != Dialect::Full) {
    sayLeave(sender, *peer);
    return;
  }
  CallRecord* call = board_.calls().between(sender.id, leave.name);
  if (call != nullptr) board_.apply(*call, sender.id, call_event::HangUp{});
}

void BookDialect::sayLeave(Session& sender, Session& peer) {
  if (sender.book_peer == peer.id) sender.book_peer = 0;
  const bool talks_with_sender = peer.book_peer == sender.id;
  if (!talks_with_sender && board_.busy(peer)) return;
  peer.book_peer = 0;
  board_.mail().send(peer, BookLeave{});
}

void BookDialect::closed(Session& session) {
  Session* peer = board_.users().byId(session.book_peer);
  if (peer != nullptr && peer != &session && !session.name.empty()) sayLeave(session, *peer);
  board_.drop(session);
}

}  // namespace rtc::signaling
