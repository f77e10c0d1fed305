// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which cameras, microphones, speakers and screens this machine has.
#pragma once

#include <vector>

#include "app/device.hpp"

namespace rtc::app {

/// Looks anew, which takes a moment: cameras that v4l2src can open, sound devices (of the sound server where one runs,
/// the default one first), and those that are there but may not be opened.
std::vector<Device> devices();

/// Whether a picture can be shown: a screen, and an element that draws on it.
bool hasScreen();

bool hasElement(const char* factory);

}  // namespace rtc::app
