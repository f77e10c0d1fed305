// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/sources.hpp"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "base/ptr.hpp"

namespace rtc::app {

namespace {

constexpr const char* kProbe = "rtc-call-echo";

Parameter fragment(std::string text) {
  return {Parameter::Kind::Fragment, std::move(text)};
}

const Device* firstOf(const std::vector<Device>& devices, const char* kind) {
  const auto found =
      std::find_if(devices.begin(), devices.end(), [kind](const Device& device) { return device.kind == kind; });
  return found == devices.end() ? nullptr : &*found;
}

/// A number from a name, the same on every machine.
unsigned hashOf(const std::string& name) {
  unsigned hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// A colour of its own for each name, dark enough for white letters: 0xAARRGGBB.
unsigned colourOf(const std::string& name) {
  const double hue = static_cast<double>(hashOf(name) % 360) / 60.0;
  const auto channel = [hue](double shift) {
    const double distance = std::fabs(std::fmod(hue + shift, 6.0) - 3.0);
    return static_cast<unsigned>(50.0 + 110.0 * std::clamp(distance - 1.0, 0.0, 1.0));
  };
  return 0xff000000U | (channel(0) << 16) | (channel(4) << 8) | channel(2);
}

Result<std::string> testPicture(const std::string& user) {
  // The overlay takes its text for markup.
  const auto markup = adopt(g_markup_escape_text(user.c_str(), -1));
  auto name = launchValue(markup.get());
  if (!name) return name.error();
  char colour[16];
  std::snprintf(colour, sizeof colour, "%u", colourOf(user));
  return "videotestsrc is-live=true pattern=ball background-color=" + std::string(colour) +
         " ! video/x-raw,width=640,height=480,framerate=30/1"
         " ! textoverlay text=" +
         name.value() +
         " valignment=top font-desc=\"Sans Bold 36\""
         " ! timeoverlay halignment=left valignment=bottom font-desc=\"Sans 20\""
         " ! clockoverlay halignment=right valignment=bottom font-desc=\"Sans 20\"";
}

std::string testTone(const std::string& user) {
  const unsigned hertz = 300 + hashOf(user) % 16 * 40;
  return "audiotestsrc is-live=true wave=sine volume=0.1 freq=" + std::to_string(hertz) +
         " ! audio/x-raw,rate=48000,channels=1";
}

/// The location as a launch value; fails for a file that is not there.
Result<std::string> location(const std::string& file) {
  if (!g_file_test(file.c_str(), G_FILE_TEST_IS_REGULAR)) {
    return Error{"There is no file “" + file + "”. Give a file's name, or auto, test or none."};
  }
  return launchValue(file);
}

Choice none(const char* kind) {
  return {{Parameter::Kind::Absent, ""}, {kind, "none", "none"}};
}

}  // namespace

Result<Choice> chooseVideo(const std::string& wish, const std::string& user, const std::vector<Device>& devices) {
  if (wish == "none") return none("video");
  if (wish == "auto") {
    if (const auto* camera = firstOf(devices, "camera")) {
      auto path = launchValue(camera->path);
      if (!path) return path.error();
      return Choice{fragment("v4l2src device=" + path.value() + " ! decodebin ! videoconvert ! videoscale ! videorate"),
                    {"video", "device", camera->name + " (" + camera->path + ")"}};
    }
  }
  if (wish == "auto" || wish == "test") {
    auto picture = testPicture(user);
    if (!picture) return picture.error();
    const char* told = wish == "test" ? "test picture" : "no camera found, so the test picture is sent";
    return Choice{fragment(std::move(picture).value()), {"video", "test", told}};
  }
  auto file = location(wish);
  if (!file) return file.error();
  return Choice{fragment("filesrc location=" + file.value() +
                         " ! decodebin ! identity sync=true ! videoconvert ! videoscale ! videorate"),
                {"video", wish, wish}};
}

Result<Choice> chooseAudio(const std::string& wish, const std::string& user, const std::vector<Device>& devices,
                           bool cancel_echo) {
  if (wish == "none") return none("audio");
  if (wish == "auto") {
    if (const auto* microphone = firstOf(devices, "microphone")) {
      std::string source = "autoaudiosrc ! audioconvert ! audioresample";
      if (cancel_echo) {
        source += " ! audio/x-raw,rate=48000,channels=1 ! webrtcdsp probe=" + std::string(kProbe) + " ! audioconvert";
      }
      return Choice{fragment(std::move(source)),
                    {"audio", "device", microphone->name + (cancel_echo ? ", with echo cancellation" : "")}};
    }
  }
  if (wish == "auto" || wish == "test") {
    const char* told = wish == "test" ? "test tone" : "no microphone found, so a test tone is sent";
    return Choice{fragment(testTone(user)), {"audio", "test", told}};
  }
  auto file = location(wish);
  if (!file) return file.error();
  return Choice{
      fragment("filesrc location=" + file.value() + " ! decodebin ! identity sync=true ! audioconvert ! audioresample"),
      {"audio", wish, wish}};
}

Choice chooseDisplay(bool wanted) {
  if (!wanted) return {{Parameter::Kind::Absent, ""}, {"display", "none", "received pictures are not shown"}};
  return {fragment("autovideosink"), {"display", "device", "received pictures are shown in a window"}};
}

Choice chooseSpeaker(const std::vector<Device>& devices, bool cancel_echo) {
  const auto* speaker = firstOf(devices, "speaker");
  if (speaker == nullptr) {
    return {fragment("fakesink sync=true"),
            {"speaker", "none", "no speaker found, so received sound is only measured"}};
  }
  std::string sink = "autoaudiosink";
  if (cancel_echo) sink = "audio/x-raw,rate=48000 ! webrtcechoprobe name=" + std::string(kProbe) + " ! autoaudiosink";
  return {fragment(std::move(sink)), {"speaker", "device", speaker->name}};
}

bool canCancelEcho(const std::string& audio_wish, const std::vector<Device>& devices) {
  return audio_wish == "auto" && firstOf(devices, "microphone") != nullptr && firstOf(devices, "speaker") != nullptr &&
         hasElement("webrtcdsp") && hasElement("webrtcechoprobe");
}

}  // namespace rtc::app
