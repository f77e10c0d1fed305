// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/access.hpp"

#include <glib.h>

#include <utility>

#include "base/ptr.hpp"

namespace rtc::signaling {

namespace {

constexpr std::size_t kLeastSecret = 16;

Result<std::string> readSecret(const std::string& path) {
  Out<gchar> text;
  Out<GError> error;
  if (!g_file_get_contents(path.c_str(), &text, nullptr, &error))
    return Error{"--turn-secret-file: " + std::string(error->message)};
  std::string secret = g_strstrip(text.get());
  if (secret.size() < kLeastSecret) {
    return Error{"--turn-secret-file: the secret in " + path + " needs at least " + std::to_string(kLeastSecret) +
                 " characters: make one with `openssl rand -hex 32`"};
  }
  return secret;
}

}  // namespace

Result<Access> Access::open(const AccessOptions& options, const std::vector<IceServer>& ice_servers) {
  Access access(options);
  if (!options.token_keys.empty()) {
    auto keys = TokenKeys::read(options.token_keys);
    if (!keys) return keys.error();
    access.authenticator_ = std::make_unique<TokenAuthenticator>(std::move(keys).value(), options.token_rules);
  }
  if (options.turn_servers.empty() != options.turn_secret_file.empty()) {
    return Error{"--turn-server and --turn-secret-file go together: give both or neither"};
  }
  if (!options.turn_servers.empty()) {
    auto secret = readSecret(options.turn_secret_file);
    if (!secret) return secret.error();
    access.turn_ = std::make_unique<TurnCredentials>(
        ice_servers, TurnRest{options.turn_servers, std::move(secret).value(), options.turn_lifetime});
  }
  return access;
}

void Access::lendTo(HubOptions& hub) const {
  hub.authenticator = authenticator_.get();
  hub.ice_server_source = turn_.get();
}

Result<Done> Access::reload() {
  std::optional<TokenKeys> keys;
  if (authenticator_) {
    auto read = TokenKeys::read(options_.token_keys);
    if (!read) return read.error();
    keys = std::move(read).value();
  }
  if (turn_) {
    auto secret = readSecret(options_.turn_secret_file);
    if (!secret) return secret.error();
    turn_->replaceSecret(std::move(secret).value());
  }
  if (keys) authenticator_->replace(std::move(*keys));
  return Done{};
}

}  // namespace rtc::signaling
