// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a message may be at most. The reasons stand beside the numbers.
#pragma once

#include <cstddef>

namespace rtc::signaling {

/// Of one message to the service, as UTF-8 text. A session description with all its candidates takes a fifth of it.
inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;
/// Of one message from the service: it may hold the list of all users.
inline constexpr std::size_t kMaxServerMessageBytes = 1024 * 1024;
/// Of arrays and objects within each other. Ours need 4; a parser that recurses must not be led deeper.
inline constexpr std::size_t kMaxDepth = 16;
/// Of a user's name, as UTF-8.
inline constexpr std::size_t kMaxNameBytes = 64;
/// Of a call's id, each a letter, a digit, `_` or `-`.
inline constexpr std::size_t kMaxCallIdBytes = 64;
/// Of a request's id, as UTF-8.
inline constexpr std::size_t kMaxRequestIdBytes = 64;

/// Of the groups of one login, and of the users that one client watches.
inline constexpr std::size_t kMaxGroups = 16;
inline constexpr std::size_t kMaxWatched = 100;

}  // namespace rtc::signaling
