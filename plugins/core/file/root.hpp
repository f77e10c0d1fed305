// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The one hash that stands for a whole file: over its size, its block size and the hashes of its blocks.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/core/file/bytes.hpp"
#include "plugins/core/file/frame.hpp"

namespace rtc::core::file {

inline Hash rootOf(std::uint64_t size, std::uint32_t block, const std::vector<Hash>& hashes, const Digest& digest) {
  constexpr std::string_view kDomain{"rtcfile-root-v1\0", 16};
  Bytes text(kDomain.begin(), kDomain.end());
  appendU64(text, size);
  appendU32(text, block);
  for (const auto& hash : hashes) text.insert(text.end(), hash.begin(), hash.end());
  return digest(text);
}

}  // namespace rtc::core::file
