// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the hub has done since it began, for whoever watches over the service.
#pragma once

#include <array>
#include <cstdint>

#include "signaling/protocol/reason.hpp"

namespace rtc::signaling {

struct HubCounters {
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t logins = 0;
  std::uint64_t resumes = 0;
  std::uint64_t resumes_refused = 0;  ///< a secret that nobody has (any more)
  std::uint64_t logins_refused = 0;   ///< for whatever reason
  std::uint64_t tokens_refused = 0;   ///< of these, for what the token proves
  std::uint64_t tokens_expired = 0;   ///< logins that outlived theirs
  std::uint64_t calls = 0;
  std::uint64_t calls_accepted = 0;
  std::uint64_t calls_connected = 0;
  std::uint64_t calls_reattached = 0;
  std::array<std::uint64_t, kReasons> calls_ended{};  ///< by the `Reason`
  std::uint64_t missed_calls = 0;
  std::uint64_t foreign_calls = 0;       ///< messages about calls of others
  std::uint64_t messages_limited = 0;    ///< refused by a connection's rate
  std::uint64_t calls_limited = 0;       ///< refused by a user's rate or number
  std::uint64_t logins_limited = 0;      ///< refused by an address's failures or a user's devices
  std::uint64_t floods_closed = 0;       ///< connections that went on over their rate
  std::uint64_t outboxes_overflown = 0;  ///< sessions that heard or confirmed too little to be resumed

  // What is now.
  std::uint64_t sessions = 0;
  std::uint64_t users = 0;
  std::uint64_t calls_now = 0;
};

}  // namespace rtc::signaling
