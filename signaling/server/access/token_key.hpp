// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A key with the one algorithm that it is for. What a token claims about its algorithm is never believed: it is
// compared.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace rtc::signaling {

enum class TokenAlgorithm { HS256, RS256, ES256, EdDSA };

std::string_view word(TokenAlgorithm algorithm);
/// Nothing for any other word, `none` above all.
std::optional<TokenAlgorithm> tokenAlgorithmOf(std::string_view word);

class TokenKey {
 public:
  /// For HS256. At least 32 bytes, as RFC 7518 3.2 wants.
  static Result<TokenKey> secret(std::string id, std::string bytes);
  /// For the others: PEM of a public key, or of a private one, which can sign as well.
  static Result<TokenKey> pem(std::string id, TokenAlgorithm algorithm, const std::string& text);

  const std::string& id() const { return id_; }
  TokenAlgorithm algorithm() const { return algorithm_; }
  bool signs() const { return signs_; }

  bool verify(std::string_view text, std::string_view signature) const;
  /// Empty if it cannot.
  std::string sign(std::string_view text) const;

 private:
  TokenKey(std::string id, TokenAlgorithm algorithm) : id_(std::move(id)), algorithm_(algorithm) {}
  bool fits() const;
  std::string hmac(std::string_view text) const;

  std::string id_;
  TokenAlgorithm algorithm_;
  bool signs_ = false;
  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace rtc::signaling
