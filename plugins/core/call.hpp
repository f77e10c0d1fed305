// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One call as its client sees it: rung, answered, connected, connected anew when its peer connection was lost, ended,
// and why. Every phase has a timer.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "plugins/core/negotiation.hpp"
#include "signaling/protocol/call_state.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/protocol/payload.hpp"

namespace rtc::core {

using signaling::CallState;
using signaling::Reason;

struct CallTimeouts {
  Duration ring{60'000};
  Duration setup{15'000};
  /// From the loss of the peer connection to a new one; 0: the call ends with its connection.
  Duration recovery{30'000};
};

class Call {
 public:
  /// The first new connection is given so long, each further one half as long again as the one before. (With a round
  /// trip of 200 ms a connection takes two seconds.)
  static constexpr Duration kFirstAttempt{4'000};
  /// More of them a peer cannot make us begin at one loss. Each is a `webrtcbin`.
  static constexpr int kMaxDemands = 16;
  /// Far beyond the losses of any call, and far from what an `int` cannot hold.
  static constexpr int kMaxConnection = 1'000'000;

  enum class Timer { Phase, Attempt };

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
    bool for_good = false;  ///< a new connection would fail likewise
  };
  /// Comes before the description is looked at: it may be the first of a new connection.
  struct PeerDescribes {
    DescriptionType type = DescriptionType::Offer;
    signaling::ConnectionNumber connection;
  };
  /// The callee has lost its connection.
  struct PeerReconnects {
    int connection = 0;
  };
  /// The service is out of reach: a call that is not set up yet cannot be.
  struct ServiceLost {};
  struct ServiceBack {};
  /// This host has other addresses than before, and some.
  struct NetworkChanges {};
  struct TimerExpires {
    Timer timer = Timer::Phase;
  };
  using Event = std::variant<PeerRings, PeerAccepts, UserAccepts, UserDeclines, UserLeaves, ServiceEnds, PeerLeaves,
                             MediaConnects, MediaFails, PeerDescribes, PeerReconnects, ServiceLost, ServiceBack,
                             NetworkChanges, TimerExpires>;

  // Actions, in the order in which they are to be carried out.
  struct Send {
    signaling::ClientBody body;
  };
  /// Make the peer connection; a caller's makes ready and waits for `BeginNegotiation`.
  struct OpenPeer {
    Role role = Role::Caller;
  };
  struct BeginNegotiation {};
  /// The connection is lost, or given up for a new one, and the call is not: the peer is not told, streams do not end.
  /// There may be none.
  struct DropPeer {};
  struct ClosePeer {
    Reason reason = Reason::Hangup;
  };
  /// The state changed: tell the application. `reason` matters at Ended.
  struct Announce {
    CallState state = CallState::Ended;
    Reason reason = Reason::Hangup;
  };
  /// Replaces that timer if it runs; nothing stops it.
  struct SetTimer {
    std::optional<Duration> delay;
    Timer timer = Timer::Phase;
  };
  using Action = std::variant<Send, OpenPeer, BeginNegotiation, DropPeer, ClosePeer, Announce, SetTimer>;
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
  /// The number of the peer connection that is there or being made. What bears another belongs to one that is not.
  int connection() const { return connection_; }
  /// Whether a connection that is lost is made anew: the peer must know how, too.
  bool renewable() const { return peer_numbers_ && timeouts_.recovery > Duration(0); }

 private:
  bool pending() const { return state_ == CallState::Calling || state_ == CallState::Ringing; }
  bool reconnecting() const { return state_ == CallState::Reconnecting; }

  Actions handle(const PeerRings&);
  Actions handle(const PeerAccepts& accepts);
  Actions handle(const UserAccepts&);
  Actions handle(const UserDeclines& declines);
  Actions handle(const UserLeaves&);
  Actions handle(const ServiceEnds& ends);
  Actions handle(const PeerLeaves& leaves);
  Actions handle(const MediaConnects&);
  Actions handle(const MediaFails& fails);
  Actions handle(const PeerDescribes& describes);
  Actions handle(const PeerReconnects& reconnects);
  Actions handle(const ServiceLost&);
  Actions handle(const ServiceBack&);
  Actions handle(const NetworkChanges&);
  Actions handle(const TimerExpires& expires);

  /// Whether the peer may begin a connection with this number now.
  bool admits(int connection);
  /// From connected to reconnecting; nothing in other states.
  Actions loseConnection();
  /// Our own next try: a caller offers, a callee asks for an offer.
  Actions tryAgain();
  /// Begins the connection with this number.
  Actions open(int connection);
  SetTimer attemptTimer();
  Actions end(Reason reason, std::optional<signaling::ClientBody> farewell = std::nullopt);

  std::string id_;
  std::string peer_;
  Role role_;
  CallTimeouts timeouts_;
  signaling::Media media_;
  CallState state_ = CallState::Calling;
  int connection_ = 1;
  bool peer_numbers_ = false;
  bool online_ = true;
  int attempts_ = 0;  ///< since the loss
  int demands_ = 0;   ///< of the peer, since the loss
};

}  // namespace rtc::core
