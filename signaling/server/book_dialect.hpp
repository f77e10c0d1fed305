// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The messages of the book "Learning WebRTC": who relays what to whom among its clients, and what they mean towards a
// full client. `docs/protocol.md` has the table.
#pragma once

#include <string>

#include "signaling/server/call_rates.hpp"
#include "signaling/server/login_desk.hpp"
#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

class BookDialect {
 public:
  /// While the service stops, no new call begins.
  BookDialect(Switchboard& board, LoginDesk& desk, CallRates& rates, const bool& draining)
      : board_(board), desk_(desk), rates_(rates), draining_(draining) {}

  void login(Session& sender, const Login& login);
  /// Anything but a login, also of a client that has not logged in.
  void handle(Session& sender, const ClientBody& body);
  /// The connection is gone; the session ends.
  void closed(Session& session);

 private:
  void on(Session& sender, const Offer& offer);
  void on(Session& sender, const Answer& answer);
  void on(Session& sender, const Candidate& candidate);
  void on(Session& sender, const Leave& leave);
  template <typename Message>
  void on(Session& sender, const Message& message);

  void describe(Session& sender, const std::string& name, const Payload& payload);
  void callFull(Session& sender, const std::string& callee, const Json& offer);
  void passToFull(Session& sender, const std::string& peer, const Payload& payload);
  /// One who begins to talk with another has left all others, though the book has no word for it.
  void turnTo(Session& sender, const std::string& peer);
  /// Says `leave` unless the peer talks with somebody else by now.
  void sayLeave(Session& sender, Session& peer);

  Switchboard& board_;
  LoginDesk& desk_;
  CallRates& rates_;
  const bool& draining_;
};

}  // namespace rtc::signaling
