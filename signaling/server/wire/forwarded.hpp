// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whom a reverse proxy speaks for. Anybody can send X-Forwarded-For; it counts only from proxies that the operator
// named.
#pragma once

#include <optional>
#include <vector>

#include "signaling/server/wire/address.hpp"
#include "signaling/server/wire/request_head.hpp"

namespace rtc::signaling {

class TrustedProxies {
 public:
  explicit TrustedProxies(std::vector<Network> networks = {}) : networks_(std::move(networks)) {}

  bool trusts(const Address& address) const;
  /// The client behind a trusted proxy: the last address of X-Forwarded-For that is not a trusted proxy itself. Nothing
  /// if the proxy named none.
  std::optional<Address> clientOf(const RequestHead& head) const;

 private:
  std::vector<Network> networks_;
};

}  // namespace rtc::signaling
