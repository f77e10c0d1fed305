// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What may be a name or an id.
#pragma once

#include <string_view>

namespace rtc::signaling {

inline constexpr auto kNameRule = "a name has 1 to 64 bytes and no control characters";
inline constexpr auto kCallIdRule = "a call id has 1 to 64 characters of A-Z a-z 0-9 _ -";

/// 1 to 64 bytes without control characters.
bool validName(std::string_view name);
/// 1 to 64 characters of A-Z a-z 0-9 _ -
bool validCallId(std::string_view id);

}  // namespace rtc::signaling
