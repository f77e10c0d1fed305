// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What to send and where to show what comes in: from the words of the command line to pieces of pipeline.
#pragma once

#include <string>
#include <vector>

#include "app/devices.hpp"
#include "app/event.hpp"
#include "app/launch_text.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// A choice made, and how to tell it.
struct Choice {
  Parameter fragment;
  DeviceEvent told;
};

/// `wish`: auto, test, none or a file's name. `user` is written into the test picture.
Result<Choice> chooseVideo(const std::string& wish, const std::string& user, const std::vector<Device>& devices);
/// As above. With `cancel_echo` a microphone goes through the element that takes the speaker's sound out of it.
Result<Choice> chooseAudio(const std::string& wish, const std::string& user, const std::vector<Device>& devices,
                           bool cancel_echo);
Choice chooseDisplay(bool wanted);
/// With `cancel_echo` the speaker tells the microphone's element what it plays.
Choice chooseSpeaker(const std::vector<Device>& devices, bool cancel_echo);

/// Whether a microphone and a speaker are there, and the elements for it.
bool canCancelEcho(const std::string& audio_wish, const std::vector<Device>& devices);

}  // namespace rtc::app
