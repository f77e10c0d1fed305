// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The words for the two parties of a call.
#pragma once

#include <string_view>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

constexpr std::string_view word(CallRole role) {
  return role == CallRole::Caller ? "caller" : "callee";
}

}  // namespace rtc::signaling
