// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One call as its client sees it: rung, answered, connected, ended, and why. Every phase has a timer.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "plugins/core/negotiation.hpp"
#include "signaling/protocol/call_state.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::core {

using signaling::CallState;
using signaling::Reason;

struct CallTimeouts {
  Duration ring{60'000};
  Duration setup{15'000};
};

class Call {
 public:
  // Events.
  struct PeerRings {};
  struct PeerAccepts {
    std::string by = {};  ///< whom of a group that was called; empty: the peer
  };
  struct UserAccepts {};
  struct UserDeclines {
    Reason reason = Reason::Declined;
  };
  struct UserLeaves {};
  /// The service says that the call is over.
  struct ServiceEnds {
    Reason reason = Reason::Hangup;
  };
  /// The peer said farewell itself, on the control channel.
  struct PeerLeaves {
    Reason reason = Reason::Hangup;
  };
  /// The media path stands and the peer's certificate is the announced one.
  struct MediaConnects {};
  struct MediaFails {
    Reason reason = Reason::MediaFailed;
  };
  /// The service is out of reach: a call that is not set up yet cannot be.
  struct ServiceLost {};
  struct TimerExpires {};
  using Event = std::variant<PeerRings, PeerAccepts, UserAccepts, UserDeclines, UserLeaves, ServiceEnds, PeerLeaves,
                             MediaConnects, MediaFails, ServiceLost, TimerExpires>;

  // Actions, in the order in which they are to be carried out.
  struct Send {
    signaling::ClientBody body;
  };
  /// Make the peer connection; a caller's makes ready and waits for `BeginNegotiation`.
  struct OpenPeer {
    Role role = Role::Caller;
  };
  struct BeginNegotiation {};
  struct ClosePeer {
    Reason reason = Reason::Hangup;
  };
  /// The state changed: tell the application. `reason` matters at Ended.
  struct Announce {
    CallState state = CallState::Ended;
    Reason reason = Reason::Hangup;
  };
  /// Replaces the running timer; nothing stops it.
  struct SetTimer {
    std::optional<Duration> delay;
  };
  using Action = std::variant<Send, OpenPeer, BeginNegotiation, ClosePeer, Announce, SetTimer>;
  using Actions = std::vector<Action>;

  /// `media`: what a caller means to send and receive, for the callee's ring.
  Call(std::string id, std::string peer, Role role, CallTimeouts timeouts, signaling::Media media = {});

  /// The first actions: a caller calls, a callee rings.
  Actions start();
  Actions on(const Event& event);

  const std::string& id() const { return id_; }
  const std::string& peer() const { return peer_; }
  Role role() const { return role_; }
  CallState state() const { return state_; }

 private:
  bool pending() const { return state_ == CallState::Calling || state_ == CallState::Ringing; }

  Actions handle(const PeerRings&);
  Actions handle(const PeerAccepts& accepts);
  Actions handle(const UserAccepts&);
  Actions handle(const UserDeclines& declines);
  Actions handle(const UserLeaves&);
  Actions handle(const ServiceEnds& ends);
  Actions handle(const PeerLeaves& leaves);
  Actions handle(const MediaConnects&);
  Actions handle(const MediaFails& fails);
  Actions handle(const ServiceLost&);
  Actions handle(const TimerExpires&);

  Actions end(Reason reason, std::optional<signaling::ClientBody> farewell = std::nullopt);

  std::string id_;
  std::string peer_;
  Role role_;
  CallTimeouts timeouts_;
  signaling::Media media_;
  CallState state_ = CallState::Calling;
};

}  // namespace rtc::core
