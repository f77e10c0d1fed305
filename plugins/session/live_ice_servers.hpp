// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The STUN and TURN servers that the signaling service names, with credentials that are always good: a call, or a lane
// of one, may begin hours after the login.
#pragma once

#include <optional>
#include <vector>

#include "base/task_thread.hpp"
#include "signaling/client/signaler.hpp"

namespace rtc {

/// Bound to its thread.
class LiveIceServers {
 public:
  explicit LiveIceServers(const TaskThread& thread) : thread_(thread) {}

  const std::vector<signaling::IceServer>& now() const { return servers_; }
  /// What a login told, or the reply to a request. They are asked for again, of the signaler, when half of their time
  /// is over.
  void take(signaling::Signaler& from, const signaling::LoggedIn& login);
  void take(signaling::Signaler& from, const signaling::IceServerList& list);
  /// The service is out of reach: the next login will tell. To be called before the signaler goes.
  void stop() { refresh_.cancel(); }

 private:
  void refreshIn(signaling::Signaler& from, Duration delay);
  void ask(signaling::Signaler& from);

  const TaskThread& thread_;
  std::vector<signaling::IceServer> servers_;
  Duration retry_{0};
  Timer refresh_;
};

}  // namespace rtc
