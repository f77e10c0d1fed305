// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The elements' message `rtc-file` as an event.
#pragma once

#include "app/event.hpp"
#include "app/gst_ptr.hpp"

namespace rtc::app {

FileEvent fileEventFrom(const GstStructure* structure);

}  // namespace rtc::app
