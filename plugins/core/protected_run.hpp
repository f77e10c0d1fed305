// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What is missing of a stream that has redundancy (RFC 5109) among the packets of its pictures: what of that may be
// computed by now, and what can only be redundancy itself, for which nobody has to wait. The latter is told by the
// numbers that VP8 (RFC 7741 section 4.2) and VP9 (RFC 9628 section 4.2) give their pictures.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "plugins/core/codec.hpp"

namespace rtc::core {

class ProtectedRun {
 public:
  /// RFC 5109 section 7.4: how many packets a packet of redundancy may speak of, those behind it.
  static constexpr int kReach = 48;

  /// `codec` numbers its pictures.
  explicit ProtectedRun(Codec codec) : codec_(codec) {}

  using Numbers = std::vector<std::uint16_t>;
  /// What a packet tells of those that are missing; the oldest first.
  struct News {
    Numbers computable;  ///< redundancy has come that may speak of them
    Numbers idle;        ///< they can only be redundancy; they count as come from now on
  };

  /// A packet of a picture came, or was computed; it is the picture's last one or not.
  News picture(std::uint16_t number, std::span<const std::uint8_t> payload, bool ends);
  /// A packet of redundancy came.
  News redundancy(std::uint16_t number);

  bool isMissing(std::uint16_t number) const;

 private:
  struct Place {
    unsigned number = 0;
    unsigned numbers = 0;  ///< how many there are, before they begin again
    bool begins = false;
  };
  struct Packet {
    std::uint16_t number = 0;
    bool redundancy = false;
    bool ends = false;
    std::optional<Place> place;
  };
  std::optional<Place> placeOf(std::span<const std::uint8_t> payload) const;
  static bool follows(const Packet& packet, const Packet& before);

  /// False if it is too old to be of use.
  bool keep(const Packet& packet);
  const Packet* at(std::uint16_t number) const;
  /// Before that one, and within reach.
  Numbers missingBefore(std::uint16_t number) const;
  /// The missing ones on its way in this direction to the next packet of a picture, if the two follow each other.
  void addIdle(Numbers& to, const Packet& packet, int direction);

  const Codec codec_;
  std::array<std::optional<Packet>, 64> packets_;  ///< by the end of their number
  std::optional<std::uint16_t> oldest_;            ///< what was before it is not missing
  std::uint16_t newest_ = 0;
  std::optional<std::uint16_t> newest_redundancy_;
};

}  // namespace rtc::core
