// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where the receiver's reports of our packets come up a peer's pipeline.
#pragma once

#include <memory>
#include <vector>

#include "plugins/core/packet_feedback.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// The reports in such an event; none in another one.
std::vector<core::PacketReport> packetReports(GstEvent* event);

/// Tells the listener, while it lives, of each report that comes up to the pad. On a streaming thread.
void listenAt(GstPad* pad, std::weak_ptr<core::FeedbackListener> listener);

}  // namespace rtc
