// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/token_key.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

namespace rtc::signaling {

namespace {

constexpr std::array<std::pair<TokenAlgorithm, std::string_view>, 4> kWords = {{
    {TokenAlgorithm::HS256, "HS256"},
    {TokenAlgorithm::RS256, "RS256"},
    {TokenAlgorithm::ES256, "ES256"},
    {TokenAlgorithm::EdDSA, "EdDSA"},
}};
constexpr std::size_t kLeastSecret = 32;
constexpr int kLeastRsaBits = 2048;
/// Of r and of s in a signature with P-256 (RFC 7518 3.4).
constexpr int kHalf = 32;

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// JWS has r and s side by side; OpenSSL wants them as ASN.1.
std::string derOf(std::string_view raw) {
  if (raw.size() != 2 * kHalf) return {};
  const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytesOf(raw), kHalf, nullptr),
                 BN_bin2bn(bytesOf(raw.substr(kHalf)), kHalf, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const std::string text = size > 0 ? std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size)) : "";
  OPENSSL_free(der);
  return text;
}

std::string rawOf(const std::string& der) {
  const unsigned char* at = bytesOf(der);
  const Owned<ECDSA_SIG> signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!signature) return {};
  std::array<unsigned char, 2 * kHalf> raw{};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), kHalf);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + kHalf, kHalf);
  return {reinterpret_cast<char*>(raw.data()), raw.size()};
}

/// Ed25519 brings its own hash.
const EVP_MD* digestOf(TokenAlgorithm algorithm) {
  return algorithm == TokenAlgorithm::EdDSA ? nullptr : EVP_sha256();
}

}  // namespace

std::string_view word(TokenAlgorithm algorithm) {
  return kWords[static_cast<std::size_t>(algorithm)].second;
}

std::optional<TokenAlgorithm> tokenAlgorithmOf(std::string_view text) {
  for (const auto& [algorithm, known] : kWords) {
    if (known == text) return algorithm;
  }
  return std::nullopt;
}

Result<TokenKey> TokenKey::secret(std::string id, std::string bytes) {
  if (bytes.size() < kLeastSecret) {
    return Error{"the secret of “" + id + "” has " + std::to_string(bytes.size()) + " bytes and needs at least " +
                 std::to_string(kLeastSecret) + ": make one with `openssl rand -base64 32`"};
  }
  TokenKey key(std::move(id), TokenAlgorithm::HS256);
  key.secret_ = std::move(bytes);
  key.signs_ = true;
  return key;
}

Result<TokenKey> TokenKey::pem(std::string id, TokenAlgorithm algorithm, const std::string& text) {
  TokenKey key(std::move(id), algorithm);
  const auto source = [&] { return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); };
  // A key with a passphrase would ask for it on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  key.key_.reset(PEM_read_bio_PrivateKey(source().get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  key.signs_ = key.key_ != nullptr;
  if (!key.key_) key.key_.reset(PEM_read_bio_PUBKEY(source().get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  if (!key.key_) return Error{"the key “" + key.id_ + "” is no PEM file with a public or an unencrypted private key"};
  if (!key.fits()) {
    return Error{"the key “" + key.id_ + "” is none for " + std::string(word(algorithm)) +
                 " (RSA of at least 2048 bits, P-256, Ed25519)"};
  }
  return key;
}

bool TokenKey::fits() const {
  const int type = EVP_PKEY_get_base_id(key_.get());
  switch (algorithm_) {
    case TokenAlgorithm::RS256:
      return type == EVP_PKEY_RSA && EVP_PKEY_get_bits(key_.get()) >= kLeastRsaBits;
    case TokenAlgorithm::ES256: {
      std::array<char, 32> curve{};
      EVP_PKEY_get_group_name(key_.get(), curve.data(), curve.size(), nullptr);
      return type == EVP_PKEY_EC && std::string_view(curve.data()) == "prime256v1";
    }
    case TokenAlgorithm::EdDSA:
      return type == EVP_PKEY_ED25519;
    case TokenAlgorithm::HS256:
      break;
  }
  return false;
}

std::string TokenKey::hmac(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytesOf(text), text.size(), digest.data(),
       &size);
  return {reinterpret_cast<char*>(digest.data()), size};
}

bool TokenKey::verify(std::string_view text, std::string_view signature) const {
  if (algorithm_ == TokenAlgorithm::HS256) {
    const auto expected = hmac(text);
    return expected.size() == signature.size() &&
           CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  }
  const std::string der = algorithm_ == TokenAlgorithm::ES256 ? derOf(signature) : std::string(signature);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool ready = EVP_DigestVerifyInit(context.get(), nullptr, digestOf(algorithm_), nullptr, key_.get()) == 1;
  const bool good = ready && EVP_DigestVerify(context.get(), bytesOf(der), der.size(), bytesOf(text), text.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string TokenKey::sign(std::string_view text) const {
  if (algorithm_ == TokenAlgorithm::HS256) return hmac(text);
  if (!signs_) return {};
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const bool ready = EVP_DigestSignInit(context.get(), nullptr, digestOf(algorithm_), nullptr, key_.get()) == 1 &&
                     EVP_DigestSign(context.get(), nullptr, &size, bytesOf(text), text.size()) == 1;
  if (!ready) return {};
  std::string signature(size, '\0');
  auto* at = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), at, &size, bytesOf(text), text.size()) != 1) return {};
  signature.resize(size);
  return algorithm_ == TokenAlgorithm::ES256 ? rawOf(signature) : signature;
}

}  // namespace rtc::signaling
