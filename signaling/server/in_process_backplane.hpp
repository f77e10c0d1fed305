// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Hubs of one process, on one thread, that know of each other's users and carry each other's calls.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "signaling/server/backplane.hpp"

namespace rtc::signaling {

/// Outlives the ends that it gives out.
class InProcessBackplane {
 public:
  /// What a hub is told: see `Backplane`.
  struct Hearing {
    std::function<void(const std::string& user)> heard_of;
    std::function<void(HubId from, const Parcel& parcel)> received;
    std::function<void(HubId hub)> lost;
  };

  std::unique_ptr<Backplane> join(Hearing hearing);
  /// Tells the hubs what is under way, and what follows from it. Not to be called while a hub is at work.
  void deliver();

 private:
  class End;
  using News = std::function<void(const Hearing&)>;

  void announce(HubId hub, const UserRecord& record);
  void send(HubId from, HubId to, const Parcel& parcel);
  void leave(HubId hub);
  void tellOthers(HubId but, const News& news);

  HubId last_hub_ = 0;
  std::map<HubId, Hearing> hubs_;
  /// Who is where; nobody who is gone.
  std::unordered_map<std::string, std::map<HubId, UserRecord>> users_;
  std::deque<std::pair<HubId, News>> under_way_;
};

}  // namespace rtc::signaling
