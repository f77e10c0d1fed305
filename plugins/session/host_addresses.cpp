// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/host_addresses.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace rtc {

namespace {

socklen_t sizeOf(const sockaddr* address) {
  return address->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

/// An IPv6 address can be there and not be usable yet: the host still asks whether another one has it.
bool canBind(const sockaddr* address) {
  const int probe = ::socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool bound = ::bind(probe, address, sizeOf(address)) == 0;
  ::close(probe);
  return bound;
}

bool isUsable(const ifaddrs& each) {
  constexpr unsigned kWorks = IFF_UP | IFF_RUNNING;
  if (each.ifa_addr == nullptr || (each.ifa_flags & kWorks) != kWorks) return false;
  const auto family = each.ifa_addr->sa_family;
  if (family == AF_INET6) {
    // A link-local one comes with every link, and leads nowhere.
    const auto& address = reinterpret_cast<const sockaddr_in6*>(each.ifa_addr)->sin6_addr;
    return !IN6_IS_ADDR_LINKLOCAL(&address) && canBind(each.ifa_addr);
  }
  return family == AF_INET && canBind(each.ifa_addr);
}

std::string textOf(const ifaddrs& each) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto family = each.ifa_addr->sa_family;
  const void* address = family == AF_INET
                            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(each.ifa_addr)->sin_addr)
                            : &reinterpret_cast<const sockaddr_in6*>(each.ifa_addr)->sin6_addr;
  ::inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

enum class Reach { kOthers, kThisHost };

std::vector<HostAddress> addressesThatReach(Reach reach) {
  std::vector<HostAddress> addresses;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return addresses;
  for (const auto* each = all; each != nullptr; each = each->ifa_next) {
    const bool loopback = (each->ifa_flags & IFF_LOOPBACK) != 0;
    if (loopback == (reach == Reach::kThisHost) && isUsable(*each))
      addresses.push_back({each->ifa_name, textOf(*each)});
  }
  ::freeifaddrs(all);
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

}  // namespace

std::vector<HostAddress> hostAddresses() {
  return addressesThatReach(Reach::kOthers);
}

std::vector<std::string> addressesOf(const std::vector<std::string>& names) {
  auto all = hostAddresses();
  const auto loopback = addressesThatReach(Reach::kThisHost);
  const bool alone = names.empty() && all.empty();
  if (alone || !names.empty()) all.insert(all.end(), loopback.begin(), loopback.end());
  std::vector<std::string> found;
  for (const auto& each : all) {
    const auto meant = [&each](const std::string& name) { return name == each.interface || name == each.address; };
    if (alone || std::any_of(names.begin(), names.end(), meant)) found.push_back(each.address);
  }
  return found;
}

}  // namespace rtc
