// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Control messages as JSON text.
#pragma once

#include <optional>
#include <string>

#include "plugins/core/control.hpp"

namespace rtc {

std::string encodeControl(const core::Control& message);
/// Nothing for text that is no control message, or one of a later version.
std::optional<core::Control> decodeControl(const std::string& text);

}  // namespace rtc
