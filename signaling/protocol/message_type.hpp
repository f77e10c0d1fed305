// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The `type` member of a client's messages.
#pragma once

#include <string_view>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// The word on the wire, e.g. `offer`. For `Unrecognized` the type as it came, as the book's server prints it.
std::string_view typeOf(const ClientBody& body);

}  // namespace rtc::signaling
