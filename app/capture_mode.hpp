// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which of its modes a camera is set to. Left to themselves v4l2src and a camera agree on the largest picture, which
// may come twice a second. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/device.hpp"

namespace rtc::app {

struct PictureSize {
  int width = 640;
  int height = 480;
};

struct CaptureMode {
  std::string media;
  std::string format;
  PictureSize size;
  Fraction rate;

  /// As a filter behind the camera's element.
  std::string caps() const;
  /// 640x480 at 30 frames/s, JPEG
  std::string inWords() const;
};

/// The largest picture that is not larger than the wanted one, at up to 30 frames/s; of equal ones raw before JPEG
/// before others, and a format that the encoders take before one to be converted. A picture that comes less than 15
/// times a second stands behind every other. Nothing where the camera tells no modes.
std::optional<CaptureMode> captureModeFor(const std::vector<PictureMode>& modes, PictureSize wanted);

}  // namespace rtc::app
