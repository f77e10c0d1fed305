// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Cameras and sound cards that the kernel has and that cannot be opened: GStreamer passes over them, and a user would
// be told that there is none.
#pragma once

#include <string>
#include <vector>

#include "app/device.hpp"

namespace rtc::app {

/// The first node of each of the kernel's video devices: the one that carries the pictures of a camera.
std::vector<std::string> videoNodes();

/// Cameras that this user may not open. Each has its obstacle: who may, and how to become one of them.
std::vector<Device> closedCameras();

/// Likewise the devices of ALSA's cards, and besides those that a program has open which does not share them. The ones
/// that are `listed` already are not looked at.
std::vector<Device> closedCards(const std::vector<Device>& listed);

}  // namespace rtc::app
