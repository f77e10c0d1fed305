// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What GStreamer's caps say that a device can be set to, as values.
#pragma once

#include <gst/gst.h>

#include <vector>

#include "app/device.hpp"

namespace rtc::app {

/// Of a camera: progressive pictures in the machine's own memory.
std::vector<PictureMode> pictureModes(const GstCaps* caps);

/// Of a microphone or a speaker.
std::vector<SoundMode> soundModes(const GstCaps* caps);

}  // namespace rtc::app
