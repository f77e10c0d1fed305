// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/user_list.hpp"

#include <glib.h>

#include "app/visitor.hpp"
#include "base/ptr.hpp"
#include "signaling/client/websocket_signaler.hpp"

namespace rtc::app {

ExitStatus listUsers(const Options& options, Face& face) {
  const auto loop = adopt(g_main_loop_new(nullptr, FALSE));
  const auto login = visitorOf(options);
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
    actAsVisitor(*signaler, event, face);
    if (std::holds_alternative<signaling::Online>(event)) signaler->request(signaling::ListUsers{}, listed);
    if (const auto* failed = std::get_if<signaling::Failed>(&event)) fail(failed->why);
  });
  g_main_loop_run(loop.get());
  signaler->stop();
  return status;
}

}  // namespace rtc::app
