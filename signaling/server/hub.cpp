// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/hub.hpp"

#include <utility>

namespace rtc::signaling {

namespace {

/// Whether the message is about a call by its id, as only a full client's is.
bool namesCall(const ClientBody& body) {
  return std::visit(
      [](const auto& message) {
        if constexpr (requires { message.call; }) {
          return !message.call.empty();
        } else {
          return false;
        }
      },
      body);
}

bool meantAsFull(const ClientMessage& message) {
  if (std::holds_alternative<Unrecognized>(message.body)) return false;
  return !message.id.empty() || namesCall(message.body);
}

}  // namespace

Hub::Hub(const Clock& clock, Randomness& randomness, HubOptions options)
    : board_(clock, randomness, options.timers),
      reconnect_spread_ms_(options.reconnect_spread_ms),
      book_(board_, draining_),
      full_(board_, draining_, std::move(options.ice_servers)) {}

std::vector<Outgoing> Hub::connected(ClientId client) {
  board_.users().add(client);
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::handle(ClientId client, const ClientMessage& message) {
  if (Session* sender = board_.users().byClient(client)) dispatch(*sender, message);
  return board_.takeOutgoing();
}

void Hub::dispatch(Session& sender, const ClientMessage& message) {
  const auto* login = std::get_if<Login>(&message.body);
  if (login != nullptr && login->version) {
    full_.login(*sender.client, message.id, *login);
  } else if (sender.dialect == Dialect::Full) {
    full_.handle(sender, message);
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

std::vector<Outgoing> Hub::tick() {
  board_.tick();
  return board_.takeOutgoing();
}

std::vector<Outgoing> Hub::drain() {
  draining_ = true;
  for (const auto& [id, session] : board_.users().all()) {
    if (session.dialect != Dialect::Full || !session.client) continue;
    board_.send(*board_.users().byId(id), GoAway{board_.randomness().below(reconnect_spread_ms_)});
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
    board_.disconnect(*session.client, CloseCode::GoingAway, "the service is stopping");
  }
  return board_.takeOutgoing();
}

}  // namespace rtc::signaling
