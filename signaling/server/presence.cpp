// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/presence.hpp"

#include <utility>

namespace rtc::signaling {

void Presence::watch(SessionId watcher, const std::vector<std::string>& users) {
  if (auto before = watched_by_.extract(watcher)) {
    for (const auto& user : before.mapped()) {
      const auto entry = watchers_.find(user);
      if (entry == watchers_.end()) continue;
      entry->second.watchers.erase(watcher);
      if (entry->second.watchers.empty()) watchers_.erase(entry);
    }
  }
  if (users.empty()) return;
  for (const auto& user : users) watchers_[user].watchers.insert(watcher);
  watched_by_[watcher] = users;
}

bool Presence::tells(const std::string& user, PresenceState state) {
  const auto entry = watchers_.find(user);
  return entry != watchers_.end() && std::exchange(entry->second.told, state) != state;
}

const std::set<SessionId>& Presence::watchersOf(const std::string& user) const {
  static const std::set<SessionId> nobody;
  const auto entry = watchers_.find(user);
  return entry != watchers_.end() ? entry->second.watchers : nobody;
}

}  // namespace rtc::signaling
