// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The messages of a client whose login carries a version: requests with replies, and calls with ids.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

class FullDialect {
 public:
  FullDialect(Switchboard& board, const bool& draining, std::vector<IceServer> ice_servers)
      : board_(board), draining_(draining), ice_servers_(std::move(ice_servers)) {}

  /// Of a client that speaks neither dialect yet, or of one that asks again in vain.
  void login(ClientId client, const std::string& id, const Login& login);
  /// Anything but a login, of a client that has logged in.
  void handle(Session& sender, const ClientMessage& message);
  /// The client must log in first.
  void refuseStranger(const Session& sender, const std::string& id);

 private:
  using OkBody = decltype(Ok::body);
  struct Refusal {
    ErrorCode code;
    std::string message;
  };
  using Answer = std::variant<OkBody, Refusal>;

  Answer on(Session& sender, const Login& login);
  Answer on(Session& sender, const ListUsers& request);
  Answer on(Session& sender, const Call& call);
  Answer on(Session& sender, const Ringing& ringing);
  Answer on(Session& sender, const Accept& accept);
  Answer on(Session& sender, const Decline& decline);
  Answer on(Session& sender, const Cancel& cancel);
  Answer on(Session& sender, const Offer& offer);
  Answer on(Session& sender, const signaling::Answer& answer);
  Answer on(Session& sender, const Candidate& candidate);
  Answer on(Session& sender, const Connected& connected);
  Answer on(Session& sender, const Leave& leave);
  Answer on(Session& sender, const Unrecognized& message);

  Answer logIn(ClientId client, const Login& login);
  LoggedIn welcome(Session& session, bool resumed);
  LoggedIn takeUp(Session& session, ClientId client);
  std::optional<Refusal> whyNot(Session& sender, const Call& call);
  /// Whether the call loses against one that its callee makes to its caller at the same time. If it wins, that one
  /// ends.
  bool losesGlare(const Session& sender, const Session& callee, const std::string& id);
  Answer apply(Session& sender, const std::string& call, const CallEvent& event);
  Answer relay(Session& sender, const std::string& call, const Payload& payload);
  /// The call, if the sender is one of its parties: others learn nothing about it.
  CallRecord* callOf(const Session& sender, const std::string& id);
  void reply(std::size_t mark, ClientId client, const std::string& id, Answer answer);

  Switchboard& board_;
  const bool& draining_;
  std::vector<IceServer> ice_servers_;
};

}  // namespace rtc::signaling
