// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/bookkeeping.hpp"

#include "signaling/protocol/reason.hpp"
#include "signaling/server/log.hpp"

namespace rtc::signaling {

namespace {

std::string_view limitOf(Admission admission) {
  switch (admission) {
    case Admission::Full:
      return "max_connections";
    case Admission::AddressFull:
      return "max_connections_per_address";
    case Admission::AddressTooFast:
      return "accept_rate";
    case Admission::Admitted:
      break;
  }
  return "";
}

/// The client itself, the network or the operator ended it, and no limit.
bool ordinary(Closing why) {
  return why == Closing::Client || why == Closing::Broken || why == Closing::Stopping || why == Closing::Hub;
}

}  // namespace

std::string Bookkeeping::shown(const Address& address) const {
  return log_addresses_ ? address.text() : "-";
}

void Bookkeeping::opened(const Connection& connection) {
  logEvent(G_LOG_LEVEL_INFO, "client_opened",
           {{"client", connection.id()}, {"address", shown(connection.address())}, {"open", metrics_.websockets_open}});
}

void Bookkeeping::left(const Connection& connection) {
  logEvent(G_LOG_LEVEL_INFO, "client_left", {{"client", connection.id()}, {"open", metrics_.websockets_open}});
}

void Bookkeeping::ended(const Connection& connection, Closing why) {
  const auto level = ordinary(why) ? G_LOG_LEVEL_DEBUG : G_LOG_LEVEL_INFO;
  logEvent(level, "connection_ended",
           {{"client", connection.id()}, {"reason", word(why)}, {"address", shown(connection.address())}});
}

void Bookkeeping::refused(const Address& from, Admission admission, Instant now) {
  if (admission == Admission::Full) ++metrics_.refused_full;
  if (admission == Admission::AddressFull) ++metrics_.refused_address_full;
  if (admission == Admission::AddressTooFast) ++metrics_.refused_address_rate;
  if (!refusals_.take(kLoggedRefusals, now)) return;
  logEvent(G_LOG_LEVEL_WARNING, "connection_refused", {{"limit", limitOf(admission)}, {"address", shown(from)}});
}

void Bookkeeping::told(Connection& connection, const ServerMessage& message) {
  if (const auto* ok = std::get_if<Ok>(&message)) {
    if (const auto* login = std::get_if<LoggedIn>(&ok->body)) loggedIn(connection, login->user);
  } else if (const auto* book = std::get_if<BookLogin>(&message)) {
    if (book->success) loggedIn(connection, "");
  } else if (const auto* call = std::get_if<IncomingCall>(&message)) {
    logEvent(G_LOG_LEVEL_INFO, "call", {{"call", call->call}, {"client", connection.id()}});
  } else if (const auto* ended = std::get_if<Ended>(&message)) {
    logEvent(G_LOG_LEVEL_INFO, "call_ended",
             {{"call", ended->call}, {"reason", word(ended->reason)}, {"client", connection.id()}});
  }
}

void Bookkeeping::loggedIn(Connection& connection, std::string_view user) {
  connection.loggedIn();
  logEvent(G_LOG_LEVEL_INFO, "login", {{"client", connection.id()}, {"user", user}});
}

}  // namespace rtc::signaling
