// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which cameras, microphones, speakers and screens this machine has.
#pragma once

#include <string>
#include <vector>

namespace rtc::app {

struct Device {
  std::string kind;  ///< camera, microphone, speaker
  std::string name;
  std::string path;  ///< of a camera: its node, e.g. /dev/video0
};

/// Cameras are those that v4l2src can open.
std::vector<Device> devices();

/// Whether a picture can be shown: a screen, and an element that draws on it.
bool hasScreen();

bool hasElement(const char* factory);

}  // namespace rtc::app
