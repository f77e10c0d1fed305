// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Tokens as RFC 7519 has them, in the compact form of RFC 7515: three parts, signed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "signaling/server/access/token_keys.hpp"

namespace rtc::signaling {

/// What a token says of its bearer.
struct Claims {
  std::string user;                                  ///< `sub`
  std::string display = {};                          ///< `name`
  std::vector<std::string> groups = {};              ///< `groups`
  std::optional<std::vector<std::string>> may = {};  ///< `may`: call, list, watch
  std::vector<std::string> audience = {};            ///< `aud`
  std::optional<double> expires = {};                ///< `exp`, in seconds since 1970
  std::optional<double> not_before = {};             ///< `nbf`
};

inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;

/// What the token claims, if one of the keys has signed it. Its times and its audience are not looked at. The error is
/// half a sentence.
Result<Claims> claimsOf(const std::string& token, const TokenKeys& keys);
/// A token with these claims, signed by a key that can sign.
std::string makeToken(const Claims& claims, const TokenKey& key);

}  // namespace rtc::signaling
