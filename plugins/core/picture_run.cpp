// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/picture_run.hpp"

#include <cstddef>
#include <utility>

namespace rtc::core {

namespace {

/// The number's place in a payload, with its first bit set for one of 15 bits instead of 7.
std::optional<std::pair<unsigned, unsigned>> numberAt(std::span<const std::uint8_t> payload, std::size_t at) {
  if (at >= payload.size()) return std::nullopt;
  if ((payload[at] & 0x80U) == 0) return std::pair<unsigned, unsigned>(payload[at], 1U << 7);
  if (at + 1 >= payload.size()) return std::nullopt;
  return std::pair<unsigned, unsigned>((payload[at] & 0x7fU) << 8 | payload[at + 1], 1U << 15);
}

}  // namespace

bool PictureRun::follows(std::span<const std::uint8_t> payload, bool ends_picture) {
  const auto place = placeOf(payload);
  const bool next = place && last_ && ended_ && place->begins && place->numbers == last_->numbers &&
                    place->number == (last_->number + 1) % place->numbers;
  last_ = place;
  ended_ = ends_picture;
  return next;
}

std::optional<PictureRun::Place> PictureRun::placeOf(std::span<const std::uint8_t> payload) const {
  if (payload.size() < 2) return std::nullopt;
  const bool vp8 = codec_ == Codec::Vp8;
  // VP8 has X, and I in the byte behind it; S, and the number of the partition. VP9 has I, and B.
  const bool numbered = vp8 ? (payload[0] & 0x80U) != 0 && (payload[1] & 0x80U) != 0 : (payload[0] & 0x80U) != 0;
  const bool begins = vp8 ? (payload[0] & 0x17U) == 0x10U : (payload[0] & 0x08U) != 0;
  if (!numbered) return std::nullopt;
  const auto number = numberAt(payload, vp8 ? 2 : 1);
  if (!number) return std::nullopt;
  return Place{number->first, number->second, begins};
}

}  // namespace rtc::core
