// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A camera, microphone or speaker as a value: what it is called, what it can do, and why it cannot be used. Pure.
#pragma once

#include <string>
#include <vector>

namespace rtc::app {

enum class DeviceKind { Camera, Microphone, Speaker };

/// camera, microphone, speaker
const char* nameOf(DeviceKind kind);

struct Fraction {
  int numerator = 0;
  int denominator = 1;
  double value() const { return static_cast<double>(numerator) / denominator; }
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

/// From and to, both included.
struct Range {
  int from = 0;
  int to = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

/// Pictures that a camera can be set to.
struct PictureMode {
  std::string media;   ///< video/x-raw, image/jpeg, video/x-h264
  std::string format;  ///< YUY2, NV12; JPEG; H264
  Range width;
  Range height;
  std::vector<Fraction> rates;  ///< frames a second
};

/// Sound that a microphone or a speaker can be set to.
struct SoundMode {
  std::vector<std::string> formats;  ///< S16LE, F32LE
  Range rate;                        ///< samples a second
  Range channels;
};

struct Device {
  DeviceKind kind = DeviceKind::Camera;
  std::string name;
  std::string path;      ///< /dev/video0; of a card without a sound server hw:0,0
  std::string element;   ///< the piece of pipeline that opens it
  std::string obstacle;  ///< a sentence: why it cannot be used, and what to do; empty: it can
  bool is_default = false;
  bool is_busy = false;  ///< a program has it open that does not share it, maybe this one; it has an obstacle as well
  std::vector<PictureMode> pictures;
  std::vector<SoundMode> sounds;

  bool usable() const { return obstacle.empty(); }
};

/// “Name” (/dev/video0)
std::string titleOf(const Device& device);

/// Why one that another program has cannot be opened, and what to do.
std::string busyInWords(const Device& device);

/// What it can do, a line for each group of formats: `YUY2, NV12: 640x480 (15, 30), 1280x720 (10)`.
std::vector<std::string> modesInWords(const Device& device);

}  // namespace rtc::app
