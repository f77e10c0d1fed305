// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the file protocol's parts hand to each other.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace rtc::core::file {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// A SHA-256.
using Hash = std::array<std::uint8_t, 32>;
/// How the root over a list of hashes is made; injected, since the core links no cryptography.
using Digest = std::function<Hash(View)>;

using FileId = std::uint32_t;
using TransferId = std::array<std::uint8_t, 16>;

}  // namespace rtc::core::file
