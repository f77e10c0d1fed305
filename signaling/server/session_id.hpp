// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A session's name within one life of the service.
#pragma once

#include <cstdint>

namespace rtc::signaling {

/// Never used twice; 0 is nobody.
using SessionId = std::uint64_t;

}  // namespace rtc::signaling
