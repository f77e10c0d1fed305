// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which STUN and TURN servers a user is told.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

class IceServerSource {
 public:
  virtual ~IceServerSource() = default;
  /// With credentials of this user's own, where they are made for each.
  virtual std::vector<IceServer> serversFor(const std::string& user) const = 0;
  /// For how long such credentials can begin a relay; nothing: for ever.
  virtual std::optional<Duration> lifetime() const { return std::nullopt; }
};

/// The same for everybody.
class FixedIceServers final : public IceServerSource {
 public:
  explicit FixedIceServers(std::vector<IceServer> servers) : servers_(std::move(servers)) {}
  std::vector<IceServer> serversFor(const std::string&) const override { return servers_; }

 private:
  std::vector<IceServer> servers_;
};

}  // namespace rtc::signaling
