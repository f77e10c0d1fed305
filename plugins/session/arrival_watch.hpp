// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How late what comes in is when it comes in, for the times that its jitter buffer gives it.
#pragma once

#include <functional>

#include "plugins/core/sdp.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

using OnArrival = std::function<void(core::Kind, GstClockTimeDiff late)>;

/// Hears of each frame of the jitter buffer's stream how late the last of its packets came, of those that the peer sent
/// once. On the streaming thread before the jitter buffer, and as long as that lives. Before its first packet.
void watchArrivals(GstElement* jitter_buffer, OnArrival on_arrival);

}  // namespace rtc
