// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the elements' messages tell of the login and its calls, as events.
#pragma once

#include <gst/gst.h>

#include "app/event.hpp"
#include "app/options.hpp"

namespace rtc::app {

/// Of a message `rtc-session`.
SessionEvent sessionEventFrom(const GstStructure* structure, const Options& options);
/// Of a message `rtc-call`.
CallEvent callEventFrom(const GstStructure* structure);
/// Of a message `rtc-stream`.
StreamEvent streamEventFrom(const GstStructure* structure);
/// Of a message `rtc-missed-call`.
MissedCallEvent missedCallEventFrom(const GstStructure* structure);

}  // namespace rtc::app
