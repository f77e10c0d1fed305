// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/full_dialect.hpp"

#include <algorithm>
#include <utility>

#include "signaling/protocol/limits.hpp"
#include "signaling/server/names.hpp"

namespace rtc::signaling {

namespace {

constexpr auto kExpired = "your token has expired: send a new one";
/// Ours have 22 characters.
constexpr std::size_t kLeastSecret = 16;

/// Without an id nobody waits for the reply, and these two are what late messages meet in every honest race.
bool worthTelling(const std::string& id, ErrorCode code) {
  return !id.empty() || (code != ErrorCode::NoSuchCall && code != ErrorCode::WrongState);
}

Refusal noCallId() {
  return {ErrorCode::BadRequest, "`call` is missing: " + std::string(kCallIdRule)};
}

}  // namespace

// --- Requests and replies --------------------------------------------------------------------------------------------

void FullDialect::handle(Session& sender, const ClientMessage& message) {
  const std::size_t mark = board_.mail().mark();
  reply(mark, sender, message.id,
        std::visit([&](const auto& body) -> Answer { return on(sender, body); }, message.body));
}

void FullDialect::reply(std::size_t mark, const Session& to, const std::string& id, Answer answer,
                        Mailroom::Count count) {
  if (auto* refusal = std::get_if<Refusal>(&answer)) {
    if (!worthTelling(id, refusal->code)) return;
    const auto retry_ms = static_cast<int>(refusal->retry.count());
    board_.mail().replyAt(mark, to, RequestError{id, refusal->code, std::move(refusal->message), retry_ms}, count);
  } else if (auto& body = std::get<OkBody>(answer); !id.empty() || body.index() != 0) {
    board_.mail().replyAt(mark, to, Ok{id, std::move(body)}, count);
  }
}

void FullDialect::refuse(const Session& sender, const std::string& id, Refusal refusal) {
  reply(board_.mail().mark(), sender, id, std::move(refusal));
}

void FullDialect::refuseStranger(const Session& sender, const std::string& id) {
  refuse(sender, id, {ErrorCode::NotLoggedIn, "log in first"});
}

FullDialect::Answer FullDialect::on(Session&, const Unrecognized& message) {
  return Refusal{ErrorCode::BadRequest, message.problem};
}

// --- The login -------------------------------------------------------------------------------------------------------

void FullDialect::login(Session& stranger, const std::string& id, const Login& login) {
  const std::size_t mark = board_.mail().mark();
  if (stranger.dialect != Dialect::Unknown) {
    reply(mark, stranger, id, on(stranger, login));
    return;
  }
  auto [session, answer] = desk_.logIn(stranger, login);
  if (answer) {
    reply(mark, *session, id, OkBody(std::move(answer).value()), Mailroom::Count::Out);
  } else {
    ++board_.counters().logins_refused;
    reply(mark, *session, id, answer.error(), Mailroom::Count::Out);
  }
}

FullDialect::Answer FullDialect::on(Session& sender, const Login&) {
  return Refusal{ErrorCode::WrongState, "this connection is logged in as " + sender.name};
}

FullDialect::Answer FullDialect::on(Session& sender, const RenewToken& renewal) {
  auto renewed = desk_.renew(sender, renewal.token);
  if (!renewed) return renewed.error();
  return OkBody(renewed.value());
}

FullDialect::Answer FullDialect::on(Session& sender, const GetIceServers&) {
  if (sender.expired) return Refusal{ErrorCode::Unauthorized, kExpired};
  return OkBody(desk_.iceServersFor(sender));
}

FullDialect::Answer FullDialect::on(Session&, const Acknowledge&) {
  return OkBody();
}

// --- Who is there ----------------------------------------------------------------------------------------------------

FullDialect::Answer FullDialect::on(Session& sender, const ListUsers&) {
  if (sender.expired) return Refusal{ErrorCode::Unauthorized, kExpired};
  if (!sender.may.list) return Refusal{ErrorCode::Forbidden, "your token does not allow the list of users"};
  UserList list;
  for (const auto& [name, devices] : board_.users().users()) {
    if (name == sender.name || name.empty() || !board_.reachable(name)) continue;
    list.users.push_back({name, board_.userBusy(name), board_.users().byId(devices.front())->display});
  }
  std::ranges::sort(list.users, {}, &User::name);
  return OkBody(std::move(list));
}

FullDialect::Answer FullDialect::on(Session& sender, const Watch& watch) {
  if (sender.expired) return Refusal{ErrorCode::Unauthorized, kExpired};
  if (!sender.may.watch) return Refusal{ErrorCode::Forbidden, "your token does not allow to watch users"};
  if (watch.users.size() > kMaxWatched) {
    return Refusal{ErrorCode::BadRequest, "at most " + std::to_string(kMaxWatched) + " users can be watched"};
  }
  if (!std::ranges::all_of(watch.users, validName)) return Refusal{ErrorCode::BadRequest, kNameRule};
  const auto crowded = [&](const std::string& user) {
    const auto& watchers = board_.presence().watchersOf(user);
    return watchers.size() >= static_cast<std::size_t>(limits_.watchers) && !watchers.contains(sender.id);
  };
  if (std::ranges::any_of(watch.users, crowded)) {
    return Refusal{ErrorCode::RateLimited, "one of these users is watched by too many already"};
  }
  board_.presence().watch(sender.id, watch.users);
  PresenceList list;
  for (const auto& user : watch.users) {
    const auto state = board_.presenceOf(user);
    board_.presence().tells(user, state);
    list.presence.push_back({user, state});
  }
  return OkBody(std::move(list));
}

FullDialect::Answer FullDialect::on(Session& sender, const SetPresence& presence) {
  sender.visible = presence.visible;
  board_.presence().touch(sender.name);
  return OkBody();
}

// --- Calls -----------------------------------------------------------------------------------------------------------

FullDialect::Answer FullDialect::on(Session& sender, const Call& call) {
  if (auto refusal = whyNot(sender, call)) return *refusal;
  if (board_.calls().find(call.call) != nullptr) return OkBody();
  if (auto refusal = whyNotNow(sender, call)) return *refusal;
  if (call.to.front() == '@') {
    board_.openToGroup(call.call, sender, call.to.substr(1), call.media);
    return OkBody();
  }
  const Session* here = board_.users().byName(call.to);
  if (here != nullptr && here->dialect == Dialect::Book && board_.busy(*here)) {
    board_.mail().send(sender, Ended{call.call, Reason::Busy, here->name});
  } else if (losesGlare(sender, call.to, call.call)) {
    board_.mail().send(sender, Ended{call.call, Reason::GlareLost, ""});
  } else {
    board_.open(call.call, sender, call.to, call.media);
  }
  return OkBody();
}

/// What is wrong with the request itself.
std::optional<Refusal> FullDialect::whyNot(Session& sender, const Call& call) {
  if (!validCallId(call.call)) return Refusal{ErrorCode::BadRequest, kCallIdRule};
  if (!validName(call.to)) return Refusal{ErrorCode::BadRequest, "`to` is missing: " + std::string(kNameRule)};
  if (call.to == sender.name) return Refusal{ErrorCode::BadRequest, "nobody can call themselves"};
  const CallRecord* known = board_.calls().find(call.call);
  const bool used = board_.claimed(call.call) || board_.couriers().carries(call.call);
  if (known == nullptr && !used) return std::nullopt;
  // Asked again by a caller that missed the reply.
  if (known != nullptr && known->caller == sender.id && known->dialled == call.to) return std::nullopt;
  return Refusal{ErrorCode::CallExists, "there is a call " + call.call + " already"};
}

/// Why a call that may be asked for cannot be had.
std::optional<Refusal> FullDialect::whyNotNow(Session& sender, const Call& call) {
  if (sender.expired) return Refusal{ErrorCode::Unauthorized, kExpired};
  if (!sender.may.call) return Refusal{ErrorCode::Forbidden, "your token does not allow calls"};
  if (draining_) return Refusal{ErrorCode::Unavailable, "the service is stopping: log in again and retry"};
  const auto at_once = board_.calls().of(sender.id).size() + board_.couriers().of(sender.id).size();
  if (at_once >= static_cast<std::size_t>(limits_.calls_at_once)) {
    ++board_.counters().calls_limited;
    return Refusal{ErrorCode::RateLimited, "you are in " + std::to_string(limits_.calls_at_once) + " calls: end one"};
  }
  if (const auto wait = rates_.take(sender.name, board_.now()); wait > Duration{0}) {
    ++board_.counters().calls_limited;
    return Refusal{ErrorCode::RateLimited, "you call too often", wait};
  }
  if (call.to.front() == '@') {
    // Whether anybody else is in the group, and in which state, shows at the end of the call and not before.
    return std::nullopt;
  }
  if (board_.reachable(call.to)) return std::nullopt;
  ++board_.counters().missed_calls;
  board_.missed().record(call.to, sender.name, call.call, board_.now());
  return Refusal{ErrorCode::Unavailable, call.to + " is not logged in"};
}

bool FullDialect::losesGlare(const Session& sender, const std::string& callee, const std::string& id) {
  for (const auto& other_id : board_.calls().ringingAt(sender.name)) {
    CallRecord* other = board_.calls().find(other_id);
    const Session* caller = board_.users().byId(other->caller);
    if (other->hunt || other->caller_name != callee || caller->dialect != Dialect::Full) continue;
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
  if (board_.leaveClaim(sender, cancel.call, Reason::Hangup)) return OkBody();
  return apply(sender, cancel.call, call_event::GiveUp{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Connected& connected) {
  return apply(sender, connected.call, call_event::Connect{});
}

FullDialect::Answer FullDialect::on(Session& sender, const Leave& leave) {
  if (board_.leaveClaim(sender, leave.call, leave.reason)) return OkBody();
  return apply(sender, leave.call, call_event::HangUp{leave.reason});
}

FullDialect::Answer FullDialect::on(Session& sender, const Reattach& claim) {
  if (!validCallId(claim.call)) return Refusal{ErrorCode::BadRequest, kCallIdRule};
  const bool whole = validName(claim.with) && claim.with != sender.name && claim.secret.size() >= kLeastSecret &&
                     claim.secret.size() <= kMaxNameBytes && validName(claim.secret);
  if (!whole) return Refusal{ErrorCode::BadRequest, "`with` or `secret` is missing, or not as the ticket has it"};
  if (draining_) return Refusal{ErrorCode::Unavailable, "the service is stopping: log in again and retry"};
  if (const CallRecord* known = board_.calls().find(claim.call)) {
    const auto party = known->partyOf(sender.id);
    if (party && known->machine.relays() && known->name(otherThan(*party)) == claim.with) return OkBody();
    return noSuchCall(claim.call);
  }
  if (board_.claimsOf(sender) >= Reattachments::kMaxEach) {
    return Refusal{ErrorCode::RateLimited, "too many calls wait to be taken up"};
  }
  board_.reattach(sender, claim);
  return OkBody();
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

FullDialect::Answer FullDialect::on(Session& sender, const Reconnect& reconnect) {
  if (!validCallId(reconnect.call)) return noCallId();
  // The first connection is the one that the call was set up with.
  if (reconnect.connection < 2) return Refusal{ErrorCode::BadRequest, "`connection` is no number from 2 on"};
  const CallRecord* call = callOf(sender, reconnect.call);
  if (call == nullptr) return noSuchCall(reconnect.call);
  if (!call->machine.relays()) return Refusal{ErrorCode::WrongState, "the call is not accepted yet"};
  if (*call->partyOf(sender.id) != Party::Callee) return Refusal{ErrorCode::WrongState, "the caller just offers"};
  board_.askCaller(*call, reconnect.connection);
  return OkBody();
}

FullDialect::Answer FullDialect::apply(Session& sender, const std::string& id, const CallEvent& event) {
  if (!validCallId(id)) return noCallId();
  CallRecord* call = callOf(sender, id);
  if (call == nullptr) return noSuchCall(id);
  const CallState state = call->machine.state();
  if (board_.apply(*call, sender.id, event)) return OkBody();
  return Refusal{ErrorCode::WrongState, "not in a call that is " + std::string(word(state)) + ", or not by you"};
}

FullDialect::Answer FullDialect::relay(Session& sender, const std::string& id, const Payload& payload) {
  if (!validCallId(id)) return noCallId();
  if (payload.json.text.empty()) return Refusal{ErrorCode::BadRequest, "the message has no content"};
  CallRecord* call = callOf(sender, id);
  if (call == nullptr) return noSuchCall(id);
  const Party party = *call->partyOf(sender.id);
  if (!call->machine.relays()) return Refusal{ErrorCode::WrongState, "the call is not accepted yet"};
  const bool wrong_way = payload.kind == (party == Party::Caller ? Payload::Kind::Answer : Payload::Kind::Offer);
  if (wrong_way) return Refusal{ErrorCode::WrongState, "the caller offers and the callee answers"};
  board_.relay(*call, party, payload);
  return OkBody();
}

CallRecord* FullDialect::callOf(const Session& sender, const std::string& id) {
  CallRecord* call = board_.calls().find(id);
  if (call == nullptr || call->partyOf(sender.id)) return call;
  ++board_.counters().foreign_calls;
  return nullptr;
}

FullDialect::Answer FullDialect::noSuchCall(const std::string& id) {
  return Refusal{ErrorCode::NoSuchCall, "you are in no call " + id};
}

}  // namespace rtc::signaling
