// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/turn_credentials.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace rtc::signaling {

namespace {

/// SHA-1 is what the draft and every TURN server take. Its broken collisions do not touch HMAC.
std::string password(const std::string& secret, const std::string& username) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(username.data()), username.size(), digest.data(), &size);
  std::string text(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest.data(), static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// The user's name with what TURN servers or their logs might stumble over as `_`: it is there to be recognised, and
/// the password binds it.
std::string plain(const std::string& user) {
  std::string name = user;
  for (char& c : name) {
    const bool keep =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '@';
    if (!keep) c = '_';
  }
  return name;
}

}  // namespace

std::vector<IceServer> TurnCredentials::serversFor(const std::string& user) const {
  auto servers = fixed_;
  if (rest_.servers.empty()) return servers;
  const auto until = static_cast<long long>(clock_()) + rest_.lifetime / std::chrono::seconds(1);
  const std::string username = std::to_string(until) + ":" + plain(user);
  servers.push_back({rest_.servers, username, password(rest_.secret, username)});
  return servers;
}

}  // namespace rtc::signaling
