// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Cameras and sound cards that the kernel has and that this user may not open: GStreamer passes over them, and a user
// would be told that there is none.
#pragma once

#include <string>
#include <vector>

#include "app/device.hpp"

namespace rtc::app {

/// The first node of each of the kernel's video devices: the one that carries the pictures of a camera.
std::vector<std::string> videoNodes();

/// Each with the obstacle: who may open it, and how to become one of them.
std::vector<Device> closedNodes();

}  // namespace rtc::app
