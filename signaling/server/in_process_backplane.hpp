// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Hubs of one process, on one thread, that know of each other's users.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "signaling/server/backplane.hpp"

namespace rtc::signaling {

/// Outlives the ends that it gives out.
class InProcessBackplane {
 public:
  /// `changed` is called when it stands otherwise with a user at another hub.
  std::unique_ptr<Backplane> join(std::function<void(const std::string& user)> changed);

 private:
  class End;

  void announce(int hub, const UserPresence& presence);
  PresenceState elsewhere(int hub, const std::string& user) const;
  void leave(int hub);

  int last_hub_ = 0;
  std::map<int, std::function<void(const std::string&)>> hubs_;
  /// Who is where; nobody who is offline.
  std::unordered_map<std::string, std::map<int, PresenceState>> users_;
};

}  // namespace rtc::signaling
