// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The whole service but its sockets: a message in, messages out. It has no threads, no I/O, and no time but the clock
// it is given.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "signaling/server/book_dialect.hpp"
#include "signaling/server/call_rates.hpp"
#include "signaling/server/full_dialect.hpp"
#include "signaling/server/hub_counters.hpp"
#include "signaling/server/hub_limits.hpp"
#include "signaling/server/login_desk.hpp"
#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

struct HubOptions {
  CallTimers timers = {};
  std::vector<IceServer> ice_servers = {};  ///< told to every full client
  int reconnect_spread_ms = 5'000;          ///< `goaway` spreads the clients' return over this time
  HubLimits limits = {};
  /// Proves names; borrowed. Nobody: the service is open, and every name is free to whoever comes first.
  const Authenticator* authenticator = nullptr;
  /// Makes ICE servers for each user; borrowed. Nobody: all are told `ice_servers`.
  const IceServerSource* ice_server_source = nullptr;
  /// Knows of other hubs; borrowed. Nobody: there are none.
  Backplane* backplane = nullptr;
};

/// Bound to a thread. What each call returns is to be carried out in its order.
class Hub {
 public:
  Hub(const Clock& clock, Randomness& randomness, HubOptions options);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  std::vector<Outgoing> connected(ClientId client, Origin origin = {});
  std::vector<Outgoing> handle(ClientId client, const ClientMessage& message);
  /// Also for one that the hub itself disconnected. A client that is not known is ignored.
  std::vector<Outgoing> closed(ClientId client);

  // From the backplane.
  /// It stands otherwise with a user at another hub.
  std::vector<Outgoing> heardOf(const std::string& user);
  std::vector<Outgoing> received(HubId from, const Parcel& parcel);
  /// Another hub is gone, and its clients with it.
  std::vector<Outgoing> lost(HubId hub);

  /// Does what is due.
  std::vector<Outgoing> tick();
  /// When `tick` will have something to do; it moves with everything else that is called here.
  std::optional<Instant> nextDeadline() const;

  /// The service is about to stop: full clients are told, no call begins any more.
  std::vector<Outgoing> drain();
  /// Calls that stopping now would break: those that are connected live on without the service.
  std::size_t callsBeingSetUp() const;
  /// Ends those, and disconnects everybody.
  std::vector<Outgoing> stop();

  HubCounters counters() const;

 private:
  void dispatch(Session& sender, const ClientMessage& message);
  void take(HubId from, const FromDevice& parcel);
  /// Whether the message is one that was not heard yet, where they are counted.
  bool fresh(Session& sender, const ClientMessage& message);
  /// Whether the connection keeps to its rate. If not, the message is refused, and in the end the connection closed.
  bool withinRate(Session& sender, const ClientMessage& message);
  void acknowledge(ClientId client);

  const HubOptions options_;
  const FixedIceServers fixed_ice_servers_;
  Switchboard board_;
  bool draining_ = false;
  LoginDesk desk_;
  CallRates rates_;
  BookDialect book_;
  FullDialect full_;
};

}  // namespace rtc::signaling
