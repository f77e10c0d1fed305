// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/visitor.hpp"

#include <glib.h>

#include <string>

namespace rtc::app {

namespace {

/// The user's own name may be in use, by the very call that is asked about; and where nothing is proved, it is had
/// once.
std::string temporaryName(const std::string& user) {
  constexpr std::size_t kLongest = 40;  // services limit names
  auto name = user.substr(0, kLongest);
  // Not in the middle of a character.
  const gchar* end = nullptr;
  g_utf8_validate(name.c_str(), static_cast<gssize>(name.size()), &end);
  name.resize(static_cast<std::size_t>(end - name.c_str()));
  char suffix[24];
  g_snprintf(suffix, sizeof suffix, "-users-%08x", g_random_int());
  return name + suffix;
}

}  // namespace

signaling::SignalerOptions visitorOf(const Options& options) {
  signaling::SignalerOptions login;
  login.server = options.server;
  login.user = options.token.empty() ? temporaryName(options.user) : options.user;
  login.token = options.token;
  login.tls_ca_file = options.tls_ca_file;
  return login;
}

}  // namespace rtc::app
