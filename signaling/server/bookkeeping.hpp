// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the messages of the hub mean to those who watch the service: who is logged in, which calls there are, how they
// end; in counters and in the log.
#pragma once

#include "base/clock.hpp"
#include "signaling/server/connection.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/wire/address_gate.hpp"
#include "signaling/server/wire/metrics.hpp"

namespace rtc::signaling {

class Bookkeeping {
 public:
  Bookkeeping(Metrics& metrics, bool log_addresses) : metrics_(metrics), log_addresses_(log_addresses) {}

  void opened(const Connection& connection);
  void left(const Connection& connection);
  void ended(const Connection& connection, Closing why);
  void refused(const Address& from, Admission admission, Instant now);
  /// The hub says this to the client.
  void told(Connection& connection, const ServerMessage& message);

 private:
  static constexpr Rate kLoggedRefusals{5, 20};

  std::string shown(const Address& address) const;
  void loggedIn(Connection& connection, std::string_view user);

  Metrics& metrics_;
  bool log_addresses_;
  /// Whoever floods us must not flood the log as well.
  TokenBucket refusals_{kLoggedRefusals, Instant{}};
};

}  // namespace rtc::signaling
