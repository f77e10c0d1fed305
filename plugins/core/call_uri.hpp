// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call as a URI, so that a player can play one: `rtc://[USER[:TOKEN]@]HOST[:PORT]/PEER`, and `rtcs://` for a service
// with TLS.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace rtc::core {

struct CallUri {
  std::string server;  ///< `ws://HOST:PORT` or `wss://HOST:PORT`
  std::string user;    ///< who we are; empty if the URI leaves that open
  std::string token;   ///< may be empty
  std::string peer;    ///< whom to call
  std::string shown;   ///< the URI without the token
};

/// User, token and peer may be percent-encoded (RFC 3986 section 2.1). The port is 8888 unless it is given.
Result<CallUri> parseCallUri(std::string_view text);

}  // namespace rtc::core
