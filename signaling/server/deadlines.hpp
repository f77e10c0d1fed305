// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which of many things is due next. Asking costs nothing, however many there are.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace rtc::signaling {

template <typename Key>
class Deadlines {
 public:
  /// Replaces the key's deadline; nothing takes it away.
  void set(const Key& key, std::optional<Instant> deadline) {
    if (const auto known = of_.find(key); known != of_.end()) {
      order_.erase({known->second, key});
      of_.erase(known);
    }
    if (!deadline) return;
    of_.emplace(key, *deadline);
    order_.emplace(*deadline, key);
  }

  std::optional<Instant> next() const { return order_.empty() ? std::nullopt : std::optional(order_.begin()->first); }

  std::vector<Key> due(Instant now) const {
    std::vector<Key> keys;
    for (auto entry = order_.begin(); entry != order_.end() && entry->first <= now; ++entry) {
      keys.push_back(entry->second);
    }
    return keys;
  }

 private:
  std::map<Key, Instant> of_;
  std::set<std::pair<Instant, Key>> order_;
};

}  // namespace rtc::signaling
