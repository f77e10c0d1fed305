// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The messages of a client whose login carries a version: requests with replies, and calls with ids.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "signaling/server/call_rates.hpp"
#include "signaling/server/login_desk.hpp"
#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

class FullDialect {
 public:
  FullDialect(Switchboard& board, LoginDesk& desk, CallRates& rates, const HubLimits& limits, const bool& draining)
      : board_(board), desk_(desk), rates_(rates), limits_(limits), draining_(draining) {}

  /// Of a client that speaks neither dialect yet, or of one that asks again in vain.
  void login(Session& stranger, const std::string& id, const Login& login);
  /// Anything but a login, of a client that has logged in.
  void handle(Session& sender, const ClientMessage& message);
  /// The client must log in first.
  void refuseStranger(const Session& sender, const std::string& id);
  /// Whatever the client wanted, it is not granted.
  void refuse(const Session& sender, const std::string& id, Refusal refusal);

 private:
  using OkBody = decltype(Ok::body);
  using Answer = std::variant<OkBody, Refusal>;

  Answer on(Session& sender, const Login& login);
  Answer on(Session& sender, const ListUsers& request);
  Answer on(Session& sender, const Watch& watch);
  Answer on(Session& sender, const SetPresence& presence);
  Answer on(Session& sender, const GetIceServers& request);
  Answer on(Session& sender, const RenewToken& renewal);
  Answer on(Session& sender, const Reattach& claim);
  Answer on(Session& sender, const Acknowledge& word);
  Answer on(Session& sender, const Call& call);
  Answer on(Session& sender, const Ringing& ringing);
  Answer on(Session& sender, const Accept& accept);
  Answer on(Session& sender, const Decline& decline);
  Answer on(Session& sender, const Cancel& cancel);
  Answer on(Session& sender, const Offer& offer);
  Answer on(Session& sender, const signaling::Answer& answer);
  Answer on(Session& sender, const Candidate& candidate);
  Answer on(Session& sender, const Connected& connected);
  Answer on(Session& sender, const Reconnect& reconnect);
  Answer on(Session& sender, const Leave& leave);
  Answer on(Session& sender, const Unrecognized& message);

  std::optional<Refusal> whyNot(Session& sender, const Call& call);
  std::optional<Refusal> whyNotNow(Session& sender, const Call& call);
  /// Whether the call loses against one that its callee makes to its caller at the same time. If it wins, that one
  /// ends.
  bool losesGlare(const Session& sender, const std::string& callee, const std::string& id);
  Answer apply(Session& sender, const std::string& call, const CallEvent& event);
  Answer relay(Session& sender, const std::string& call, const Payload& payload);
  /// The call, if the sender is one of its parties: others learn nothing about it.
  CallRecord* callOf(const Session& sender, const std::string& id);
  Answer noSuchCall(const std::string& id);
  void reply(std::size_t mark, const Session& to, const std::string& id, Answer answer,
             Mailroom::Count count = Mailroom::Count::In);

  Switchboard& board_;
  LoginDesk& desk_;
  CallRates& rates_;
  const HubLimits& limits_;
  const bool& draining_;
};

}  // namespace rtc::signaling
