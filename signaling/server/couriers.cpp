// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/couriers.hpp"

namespace rtc::signaling {

void Couriers::add(const Errand& errand) {
  const bool is_new = errands_.insert_or_assign({errand.device, errand.call}, errand).second;
  if (is_new) calls_.insert(errand.call);
}

void Couriers::remove(SessionId device, const std::string& call) {
  if (errands_.erase({device, call}) > 0) calls_.erase(calls_.find(call));
}

void Couriers::forget(SessionId device) {
  for (const auto& errand : of(device)) remove(device, errand.call);
}

Couriers::Errand* Couriers::find(SessionId device, const std::string& call) {
  const auto found = errands_.find({device, call});
  return found != errands_.end() ? &found->second : nullptr;
}

std::vector<Couriers::Errand> Couriers::of(SessionId device) const {
  std::vector<Errand> found;
  for (auto each = errands_.lower_bound({device, ""}); each != errands_.end() && each->first.first == device; ++each) {
    found.push_back(each->second);
  }
  return found;
}

std::vector<Couriers::Errand> Couriers::ownedBy(HubId hub) const {
  std::vector<Errand> found;
  for (const auto& [key, errand] : errands_) {
    if (errand.owner == hub) found.push_back(errand);
  }
  return found;
}

std::set<HubId> Couriers::ownersOf(SessionId device) const {
  std::set<HubId> owners;
  for (const auto& errand : of(device)) owners.insert(errand.owner);
  return owners;
}

}  // namespace rtc::signaling
