// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/hub.hpp"

#include <algorithm>
#include <utility>

namespace rtc::signaling {

namespace {

/// The id of the call that the message is about, as only a full client's is; empty if there is none.
const std::string& callIn(const ClientBody& body) {
  static const std::string none;
  return std::visit(
      [](const auto& message) -> const std::string& {
        if constexpr (requires { message.call; }) {
          return message.call;
        } else {
          return none;
        }
      },
      body);
}

bool meantAsFull(const ClientMessage& message) {
  if (std::holds_alternative<Unrecognized>(message.body)) return false;
  return !message.id.empty() || !callIn(message.body).empty();
}

/// Whether it is said in a call that there is already.
bool isSaidInCall(const ClientBody& body) {
  return !std::holds_alternative<Call>(body) && !std::holds_alternative<Reattach>(body) && !callIn(body).empty();
}

}  // namespace

Hub::Hub(const Clock& clock, Randomness& randomness, HubOptions options)
    : options_(std::move(options)),
      fixed_ice_servers_(options_.ice_servers),
      board_(clock, randomness, options_.timers, options_.backplane),
      desk_(board_, options_.limits, options_.authenticator,
            options_.ice_server_source != nullptr ? *options_.ice_server_source : fixed_ice_servers_),
      rates_(options_.limits.calls),
      book_(board_, desk_, rates_, draining_),
      full_(board_, desk_, rates_, options_.limits, draining_) {}

std::vector<Outgoing> Hub::connected(ClientId client, Origin origin) {
  board_.users().add(client, std::move(origin), TokenBucket(options_.limits.messages, board_.now()));
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::handle(ClientId client, const ClientMessage& message) {
  ++board_.counters().messages_in;
  Session* sender = board_.users().byClient(client);
  if (sender != nullptr && fresh(*sender, message) && withinRate(*sender, message)) dispatch(*sender, message);
  acknowledge(client);
  return board_.takeOutgoing();
}

bool Hub::fresh(Session& sender, const ClientMessage& message) {
  if (!sender.counts) return true;
  sender.outbox.acknowledge(message.numbers.ack);
  const auto verdict = sender.inbox.take(message.numbers.seq);
  if (verdict == Inbox::Verdict::Gap) {
    full_.refuse(sender, message.id,
                 {ErrorCode::BadRequest, "`seq` is " + std::to_string(message.numbers.seq) + " and should be " +
                                             std::to_string(sender.inbox.heard() + 1)});
  }
  return verdict == Inbox::Verdict::Fresh;
}

bool Hub::withinRate(Session& sender, const ClientMessage& message) {
  const Rate& rate = options_.limits.messages;
  if (sender.messages.take(rate, board_.now())) {
    sender.strikes = 0;
    return true;
  }
  ++board_.counters().messages_limited;
  if (++sender.strikes > rate.burst) {
    // Said once: what else is on its way is read and dropped until the connection is closed.
    if (sender.strikes == static_cast<int>(rate.burst) + 1) {
      ++board_.counters().floods_closed;
      board_.mail().disconnect(*sender.client, CloseCode::Flood, "too many messages");
    }
  } else if (sender.dialect == Dialect::Full) {
    full_.refuse(sender, message.id, {ErrorCode::RateLimited, "too many messages", sender.messages.wait(rate)});
  }
  return false;
}

/// So that the client may forget what it keeps.
void Hub::acknowledge(ClientId client) {
  const Session* sender = board_.users().byClient(client);
  if (sender != nullptr && sender->counts && sender->inbox.owesWord()) {
    board_.mail().send(*sender, Acknowledged{sender->inbox.heard()}, Mailroom::Count::Out);
  }
}

void Hub::dispatch(Session& sender, const ClientMessage& message) {
  const auto* login = std::get_if<Login>(&message.body);
  if (login != nullptr && login->version) {
    full_.login(sender, message.id, *login);
  } else if (sender.dialect == Dialect::Full) {
    const bool carried = isSaidInCall(message.body) && board_.carry(sender, callIn(message.body), message);
    if (!carried) full_.handle(sender, message);
  } else if (login != nullptr) {
    book_.login(sender, *login);
  } else if (sender.dialect == Dialect::Unknown && meantAsFull(message)) {
    full_.refuseStranger(sender, message.id);
  } else {
    book_.handle(sender, message.body);
  }
}

std::vector<Outgoing> Hub::closed(ClientId client) {
  if (Session* session = board_.users().byClient(client)) {
    if (session->dialect == Dialect::Full) {
      board_.detach(*session);
    } else {
      book_.closed(*session);
    }
  }
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::heardOf(const std::string& user) {
  board_.heardOf(user);
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::received(HubId from, const Parcel& parcel) {
  std::visit(
      [&](const auto& what) {
        if constexpr (std::is_same_v<decltype(what), const FromDevice&>) {
          take(from, what);
        } else {
          board_.take(from, what);
        }
      },
      parcel);
  return board_.takeOutgoing();
}

void Hub::take(HubId from, const FromDevice& parcel) {
  if (!isSaidInCall(parcel.message.body)) return;
  if (Session* guest = board_.guest(from, parcel.device)) {
    full_.handle(*guest, parcel.message);
  } else {
    board_.disown(from, parcel, callIn(parcel.message.body));
  }
}

std::vector<Outgoing> Hub::lost(HubId hub) {
  board_.lostHub(hub);
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::tick() {
  board_.tick();
  desk_.tick();
  return board_.takeOutgoing();
}

std::optional<Instant> Hub::nextDeadline() const {
  const auto calls = board_.nextDeadline();
  const auto tokens = desk_.nextDeadline();
  return calls && tokens ? std::min(*calls, *tokens) : calls ? calls : tokens;
}

HubCounters Hub::counters() const {
  HubCounters counters = board_.counters();
  counters.sessions = board_.users().all().size();
  counters.users = board_.users().users().size();
  counters.calls_now = board_.calls().size();
  return counters;
}

std::vector<Outgoing> Hub::drain() {
  draining_ = true;
  for (const auto& [id, session] : board_.users().all()) {
    if (session.dialect != Dialect::Full || !session.client) continue;
    board_.mail().send(session, GoAway{board_.randomness().below(options_.reconnect_spread_ms)});
  }
  return board_.takeOutgoing();
}

std::size_t Hub::callsBeingSetUp() const {
  return board_.calls().beingSetUp().size();
}

std::vector<Outgoing> Hub::stop() {
  for (const auto& id : board_.calls().beingSetUp()) {
    board_.end(*board_.calls().find(id), Reason::ServerShutdown);
  }
  for (const auto& [id, session] : board_.users().all()) {
    if (!session.client) continue;
    // Not 1012, service restart: libsoup's clients take that for a protocol error.
    board_.mail().disconnect(*session.client, CloseCode::GoingAway, "the service is stopping");
  }
  return board_.takeOutgoing();
}

}  // namespace rtc::signaling
