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
  Unsupported = 1003,
  TooBig = 1009,
  Resumed = 4001,  ///< the same login goes on over another connection
  Slow = 4002,     ///< does not read what it is sent
};

struct Disconnect {
  CloseCode code = CloseCode::GoingAway;
  std::string reason;
};

struct Outgoing {
  ClientId to = 0;
  std::variant<ServerMessage, Disconnect> what;
};

}  // namespace rtc::signaling
