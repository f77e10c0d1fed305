// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of other hubs in which devices of ours are: what is said in them goes there.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "signaling/server/backplane.hpp"
#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

class Couriers {
 public:
  struct Errand {
    SessionId device = 0;
    std::string call;
    HubId owner = 0;
    bool accepted = false;  ///< by this device
  };

  void add(const Errand& errand);
  void remove(SessionId device, const std::string& call);
  void forget(SessionId device);

  Errand* find(SessionId device, const std::string& call);
  /// Whether a device of ours is in a call of this id.
  bool carries(const std::string& call) const { return calls_.contains(call); }
  bool busy(SessionId device) const { return !of(device).empty(); }
  std::vector<Errand> of(SessionId device) const;
  std::vector<Errand> ownedBy(HubId hub) const;
  /// The hubs that own calls of the device.
  std::set<HubId> ownersOf(SessionId device) const;

 private:
  /// Only parties of calls between hubs are in here, by device and call.
  std::map<std::pair<SessionId, std::string>, Errand> errands_;
  std::unordered_multiset<std::string> calls_;  ///< once for each errand
};

}  // namespace rtc::signaling
