// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the packets of a stream follow each other without a gap in the picture, by the numbers that VP8 (RFC 7741
// section 4.2) and VP9 (RFC 9628 section 4.2) give their pictures: where redundancy is among them, the packets' own
// numbers do not tell.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "plugins/core/codec.hpp"

namespace rtc::core {

class PictureRun {
 public:
  /// `codec` numbers its pictures.
  explicit PictureRun(Codec codec) : codec_(codec) {}

  /// The next packet. True if it begins the picture that comes after the one that the packet before it ended: nothing
  /// of a picture was between them.
  bool follows(std::span<const std::uint8_t> payload, bool ends_picture);

 private:
  struct Place {
    unsigned number = 0;
    unsigned numbers = 0;  ///< how many there are, before they begin again
    bool begins = false;
  };
  std::optional<Place> placeOf(std::span<const std::uint8_t> payload) const;

  Codec codec_;
  std::optional<Place> last_;
  bool ended_ = false;
};

}  // namespace rtc::core
