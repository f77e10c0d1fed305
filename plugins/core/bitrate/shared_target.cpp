// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/shared_target.hpp"

#include <algorithm>

namespace rtc::core {

unsigned sharedTarget(const std::vector<Allowance>& allowances, unsigned most) {
  if (allowances.empty()) return most;
  std::vector<unsigned> rates;
  for (const auto& allowance : allowances) {
    const auto rate = std::min(allowance.value_or(most), most);
    if (rate > 0) rates.push_back(rate);
  }
  if (rates.empty()) return 0;
  // Of two the faster one's: the slower one must not cost it anything.
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

}  // namespace rtc::core
