// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/full_dialect.hpp"

#include <algorithm>

#include "signaling/server/names.hpp"

namespace rtc::signaling {

namespace {

constexpr auto kNameRule = "a name has 1 to 64 bytes and no control characters";
constexpr auto kCallIdRule = "a call id has 1 to 64 characters of A-Z a-z 0-9 _ -";

/// Without an id nobody waits for the reply, and these two are what late messages meet in every honest race.
bool worthTelling(const std::string& id, ErrorCode code) {
  return !id.empty() || (code != ErrorCode::NoSuchCall && code != ErrorCode::WrongState);
}

}  // namespace

// --- Requests and replies --------------------------------------------------------------------------------------------

void FullDialect::handle(Session& sender, const ClientMessage& message) {
  const ClientId client = *sender.client;
  const std::size_t mark = board_.mark();
  reply(mark, client, message.id,
        std::visit([&](const auto& body) -> Answer { return on(sender, body); }, message.body));
}

void FullDialect::reply(std::size_t mark, ClientId client, const std::string& id, Answer answer) {
  if (auto* refusal = std::get_if<Refusal>(&answer)) {
    if (worthTelling(id, refusal->code)) {
      board_.replyAt(mark, client, RequestError{id, refusal->code, std::move(refusal->message)});
    }
  } else if (auto& body = std::get<OkBody>(answer); !id.empty() || body.index() != 0) {
    board_.replyAt(mark, client, Ok{id, std::move(body)});
  }
}

void FullDialect::refuseStranger(const Session& sender, const std::string& id) {
  reply(board_.mark(), *sender.client, id, Refusal{ErrorCode::NotLoggedIn, "log in first"});
}

FullDialect::Answer FullDialect::on(Session&, const Unrecognized& message) {
  return Refusal{ErrorCode::BadRequest, message.problem};
}

// --- Logins ----------------------------------------------------------------------------------------------------------

void FullDialect::login(ClientId client, const std::string& id, const Login& login) {
  const std::size_t mark = board_.mark();
  reply(mark, client, id, logIn(client, login));
}

FullDialect::Answer FullDialect::on(Session& sender, const Login&) {
  return Refusal{ErrorCode::WrongState, "this connection is logged in as " + sender.name};
}

FullDialect::Answer FullDialect::logIn(ClientId client, const Login& login) {
  Session& stranger = *board_.users().byClient(client);
  if (stranger.dialect != Dialect::Unknown) return on(stranger, login);
  if (login.version != kProtocolVersion) {
    return Refusal{ErrorCode::Version, "this service speaks version " + std::to_string(kProtocolVersion)};
  }
  if (!validName(login.name)) return Refusal{ErrorCode::BadRequest, kNameRule};
  Session* known = login.resume.empty() ? nullptr : board_.users().byResume(login.resume);
  if (known != nullptr && known->name == login.name) return takeUp(*known, client);
  if (board_.users().byName(login.name) != nullptr) {
    return Refusal{ErrorCode::NameTaken, "the name " + login.name + " is taken"};
  }
  stranger.dialect = Dialect::Full;
  board_.users().rename(stranger, login.name);
  return welcome(stranger, false);
}

LoggedIn FullDialect::takeUp(Session& session, ClientId client) {
  // The client knows of the loss before we do: its old connection looks alive from here.
  if (session.client) board_.disconnect(*session.client, CloseCode::Resumed, "resumed over another connection");
  board_.users().reattach(session, client);
  for (const auto& id : board_.calls().of(session.id)) {
    CallRecord* call = board_.calls().find(id);
    board_.apply(*call, *call->partyOf(session.id), call_event::Resume{});
  }
  for (auto& message : std::exchange(session.missed, {})) board_.send(session, std::move(message));
  return welcome(session, true);
}

LoggedIn FullDialect::welcome(Session& session, bool resumed) {
  board_.users().setResume(session, board_.randomness().token());
  return {session.name, session.resume, ice_servers_, resumed};
}

FullDialect::Answer FullDialect::on(Session& sender, const ListUsers&) {
  UserList list;
  for (const auto& [id, session] : board_.users().all()) {
    const bool listed = id != sender.id && session.client && !session.name.empty();
    if (listed) list.users.push_back({session.name, board_.busy(session)});
  }
  std::ranges::sort(list.users, {}, &User::name);
  return OkBody(std::move(list));
}

// --- Calls -----------------------------------------------------------------------------------------------------------

FullDialect::Answer FullDialect::on(Session& sender, const Call& call) {
  if (auto refusal = whyNot(sender, call)) return *refusal;
  if (board_.calls().find(call.call) != nullptr) return OkBody();
  Session& callee = *board_.reachable(call.to);
  if (callee.dialect == Dialect::Book && board_.busy(callee)) {
    board_.send(sender, Ended{call.call, Reason::Busy, callee.name});
  } else if (losesGlare(sender, callee, call.call)) {
    board_.send(sender, Ended{call.call, Reason::GlareLost, ""});
  } else {
    board_.open(call.call, sender, callee, call.media);
  }
  return OkBody();
}

std::optional<FullDialect::Refusal> FullDialect::whyNot(Session& sender, const Call& call) {
  if (!validCallId(call.call)) return Refusal{ErrorCode::BadRequest, kCallIdRule};
  if (!validName(call.to)) return Refusal{ErrorCode::BadRequest, "`to` is missing: " + std::string(kNameRule)};
  if (call.to == sender.name) return Refusal{ErrorCode::BadRequest, "nobody can call themselves"};
  if (const CallRecord* known = board_.calls().find(call.call)) {
    const Session* callee = board_.users().byId(known->callee);
    // Asked again by a caller that missed the reply.
    if (known->caller == sender.id && callee != nullptr && callee->name == call.to) return std::nullopt;
    return Refusal{ErrorCode::CallExists, "there is a call " + call.call + " already"};
  }
  if (draining_) return Refusal{ErrorCode::Unavailable, "the service is stopping: log in again and retry"};
  if (board_.reachable(call.to) == nullptr) return Refusal{ErrorCode::Unavailable, call.to + " is not logged in"};
  return std::nullopt;
}

bool FullDialect::losesGlare(const Session& sender, const Session& callee, const std::string& id) {
  for (const auto& other_id : board_.calls().of(callee.id)) {
    CallRecord* other = board_.calls().find(other_id);
    const bool reverse = other->caller == callee.id && other->callee == sender.id && !other->machine.relays();
    const Session* caller = board_.users().byId(other->caller);
    if (!reverse || caller->dialect != Dialect::Full) continue;
    if (other_id < id) return true;
    board_.end(*other, Reason::GlareLost);
  }
  return false;
}

FullDialect::Answer FullDialect::on(Session& sender, const Ringing& ringing) {
  return apply(sender, ringing.call, call_event::Ring{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Accept& accept) {
  return apply(sender, accept.call, call_event::PickUp{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Decline& decline) {
  return apply(sender, decline.call, call_event::Refuse{decline.reason});
}

FullDialect::Answer FullDialect::on(Session& sender, const Cancel& cancel) {
  return apply(sender, cancel.call, call_event::GiveUp{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Connected& connected) {
  return apply(sender, connected.call, call_event::Connect{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Leave& leave) {
  return apply(sender, leave.call, call_event::HangUp{leave.reason});
}

FullDialect::Answer FullDialect::on(Session& sender, const Offer& offer) {
  return relay(sender, offer.call, {Payload::Kind::Offer, offer.offer});
}

FullDialect::Answer FullDialect::on(Session& sender, const signaling::Answer& answer) {
  return relay(sender, answer.call, {Payload::Kind::Answer, answer.answer});
}

FullDialect::Answer FullDialect::on(Session& sender, const Candidate& candidate) {
  return relay(sender, candidate.call, {Payload::Kind::Candidate, candidate.candidate});
}

FullDialect::Answer FullDialect::apply(Session& sender, const std::string& id, const CallEvent& event) {
  if (!validCallId(id)) return Refusal{ErrorCode::BadRequest, "`call` is missing: " + std::string(kCallIdRule)};
  CallRecord* call = callOf(sender, id);
  if (call == nullptr) return Refusal{ErrorCode::NoSuchCall, "you are in no call " + id};
  const CallState state = call->machine.state();
  if (board_.apply(*call, *call->partyOf(sender.id), event)) return OkBody();
  return Refusal{ErrorCode::WrongState, "not in a call that is " + std::string(word(state)) + ", or not by you"};
}

FullDialect::Answer FullDialect::relay(Session& sender, const std::string& id, const Payload& payload) {
  if (!validCallId(id)) return Refusal{ErrorCode::BadRequest, "`call` is missing: " + std::string(kCallIdRule)};
  if (payload.json.text.empty()) return Refusal{ErrorCode::BadRequest, "the message has no content"};
  CallRecord* call = callOf(sender, id);
  if (call == nullptr) return Refusal{ErrorCode::NoSuchCall, "you are in no call " + id};
  const Party party = *call->partyOf(sender.id);
  if (!call->machine.relays()) return Refusal{ErrorCode::WrongState, "the call is not accepted yet"};
  const bool wrong_way = payload.kind == (party == Party::Caller ? Payload::Kind::Answer : Payload::Kind::Offer);
  if (wrong_way) return Refusal{ErrorCode::WrongState, "the caller offers and the callee answers"};
  board_.relay(*call, party, payload);
  return OkBody();
}

CallRecord* FullDialect::callOf(const Session& sender, const std::string& id) {
  CallRecord* call = board_.calls().find(id);
  return call != nullptr && call->partyOf(sender.id) ? call : nullptr;
}

}  // namespace rtc::signaling
