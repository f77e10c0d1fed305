// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who wants to be told of whom. It knows names only; whether a user may be seen is for whoever asks it to say.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "signaling/protocol/message.hpp"
#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

class Presence {
 public:
  /// `of_all`: also of those whom nobody here watches.
  explicit Presence(bool of_all) : of_all_(of_all) {}

  /// Replaces whom the session watches.
  void watch(SessionId watcher, const std::vector<std::string>& users);
  void forget(SessionId watcher) { watch(watcher, {}); }

  /// It may stand otherwise with the user now.
  void touch(const std::string& user) {
    if (of_all_ || watchers_.contains(user)) touched_.insert(user);
  }
  /// The users that were touched since.
  std::set<std::string> takeTouched() { return std::exchange(touched_, {}); }
  /// The watchers know this from now on. True if it is not what they were told last.
  bool tells(const std::string& user, PresenceState state);
  const std::set<SessionId>& watchersOf(const std::string& user) const;

 private:
  struct Watched {
    std::set<SessionId> watchers;
    PresenceState told = PresenceState::Offline;
  };

  const bool of_all_;
  std::unordered_map<std::string, Watched> watchers_;
  std::unordered_map<SessionId, std::vector<std::string>> watched_by_;
  std::set<std::string> touched_;
};

}  // namespace rtc::signaling
