// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/visitor.hpp"

#include <glib.h>

#include <algorithm>
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

void actAsVisitor(signaling::Signaler& signaler, const signaling::SignalerEvent& event, Face& face) {
  if (const auto* online = std::get_if<signaling::Online>(&event)) {
    for (const auto& missed : online->login.missed) {
      face.show(MissedCallEvent{missed.call, missed.from, static_cast<unsigned>(std::max(missed.ago_s, 0))});
    }
  }
  const auto* received = std::get_if<signaling::Received>(&event);
  const auto* incoming = received ? std::get_if<signaling::IncomingCall>(&received->message) : nullptr;
  // That it may be over by then is no error.
  if (incoming) signaler.request(signaling::Decline{incoming->call, signaling::Reason::Busy}, [](const auto&) {});
}

}  // namespace rtc::app
