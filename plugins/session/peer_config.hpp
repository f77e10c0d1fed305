// SPDX-License-Identifier: LGPL-2.1-or-later
//
// All that one connection is set up by: what is offered, the ways to look for a path, and time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugins/core/negotiation.hpp"
#include "plugins/session/gst_ptr.hpp"
#include "plugins/session/settings.hpp"

namespace rtc {

struct PeerConfig {
  core::Role role = core::Role::Caller;
  std::vector<core::Kind> kinds;  ///< what a caller offers
  core::CodecPreferences codecs;
  std::string stun_server;  ///< `stun://HOST:PORT`; may be empty
  std::vector<std::string> turn_servers;
  bool relay_only = false;
  bool ice_tcp = false;
  std::vector<std::string> ice_interfaces;  ///< names or addresses; empty: all
  unsigned min_port = 0;                    ///< of the host's candidates; 0: any
  unsigned max_port = 0;
  std::optional<Duration> latency;  ///< how long after they came streams are played; empty: as the path needs
  unsigned fec_percentage = 0;      ///< redundancy of pictures; 0: none is sent or taken
  Duration timeout{8'000};
  Ptr<GstClock> clock;  ///< of the user's pipeline, like its base time
  GstClockTime base_time = 0;
};

/// As far as the settings say; ICE servers only where they name some of their own.
PeerConfig peerConfigFrom(const Settings& settings);

}  // namespace rtc
