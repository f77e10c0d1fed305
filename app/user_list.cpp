// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/user_list.hpp"

#include <glib.h>

#include "base/ptr.hpp"
#include "signaling/client/websocket_signaler.hpp"

namespace rtc::app {

namespace {

/// The user's own name may be in use, by the very call that is asked about.
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

ExitStatus listUsers(const Options& options, Face& face) {
  const auto loop = adopt(g_main_loop_new(nullptr, FALSE));
  signaling::SignalerOptions login;
  login.server = options.server;
  login.user = temporaryName(options.user);
  login.token = options.token;
  login.tls_ca_file = options.tls_ca_file;

  auto status = ExitStatus::EndedWell;
  const auto signaler = signaling::makeWebSocketSignaler(login);
  const auto fail = [&](const std::string& why) {
    face.show(ErrorEvent{why});
    status = ExitStatus::Unreachable;
    g_main_loop_quit(loop.get());
  };
  const auto listed = [&](const signaling::Reply& reply) {
    const auto* list = reply ? std::get_if<signaling::UserList>(&reply.value().body) : nullptr;
    if (list == nullptr) {
      fail("The service does not tell who is there: " + (reply ? "its answer is empty" : reply.error().message));
      return;
    }
    UsersEvent event;
    for (const auto& user : list->users) {
      if (user.name != login.user) event.users.push_back({user.name, user.busy});
    }
    face.show(event);
    g_main_loop_quit(loop.get());
  };
  signaler->start([&](const signaling::SignalerEvent& event) {
    if (std::holds_alternative<signaling::Online>(event)) signaler->request(signaling::ListUsers{}, listed);
    if (const auto* failed = std::get_if<signaling::Failed>(&event)) fail(failed->why);
  });
  g_main_loop_run(loop.get());
  signaler->stop();
  return status;
}

}  // namespace rtc::app
