// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The bounds of everything that a peer controls.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace rtc::core::file {

/// Bytes of a file in one message, beside its header. RFC 8831 section 6.6: larger ones would hold up the channels
/// beside.
inline constexpr std::size_t kDataSize = 16'384;
inline constexpr std::size_t kHeaderSize = 16;
/// No message may be larger: webrtcbin 1.22 splits those without a mark.
inline constexpr std::size_t kLargestMessage = 65'536;
/// The JSON of one message.
inline constexpr std::size_t kLargestJson = 15 * 1'024;
inline constexpr std::uint32_t kSmallestBlock = 16'384;
inline constexpr std::uint32_t kUsualBlock = 256 * 1'024;
inline constexpr std::uint32_t kLargestBlock = 4 * 1'024 * 1'024;
/// JSON's numbers are exact up to here.
inline constexpr std::uint64_t kLargestSize = (std::uint64_t{1} << 53U) - 1;
/// Hashes of one file: the list is 32 MiB then.
inline constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 20U;
inline constexpr std::size_t kMostLanes = 8;

struct Limits {
  std::size_t entries = 100'000;                              ///< of one offer
  std::size_t offer_bytes = std::size_t{16} * 1'024 * 1'024;  ///< of its pages together
  std::uint64_t total = kLargestSize;                         ///< that a receiver takes
  std::uint64_t blocks = 4 * kMostBlocks;                     ///< of its files together: a TiB in usual ones
  std::uint64_t stream = std::uint64_t{16} << 30U;            ///< of a file whose length nobody knows
  std::size_t window = std::size_t{16} * 1'024 * 1'024;       ///< not yet stored: bounds the memory of both ends
  Duration hello{10'000};
  Duration answer{120'000};  ///< to an offer
  Duration idle{15'000};     ///< then ask whether the other side lives
  Duration dead{45'000};
  Duration confirm{120'000};  ///< from DONE to its answer
};

/// The block size for a file of this size, or of the largest of several.
constexpr std::uint32_t blockFor(std::uint64_t largest) {
  std::uint32_t block = kUsualBlock;
  while (block < kLargestBlock && largest / block >= 65'536) block *= 2;
  return block;
}

}  // namespace rtc::core::file
