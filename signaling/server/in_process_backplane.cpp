// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/in_process_backplane.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rtc::signaling {

class InProcessBackplane::End final : public Backplane {
 public:
  End(InProcessBackplane& all, HubId hub) : all_(all), hub_(hub) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() override { all_.leave(hub_); }

  HubId self() const override { return hub_; }
  void announce(const UserRecord& record) override { all_.announce(hub_, record); }

  std::vector<UserElsewhere> elsewhere(const std::string& user) const override {
    std::vector<UserElsewhere> found;
    const auto places = all_.users_.find(user);
    if (places == all_.users_.end()) return found;
    for (const auto& [place, record] : places->second) {
      if (place != hub_) found.push_back({place, record});
    }
    return found;
  }

  std::vector<std::string> membersElsewhere(const std::string& group) const override {
    std::vector<std::string> members;
    for (const auto& [user, places] : all_.users_) {
      const bool takes_its_calls = std::ranges::any_of(places, [&](const auto& place) {
        return place.first != hub_ && std::ranges::count(place.second.groups, group) > 0;
      });
      if (takes_its_calls) members.push_back(user);
    }
    return members;
  }

  void send(HubId to, Parcel parcel) override { all_.send(hub_, to, parcel); }

 private:
  InProcessBackplane& all_;
  const HubId hub_;
};

std::unique_ptr<Backplane> InProcessBackplane::join(Hearing hearing) {
  const HubId hub = ++last_hub_;
  hubs_.emplace(hub, std::move(hearing));
  return std::make_unique<End>(*this, hub);
}

void InProcessBackplane::announce(HubId hub, const UserRecord& record) {
  auto& places = users_[record.user];
  if (record.gone()) {
    places.erase(hub);
    if (places.empty()) users_.erase(record.user);
  } else {
    places[hub] = record;
  }
  tellOthers(hub, [user = record.user](const Hearing& hearing) { hearing.heard_of(user); });
}

void InProcessBackplane::send(HubId from, HubId to, const Parcel& parcel) {
  const News news = [from, parcel](const Hearing& hearing) { hearing.received(from, parcel); };
  if (to == 0) {
    tellOthers(from, news);
  } else {
    under_way_.emplace_back(to, news);
  }
}

void InProcessBackplane::leave(HubId hub) {
  hubs_.erase(hub);
  std::vector<std::string> there;
  for (const auto& [user, places] : users_) {
    if (places.contains(hub)) there.push_back(user);
  }
  for (const auto& user : there) announce(hub, UserRecord{.user = user, .devices = {}, .groups = {}});
  tellOthers(hub, [hub](const Hearing& hearing) { hearing.lost(hub); });
}

void InProcessBackplane::tellOthers(HubId but, const News& news) {
  for (const auto& [hub, hearing] : hubs_) {
    if (hub != but) under_way_.emplace_back(hub, news);
  }
}

void InProcessBackplane::deliver() {
  while (!under_way_.empty()) {
    const auto [to, news] = std::move(under_way_.front());
    under_way_.pop_front();
    if (const auto hub = hubs_.find(to); hub != hubs_.end()) news(hub->second);
  }
}

}  // namespace rtc::signaling
