// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who somebody is, by a token signed with one of our keys.
#pragma once

#include <functional>
#include <string>

#include "signaling/server/access/web_token.hpp"
#include "signaling/server/identity.hpp"

namespace rtc::signaling {

/// The time of day, in seconds since 1970.
using WallClock = std::function<double()>;
double systemWallClock();

struct TokenRules {
  std::string audience = "rtc-signald";  ///< of which tokens must be; empty: of any
  Duration leeway{30'000};               ///< for clocks that are not quite right
};

class TokenAuthenticator final : public Authenticator {
 public:
  TokenAuthenticator(TokenKeys keys, TokenRules rules, WallClock clock = systemWallClock)
      : keys_(std::move(keys)), rules_(std::move(rules)), clock_(std::move(clock)) {}

  Result<Identity> identify(const std::string& token) const override;
  void replace(TokenKeys keys) { keys_ = std::move(keys); }

 private:
  Result<Duration> validity(const Claims& claims) const;

  TokenKeys keys_;
  TokenRules rules_;
  WallClock clock_;
};

}  // namespace rtc::signaling
