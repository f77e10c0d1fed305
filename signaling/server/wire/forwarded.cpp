// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/forwarded.hpp"

#include <algorithm>

namespace rtc::signaling {

bool TrustedProxies::trusts(const Address& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) { return network.contains(address); });
}

std::optional<Address> TrustedProxies::clientOf(const RequestHead& head) const {
  std::optional<Address> client;
  for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
    if (field->first != "x-forwarded-for") continue;
    std::string_view rest = field->second;
    while (!rest.empty()) {
      const auto comma = rest.rfind(',');
      auto entry = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      rest = rest.substr(0, comma == std::string_view::npos ? 0 : comma);
      entry.remove_prefix(std::min(entry.find_first_not_of(' '), entry.size()));
      const auto address = Address::parse(entry);
      // What stands before something that no proxy writes was written by the client.
      if (!address) return client;
      client = address;
      if (!trusts(*address)) return client;
    }
  }
  return client;
}

}  // namespace rtc::signaling
