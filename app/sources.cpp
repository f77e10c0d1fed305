// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/sources.hpp"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "app/devices.hpp"
#include "base/ptr.hpp"

namespace rtc::app {

namespace {

constexpr const char* kProbe = "rtc-call-echo";

Parameter fragment(std::string text) {
  return {Parameter::Kind::Fragment, std::move(text)};
}

bool hasUsable(const std::vector<Device>& devices, DeviceKind kind) {
  return std::any_of(devices.begin(), devices.end(),
                     [kind](const Device& device) { return device.kind == kind && device.usable(); });
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

Result<std::string> testPicture(const std::string& user, PictureSize size) {
  // The overlay takes its text for markup.
  const auto markup = adopt(g_markup_escape_text(user.c_str(), -1));
  auto name = launchValue(markup.get());
  if (!name) return name.error();
  char colour[16];
  std::snprintf(colour, sizeof colour, "%u", colourOf(user));
  return "videotestsrc is-live=true pattern=ball background-color=" + std::string(colour) +
         " ! video/x-raw,width=" + std::to_string(size.width) + ",height=" + std::to_string(size.height) +
         ",framerate=30/1"
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
  return {{Parameter::Kind::Absent, ""}, {kind, "none", "none"}, std::nullopt};
}

/// A source that is always the same.
Choice fixed(const char* kind, std::string choice, std::string told, std::string source) {
  return {fragment(std::move(source)), {kind, std::move(choice), std::move(told)}, std::nullopt};
}

Choice live(LivePlan plan, std::string joint_and_rest) {
  const auto told = toldAs(plan, plan.choice.now());
  return {fragment(std::move(joint_and_rest)), told, std::move(plan)};
}

std::string cameraSource(const Device& camera, PictureSize size) {
  const auto mode = captureModeFor(camera.pictures, size);
  if (!mode) return camera.element + " ! decodebin";
  // A description may not end with a filter.
  const char* decoder = mode->media == "video/x-raw"  ? "identity"
                        : mode->media == "image/jpeg" ? "jpegdec"
                                                      : "decodebin";
  return camera.element + " ! " + mode->caps() + " ! " + decoder;
}

/// The default one through the element that follows the user's default, unless it was asked for by its name.
std::string soundElement(const Device& device, bool named, const char* automatic) {
  if (named || !device.is_default) return device.element;
  if (!device.element.starts_with("alsa")) return automatic;
  // There is no sound server to follow. The automatic element would try one all the same, and of a busy card it would
  // tell no more than that. The first card is ALSA's own default, which programs share; another one is opened itself.
  return device.path.starts_with("hw:0,") ? device.element.substr(0, device.element.find(' ')) : device.element;
}

}  // namespace

Result<Choice> chooseVideo(const VideoWish& wish, const std::vector<Device>& devices) {
  if (wish.wish == "none") return none("video");
  auto picture = testPicture(wish.user, wish.size);
  if (!picture) return picture.error();
  if (wish.wish == "test") return fixed("video", "test", "test picture", std::move(picture).value());
  if (wish.wish != "auto") {
    auto file = location(wish.wish);
    if (!file) return file.error();
    return fixed("video", wish.wish, wish.wish,
                 "filesrc location=" + file.value() +
                     " ! decodebin ! identity sync=true ! videoconvert ! videoscale ! videorate");
  }
  auto choice = DeviceChoice::make(DeviceKind::Camera, wish.camera, devices);
  if (!choice) return choice.error();
  const auto describe = [test = picture.value(), size = wish.size](const std::optional<Device>& camera, bool) {
    return camera ? cameraSource(*camera, size) : test;
  };
  auto chosen = live({std::move(choice).value(), "video", "camera", describe},
                     "identity name=camera ! videoconvert ! videoscale ! videorate");
  if (const auto& camera = chosen.live->choice.now().device) {
    if (const auto mode = captureModeFor(camera->pictures, wish.size)) chosen.told.message += ", " + mode->inWords();
  }
  return chosen;
}

Result<Choice> chooseAudio(const AudioWish& wish, const std::vector<Device>& devices) {
  if (wish.wish == "none") return none("audio");
  const auto tone = testTone(wish.user);
  if (wish.wish == "test") return fixed("audio", "test", "test tone", tone);
  if (wish.wish != "auto") {
    auto file = location(wish.wish);
    if (!file) return file.error();
    return fixed(
        "audio", wish.wish, wish.wish,
        "filesrc location=" + file.value() + " ! decodebin ! identity sync=true ! audioconvert ! audioresample");
  }
  auto choice = DeviceChoice::make(DeviceKind::Microphone, wish.microphone, devices);
  if (!choice) return choice.error();
  const auto describe = [tone, named = choice.value().isNamed()](const std::optional<Device>& device, bool had_one) {
    if (device) return soundElement(*device, named, "autoaudiosrc");
    return had_one ? std::string("audiotestsrc is-live=true wave=silence") : tone + " ! identity";
  };
  // One format for all that may be attached, so that the encoder sees no change.
  std::string source = "identity name=microphone ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=";
  source += wish.cancel_echo ? "1 ! webrtcdsp probe=" + std::string(kProbe) + " ! audioconvert" : "2";
  auto chosen = live({std::move(choice).value(), "audio", "microphone", describe}, std::move(source));
  if (wish.cancel_echo && chosen.told.choice == "device") chosen.told.message += ", with echo cancellation";
  return chosen;
}

Choice chooseDisplay(bool wanted) {
  if (!wanted) {
    auto choice = none("display");
    choice.told.message = "received pictures are not shown";
    return choice;
  }
  return fixed("display", "device", "received pictures are shown in a window", "autovideosink");
}

Result<Choice> chooseSpeaker(const std::string& name, const std::vector<Device>& devices, bool cancel_echo) {
  auto choice = DeviceChoice::make(DeviceKind::Speaker, name, devices);
  if (!choice) return choice.error();
  const auto describe = [named = choice.value().isNamed()](const std::optional<Device>& device, bool) {
    if (!device) return std::string("audioconvert ! fakesink sync=true");
    return "audioconvert ! audioresample ! " + soundElement(*device, named, "autoaudiosink");
  };
  std::string sink = "identity name=speaker";
  if (cancel_echo) sink = "audio/x-raw,rate=48000 ! webrtcechoprobe name=" + std::string(kProbe) + " ! " + sink;
  return live({std::move(choice).value(), "speaker", "speaker", describe}, std::move(sink));
}

bool canCancelEcho(const std::string& audio_wish, const std::vector<Device>& devices) {
  return audio_wish == "auto" && hasUsable(devices, DeviceKind::Microphone) &&
         hasUsable(devices, DeviceKind::Speaker) && hasElement("webrtcdsp") && hasElement("webrtcechoprobe");
}

}  // namespace rtc::app
