// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/in_process_backplane.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rtc::signaling {

class InProcessBackplane::End final : public Backplane {
 public:
  End(InProcessBackplane& all, int hub) : all_(all), hub_(hub) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() override { all_.leave(hub_); }

  void announce(const UserPresence& presence) override { all_.announce(hub_, presence); }
  PresenceState elsewhere(const std::string& user) const override { return all_.elsewhere(hub_, user); }

 private:
  InProcessBackplane& all_;
  const int hub_;
};

std::unique_ptr<Backplane> InProcessBackplane::join(std::function<void(const std::string& user)> changed) {
  const int hub = ++last_hub_;
  hubs_.emplace(hub, std::move(changed));
  return std::make_unique<End>(*this, hub);
}

void InProcessBackplane::announce(int hub, const UserPresence& presence) {
  auto& places = users_[presence.user];
  if (presence.state == PresenceState::Offline) {
    places.erase(hub);
    if (places.empty()) users_.erase(presence.user);
  } else {
    places[hub] = presence.state;
  }
  for (const auto& [other, changed] : hubs_) {
    if (other != hub) changed(presence.user);
  }
}

PresenceState InProcessBackplane::elsewhere(int hub, const std::string& user) const {
  auto best = PresenceState::Offline;
  const auto places = users_.find(user);
  if (places == users_.end()) return best;
  for (const auto& [place, state] : places->second) {
    if (place != hub) best = std::max(best, state);
  }
  return best;
}

void InProcessBackplane::leave(int hub) {
  hubs_.erase(hub);
  std::vector<std::string> there;
  for (const auto& [user, places] : users_) {
    if (places.contains(hub)) there.push_back(user);
  }
  for (const auto& user : there) announce(hub, {user, PresenceState::Offline});
}

}  // namespace rtc::signaling
