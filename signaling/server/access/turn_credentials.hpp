// SPDX-License-Identifier: LGPL-2.1-or-later
//
// STUN and TURN servers, with credentials that hold for one user and for a while: what coturn calls `use-auth-secret`
// (draft-uberti-behave-turn-rest-00).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "signaling/server/access/token_authenticator.hpp"
#include "signaling/server/ice_server_source.hpp"

namespace rtc::signaling {

struct TurnRest {
  std::vector<std::string> servers;  ///< `turn:` and `turns:` addresses without a user
  std::string secret;                ///< shared with the TURN servers
  Duration lifetime{3'600'000};      ///< of the credentials; an allocation that stands outlives them
};

class TurnCredentials final : public IceServerSource {
 public:
  TurnCredentials(std::vector<IceServer> fixed, TurnRest rest, WallClock clock = systemWallClock)
      : fixed_(std::move(fixed)), rest_(std::move(rest)), clock_(std::move(clock)) {}

  std::vector<IceServer> serversFor(const std::string& user) const override;
  std::optional<Duration> lifetime() const override { return rest_.lifetime; }
  void replaceSecret(std::string secret) { rest_.secret = std::move(secret); }

 private:
  std::vector<IceServer> fixed_;
  TurnRest rest_;
  WallClock clock_;
};

}  // namespace rtc::signaling
