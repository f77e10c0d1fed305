// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service knows of identity: its token keys and the secret of its TURN servers, from their files, read again
// on demand.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "signaling/server/access/token_authenticator.hpp"
#include "signaling/server/access/turn_credentials.hpp"
#include "signaling/server/hub.hpp"

namespace rtc::signaling {

struct AccessOptions {
  std::string token_keys;  ///< file; empty: the service is open
  TokenRules token_rules = {};
  std::vector<std::string> turn_servers = {};  ///< whose credentials we make
  std::string turn_secret_file = {};
  Duration turn_lifetime{3'600'000};
};

/// Bound to a thread. Lives as long as the hub that borrows from it.
class Access {
 public:
  static Result<Access> open(const AccessOptions& options, const std::vector<IceServer>& ice_servers);

  /// Nobody needs a token.
  bool isOpen() const { return !authenticator_; }
  void lendTo(HubOptions& hub) const;
  /// Reads the files again. On an error everything stays as it was.
  Result<Done> reload();

 private:
  explicit Access(AccessOptions options) : options_(std::move(options)) {}

  AccessOptions options_;
  std::unique_ptr<TokenAuthenticator> authenticator_;
  std::unique_ptr<TurnCredentials> turn_;
};

}  // namespace rtc::signaling
