// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who may come in: how many connections there are in all and from one address, and how fast they come.
// One address is one IPv4 address or one /64 of IPv6.
#pragma once

#include <cstddef>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "signaling/server/wire/address.hpp"

namespace rtc::signaling {

struct GateLimits {
  int connections = 10'000;
  int connections_per_address = 1'000;
  int accepts_per_second = 50;  ///< of one address; 0: without limit
  int accepts_burst = 500;
};

enum class Admission { Admitted, Full, AddressFull, AddressTooFast };

/// Bound to a thread. Remembers of an address only what may still limit it.
class AddressGate {
 public:
  explicit AddressGate(const GateLimits& limits)
      : limits_(limits),
        accepts_{static_cast<double>(limits.accepts_per_second), static_cast<double>(limits.accepts_burst)} {}

  /// Counts the connection if it is admitted; `leave` takes it out again. A trusted proxy speaks for many: only the cap
  /// of all connections holds for it.
  Admission enter(const Address& from, Instant now, bool trusted = false);
  void leave(const Address& from, Instant now);
  /// A proxy's connection turns out to be a client's: the client is counted in its place, if it is admitted.
  Admission reveal(const Address& proxy, const Address& client, Instant now);

  int connections() const { return connections_; }
  std::size_t remembered() const { return holders_.size(); }

 private:
  struct Holder {
    int connections = 0;
    TokenBucket accepts;
  };

  bool tooFast(Holder& holder, Instant now) const;
  bool forgettable(Holder& holder, Instant now) const;
  void forget(Instant now);

  GateLimits limits_;
  Rate accepts_;
  int connections_ = 0;
  std::unordered_map<Address, Holder> holders_;
  std::size_t forget_at_ = 1'024;
};

}  // namespace rtc::signaling
