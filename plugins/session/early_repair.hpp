// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A lost packet is computed from redundancy as soon as what came allows it. `rtpulpfecdec` is asked for that by the
// jitter buffer behind which it sits, when the packet's time is over, and by then it has long been asked for again.
#pragma once

#include <memory>

#include "plugins/session/guards.hpp"

namespace rtc {

/// Before the first description: streams that have redundancy are repaired ahead of their jitter buffers.
void repairEarly(GstElement* webrtcbin, std::shared_ptr<const Arrivals> arrivals);

}  // namespace rtc
