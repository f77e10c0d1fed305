// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What makes the redundancy of `webrtcbin` 1.22 (ULPFEC in RED) repair anything at all. `docs/webrtcbin.md` tells how.
#pragma once

#include <memory>

#include "plugins/session/guards.hpp"

namespace rtc {

/// Before the first description: G15, or G20 where it is not `wanted` and the connection has no redundancy.
void guardRedundancy(GstElement* webrtcbin, std::shared_ptr<const Arrivals> arrivals, bool wanted);

}  // namespace rtc
