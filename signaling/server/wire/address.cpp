// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace rtc::signaling {

namespace {

constexpr int kV4Bits = 96;  ///< where an IPv4 address begins within its mapped form

std::optional<int> numberIn(std::string_view text, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > most) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::string copy(text);
  std::uint8_t v4[4];
  if (inet_pton(AF_INET, copy.c_str(), v4) == 1) return fromV4(v4);
  std::uint8_t v6[16];
  if (inet_pton(AF_INET6, copy.c_str(), v6) == 1) return fromV6(v6);
  return std::nullopt;
}

Address Address::fromV4(const std::uint8_t (&bytes)[4]) {
  Address address;
  address.bytes_[10] = address.bytes_[11] = 0xff;
  std::copy_n(bytes, 4, address.bytes_.begin() + 12);
  return address;
}

Address Address::fromV6(const std::uint8_t (&bytes)[16]) {
  Address address;
  std::copy_n(bytes, 16, address.bytes_.begin());
  return address;
}

bool Address::isV4() const {
  return prefix(kV4Bits) == fromV4({0, 0, 0, 0});
}

bool Address::isLoopback() const {
  return prefix(kV4Bits + 8) == fromV4({127, 0, 0, 0}) ||
         *this == fromV6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

std::string Address::text() const {
  char text[INET6_ADDRSTRLEN];
  const bool v4 = isV4();
  return inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), text, sizeof text);
}

Address Address::holder() const {
  return isV4() ? *this : prefix(64);
}

Address Address::prefix(int bits) const {
  Address kept;
  const auto whole = static_cast<std::size_t>(bits / 8);
  std::copy_n(bytes_.begin(), whole, kept.bytes_.begin());
  if (bits % 8 != 0) kept.bytes_[whole] = static_cast<std::uint8_t>(bytes_[whole] & 0xff00 >> bits % 8);
  return kept;
}

std::size_t Address::hash() const {
  std::uint64_t halves[2];
  std::memcpy(halves, bytes_.data(), sizeof halves);
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t mixed = (halves[0] ^ halves[1] * kOdd) * kOdd;
  mixed ^= mixed >> 32;
  return static_cast<std::size_t>(mixed);
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network;
  if (slash != std::string_view::npos) {
    const int own = address->isV4() ? kV4Bits : 0;
    const auto bits = numberIn(text.substr(slash + 1), 128 - own);
    if (!bits) return std::nullopt;
    network.bits_ = own + *bits;
  }
  network.first_ = address->prefix(network.bits_);
  return network;
}

}  // namespace rtc::signaling
