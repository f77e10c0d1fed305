// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The addresses of this host through which others may be reached.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace rtc {

struct HostAddress {
  std::string interface;
  std::string address;
  auto operator<=>(const HostAddress&) const = default;
};

/// Of the interfaces that are up and have a carrier, in order; neither those of the loopback nor link-local ones.
std::vector<HostAddress> hostAddresses();

/// Those that an interface of one of these names has, or that are named themselves.
std::vector<std::string> addressesOf(const std::vector<std::string>& names);

}  // namespace rtc
