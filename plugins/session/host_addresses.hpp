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

/// Those to which a session that is to use these is to be bound: what an interface of such a name has, and what is
/// named itself. Of no names none, for then ICE finds the host's by itself; but a host that is on no network still has
/// its loopback, over which its own programs call each other, and ICE would not look there.
std::vector<std::string> addressesOf(const std::vector<std::string>& names);

}  // namespace rtc
