// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/login_desk.hpp"

#include <algorithm>
#include <utility>

#include "signaling/protocol/limits.hpp"
#include "signaling/server/names.hpp"

namespace rtc::signaling {

namespace {

/// Time enough to fetch another token.
constexpr Duration kWarning{60'000};
/// A call is let finish beyond its token; whether it has is looked at so often.
constexpr Duration kLook{5'000};

int inSeconds(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

bool goodGroups(const std::vector<std::string>& groups) {
  return groups.size() <= kMaxGroups && std::ranges::all_of(groups, [](const auto& name) { return validName(name); });
}

/// Those of the token, or of these the ones that this device wants to take calls of.
std::vector<std::string> groupsOf(const Login& login, const Identity& identity, bool open) {
  auto groups = open || !login.groups.empty() ? login.groups : identity.groups;
  if (!open) {
    std::erase_if(
        groups, [&](const auto& group) { return std::ranges::find(identity.groups, group) == identity.groups.end(); });
  }
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

}  // namespace

LoginDesk::Outcome LoginDesk::logIn(Session& stranger, const Login& login) {
  if (login.version != kProtocolVersion) {
    return {&stranger, Refusal{ErrorCode::Version, "this service speaks version " + std::to_string(kProtocolVersion)}};
  }
  if (!goodGroups(login.groups)) {
    return {&stranger, Refusal{ErrorCode::BadRequest, "at most " + std::to_string(kMaxGroups) +
                                                          " groups, each of 1 to 64 bytes without control characters"}};
  }
  const Proof proof = prove(stranger, login.name, login.token);
  if (!proof) return {&stranger, proof.error()};
  const Identity& identity = proof.value();
  if (!login.resume.empty()) {
    if (Session* known = lost(login, identity)) return takeUp(stranger, *known, login, identity);
    ++board_.counters().resumes_refused;
  }
  if (const auto refusal = whyNot(stranger, identity)) return {&stranger, *refusal};
  become(stranger, login, identity);
  board_.users().rename(stranger, identity.user);
  board_.users().setGroups(stranger, groupsOf(login, identity, open()));
  auto welcomed = welcome(stranger, false);
  welcomed.missed = board_.missed().take(stranger.name, board_.now());
  board_.presence().touch(stranger.name);
  board_.joinRings(stranger);
  return {&stranger, std::move(welcomed)};
}

// --- Proof -----------------------------------------------------------------------------------------------------------

LoginDesk::Proof LoginDesk::prove(Session& session, const std::string& name, const std::string& token) {
  const bool named = validName(name) && name.front() != '@';
  if (!named && !(name.empty() && !open())) {
    return Refusal{ErrorCode::BadRequest, std::string(kNameRule) + ", and does not begin with @"};
  }
  if (open()) return Identity{.user = name, .display = {}, .groups = {}, .may = {}, .valid_for = {}};
  if (const auto wait = failures_.wait(session.origin.address, board_.now()); wait > Duration{0}) {
    ++board_.counters().logins_limited;
    return Refusal{ErrorCode::RateLimited, "too many wrong tokens came from your address", wait};
  }
  const std::string& shown = token.empty() ? session.origin.token : token;
  if (shown.empty()) return unproven(session, "this service asks for a token");
  auto identity = authenticator_->identify(shown);
  if (!identity) return unproven(session, identity.error().message);
  if (!name.empty() && identity.value().user != name) return unproven(session, "the token is of another user");
  failures_.succeeded(session.origin.address);
  return std::move(identity).value();
}

LoginDesk::Proof LoginDesk::unproven(Session& session, const std::string& why) {
  ++board_.counters().tokens_refused;
  failures_.failed(session.origin.address, board_.now());
  if (++session.wrong_logins >= limits_.wrong_logins && session.client) {
    board_.mail().disconnect(*session.client, CloseCode::Unproven, "too many wrong logins");
  }
  return Refusal{ErrorCode::Unauthorized, why};
}

/// One name is one user. Who has proved to be that user may have several devices; in an open service nobody has.
std::optional<Refusal> LoginDesk::whyNot(const Session& stranger, const Identity& identity) {
  const auto& devices = board_.users().devicesOf(identity.user);
  if (devices.empty()) return std::nullopt;
  Session& holder = *board_.users().byName(identity.user);
  const bool book = holder.dialect == Dialect::Book;
  // One that is kept for its return, and whose calls are over meanwhile, has nothing to return to.
  if (open() && !holder.client && !board_.busy(holder)) {
    board_.drop(holder);
    return std::nullopt;
  }
  if (open() || book) return Refusal{ErrorCode::NameTaken, "the name " + identity.user + " is taken"};
  if (devices.size() < static_cast<std::size_t>(limits_.devices)) return std::nullopt;
  // One that is only kept for its return makes room for one that is here.
  for (const auto id : devices) {
    Session& device = *board_.users().byId(id);
    if (device.client || device.id == stranger.id) continue;
    board_.drop(device);
    return std::nullopt;
  }
  ++board_.counters().logins_limited;
  return Refusal{ErrorCode::RateLimited, identity.user + " is logged in on " + std::to_string(limits_.devices) +
                                             " devices: log one of them out"};
}

void LoginDesk::become(Session& session, const Login& login, const Identity& identity) {
  session.dialect = Dialect::Full;
  session.display = identity.display;
  session.may = identity.may;
  session.visible = login.visible;
  session.counts = login.ack.has_value();
  setExpiry(session, identity);
}

// --- Returns ---------------------------------------------------------------------------------------------------------

Session* LoginDesk::lost(const Login& login, const Identity& identity) {
  Session* known = board_.users().byResume(login.resume);
  if (known == nullptr || known->name != identity.user) return nullptr;
  // One who counts and one who does not cannot be brought together.
  return known->outbox.overflown() || known->counts != login.ack.has_value() ? nullptr : known;
}

LoginDesk::Outcome LoginDesk::takeUp(Session& stranger, Session& session, const Login& login,
                                     const Identity& identity) {
  const ClientId client = *stranger.client;
  // The client knows of the loss before we do: its old connection looks alive from here.
  if (session.client) board_.mail().disconnect(*session.client, CloseCode::Resumed, "resumed over another connection");
  session.origin = stranger.origin;
  board_.users().reattach(session, client);
  session.may = identity.may;
  session.display = identity.display;
  setExpiry(session, identity);
  board_.comeBack(session);
  session.outbox.acknowledge(login.ack.value_or(0));
  board_.mail().repeat(session);
  board_.presence().touch(session.name);
  ++board_.counters().resumes;
  return {&session, welcome(session, true)};
}

LoggedIn LoginDesk::welcome(Session& session, bool resumed) {
  board_.users().setResume(session, board_.randomness().token());
  ++board_.counters().logins;
  auto ice = iceServersFor(session);
  LoggedIn welcome{session.name, session.resume, std::move(ice.ice_servers), resumed};
  welcome.ice_expires_s = ice.expires_s;
  if (session.expires) welcome.expires_s = inSeconds(*session.expires - board_.now());
  if (session.counts) {
    welcome.ack = session.inbox.heard();
    session.inbox.told();
  }
  return welcome;
}

IceServerList LoginDesk::iceServersFor(const Session& session) const {
  IceServerList list{ice_servers_.serversFor(session.name)};
  if (const auto lifetime = ice_servers_.lifetime()) list.expires_s = inSeconds(*lifetime);
  return list;
}

// --- The book's ------------------------------------------------------------------------------------------------------

bool LoginDesk::logInByTheBook(Session& session, const std::string& name) {
  if (!validName(name) || board_.users().byName(name) != nullptr) return false;
  if (!open()) {
    // The book's login has no room for a token: only the header of the handshake can prove the name.
    const Proof proof = prove(session, name, "");
    if (!proof) return false;
    session.may = proof.value().may;
    session.display = proof.value().display;
    setExpiry(session, proof.value());
  }
  session.dialect = Dialect::Book;
  board_.users().rename(session, name);
  ++board_.counters().logins;
  return true;
}

// --- Tokens that expire ----------------------------------------------------------------------------------------------

Result<TokenRenewed, Refusal> LoginDesk::renew(Session& session, const std::string& token) {
  if (open()) return Refusal{ErrorCode::BadRequest, "this service asks for no token"};
  const Proof proof = prove(session, session.name, token);
  if (!proof) return proof.error();
  session.may = proof.value().may;
  session.display = proof.value().display;
  setExpiry(session, proof.value());
  return TokenRenewed{session.expires ? inSeconds(*session.expires - board_.now()) : 0};
}

void LoginDesk::setExpiry(Session& session, const Identity& identity) {
  session.expired = false;
  session.expires.reset();
  if (identity.valid_for) session.expires = board_.now() + *identity.valid_for;
  expiries_.set(session.id,
                session.expires ? std::optional(std::max(board_.now(), *session.expires - kWarning)) : std::nullopt);
}

void LoginDesk::tick() {
  const Instant now = board_.now();
  for (const auto id : expiries_.due(now)) {
    Session* session = board_.users().byId(id);
    if (session == nullptr) {
      expiries_.set(id, std::nullopt);
    } else if (now < *session->expires) {
      board_.mail().send(*session, TokenExpires{inSeconds(*session->expires - now)});
      expiries_.set(id, session->expires);
    } else {
      if (!std::exchange(session->expired, true)) ++board_.counters().tokens_expired;
      board_.presence().touch(session->name);
      const bool waits = board_.busy(*session);
      expiries_.set(id, waits ? std::optional(now + kLook) : std::nullopt);
      if (!waits && session->client) board_.mail().disconnect(*session->client, CloseCode::Expired, "token expired");
    }
  }
}

}  // namespace rtc::signaling
