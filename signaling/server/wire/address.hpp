// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where a client comes from, and sets of such places.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rtc::signaling {

/// An IP address. One of IPv4 has its IPv4-mapped form (RFC 4291 2.5.5.2), whichever socket it came through.
class Address {
 public:
  Address() = default;
  static std::optional<Address> parse(std::string_view text);
  static Address fromV4(const std::uint8_t (&bytes)[4]);
  static Address fromV6(const std::uint8_t (&bytes)[16]);

  bool isV4() const;
  bool isLoopback() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  std::string text() const;
  /// What limits count as one client: an IPv4 address, or a /64 of IPv6, which is the least that a home or a host has.
  Address holder() const;
  /// The first so many of its 128 bits; the others are 0.
  Address prefix(int bits) const;

  auto operator<=>(const Address&) const = default;
  std::size_t hash() const;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// `192.0.2.0/24`, `2001:db8::/32`, or a single address.
class Network {
 public:
  static std::optional<Network> parse(std::string_view text);
  bool contains(const Address& address) const { return address.prefix(bits_) == first_; }

 private:
  Address first_;
  int bits_ = 128;
};

}  // namespace rtc::signaling

template <>
struct std::hash<rtc::signaling::Address> {
  std::size_t operator()(const rtc::signaling::Address& address) const { return address.hash(); }
};
