// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Bytes as text without `+`, `/` and padding (RFC 4648 section 5), as tokens have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rtc::signaling {

std::string toBase64Url(std::string_view bytes);
/// Nothing if the text has a foreign character, or bits that no byte has.
std::optional<std::string> fromBase64Url(std::string_view text);

}  // namespace rtc::signaling
