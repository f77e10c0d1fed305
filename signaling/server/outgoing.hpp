// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the hub wants done at the sockets.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// One connection, named by whoever accepted it; never used twice.
using ClientId = std::uint64_t;

/// Close codes of RFC 6455 7.4 that the service uses, and its own ones from the private range.
enum class CloseCode : unsigned short {
  GoingAway = 1001,
  Protocol = 1002,
  Unsupported = 1003,
  InvalidText = 1007,
  Policy = 1008,
  TooBig = 1009,
  Resumed = 4001,   ///< the same login goes on over another connection
  Slow = 4002,      ///< does not read what it is sent
  Expired = 4003,   ///< the token's time is over
  Flood = 4004,     ///< goes on and on over its rate
  Unproven = 4005,  ///< too many logins whose token proves nothing
  NoLogin = 4006,   ///< has not logged in in time
};

/// Where a connection comes from, as far as the hub cares.
struct Origin {
  /// What failed logins are counted by: an address, of IPv6 the first 64 bits. Empty: not counted.
  std::string address;
  /// The token of an `Authorization: Bearer` header; empty: none came.
  std::string token;
};

struct Disconnect {
  CloseCode code = CloseCode::GoingAway;
  std::string reason;
};

struct Outgoing {
  ClientId to = 0;
  std::variant<ServerMessage, Disconnect> what;
  Numbers numbers = {};  ///< to be said with the message
};

}  // namespace rtc::signaling
