// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The file of keys: one section for each, named as tokens name it in `kid`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signaling/server/access/token_key.hpp"

namespace rtc::signaling {

class TokenKeys {
 public:
  /// The error is a sentence that names the file, and never holds a secret.
  static Result<TokenKeys> read(const std::string& path);

  static TokenKeys of(std::vector<TokenKey> keys);

  const std::vector<TokenKey>& all() const { return keys_; }
  /// The key of this id; with an empty id the first that can sign.
  const TokenKey* forSigning(std::string_view id) const;

 private:
  std::vector<TokenKey> keys_;
};

}  // namespace rtc::signaling
