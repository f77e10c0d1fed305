// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What to send and where to show what comes in: from the words of the command line to pieces of pipeline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/capture_mode.hpp"
#include "app/device.hpp"
#include "app/event.hpp"
#include "app/launch_text.hpp"
#include "app/live_device.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// A choice made, and how to tell it.
struct Choice {
  Parameter fragment;
  DeviceEvent told;
  std::optional<LivePlan> live;  ///< what is attached to the fragment, and exchanged in the middle of a call
};

/// `wish`: auto, test, none or a file's name. `user` is written into the test picture.
struct VideoWish {
  std::string wish;
  std::string camera;  ///< a part of its name; empty: the best one
  PictureSize size;
  std::string user;
};
Result<Choice> chooseVideo(const VideoWish& wish, const std::vector<Device>& devices);

/// As above. With `cancel_echo` a microphone goes through the element that takes the speaker's sound out of it.
struct AudioWish {
  std::string wish;
  std::string microphone;
  std::string user;
  bool cancel_echo = false;
};
Result<Choice> chooseAudio(const AudioWish& wish, const std::vector<Device>& devices);

Choice chooseDisplay(bool wanted);
/// With `cancel_echo` the speaker tells the microphone's element what it plays.
Result<Choice> chooseSpeaker(const std::string& name, const std::vector<Device>& devices, bool cancel_echo);

/// Whether a microphone and a speaker are there, and the elements for it.
bool canCancelEcho(const std::string& audio_wish, const std::vector<Device>& devices);

}  // namespace rtc::app
