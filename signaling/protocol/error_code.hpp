// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The words of `error` messages on the wire.
#pragma once

#include <optional>
#include <string_view>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// The word on the wire, e.g. `name_taken`.
std::string_view word(ErrorCode code);
/// The code behind a word; nothing for an unknown one.
std::optional<ErrorCode> errorCodeOf(std::string_view word);

}  // namespace rtc::signaling
