// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service counts, and how Prometheus reads it (text format 0.0.4).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "signaling/server/hub_counters.hpp"
#include "signaling/server/wire/closing.hpp"

namespace rtc::signaling {

/// Grow and are set by whoever knows; nothing here depends on them. Bound to a thread.
struct Metrics {
  using Count = std::uint64_t;

  // Counters.
  Count accepted = 0;
  Count refused_full = 0;          ///< --max-connections
  Count refused_address_full = 0;  ///< --max-connections-per-address
  Count refused_address_rate = 0;  ///< --accept-rate
  Count refused_origin = 0;
  Count accept_errors = 0;
  Count tls_handshakes = 0;
  std::map<int, Count> requests;  ///< by HTTP status
  Count websockets = 0;
  Count bytes_in = 0;
  Count bytes_out = 0;
  Count pings = 0;
  std::array<Count, kClosings> closed{};
  Count reloads = 0;
  Count reloads_failed = 0;

  // Gauges.
  std::int64_t connections = 0;
  std::int64_t websockets_open = 0;
  std::int64_t queued_bytes = 0;
  std::int64_t addresses = 0;
  double slowest_turn_seconds = 0;  ///< of the event loop, since it was last read

  Count& closedBy(Closing closing) { return closed[static_cast<std::size_t>(closing)]; }
};

/// `hub` says what became of the messages.
std::string prometheusText(const Metrics& metrics, const HubCounters& hub, const std::string& version);

}  // namespace rtc::signaling
