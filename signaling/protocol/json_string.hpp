// SPDX-License-Identifier: LGPL-2.1-or-later
//
// JSON strings and the text that they stand for (RFC 8259 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rtc::signaling {

/// The text of a valid JSON string, given with its quotes. What UTF-8 or a C string cannot hold (half a surrogate pair,
/// NUL) comes as U+FFFD.
std::string unquoted(std::string_view json);

/// The same; nothing if the string holds a NUL or half a surrogate pair.
std::optional<std::string> wholeString(std::string_view json);

}  // namespace rtc::signaling
