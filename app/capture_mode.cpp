// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/capture_mode.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>
#include <tuple>

namespace rtc::app {

namespace {

constexpr double kMaxRate = 30.0;
constexpr double kSmooth = 15.0;

/// The fastest one that is not too fast, or else the slowest.
Fraction rateOf(const std::vector<Fraction>& rates) {
  Fraction best;
  Fraction slowest;
  for (const auto& rate : rates) {
    if (rate.value() <= kMaxRate + 0.01 && rate.value() > best.value()) best = rate;
    if (slowest.numerator == 0 || rate.value() < slowest.value()) slowest = rate;
  }
  return best.numerator == 0 ? slowest : best;
}

int formatRank(const CaptureMode& mode) {
  static constexpr std::string_view kBest[] = {"I420", "NV12", "YV12", "YUY2", "UYVY"};
  if (mode.media == "video/x-raw") {
    const auto* found = std::find(std::begin(kBest), std::end(kBest), mode.format);
    return static_cast<int>(std::end(kBest) - found) + 2;
  }
  return mode.media == "image/jpeg" ? 1 : 0;
}

/// Larger is better.
auto meritOf(const CaptureMode& mode, PictureSize wanted) {
  const int area = mode.size.width * mode.size.height;
  const bool fits = mode.size.width <= wanted.width && mode.size.height <= wanted.height;
  return std::tuple(mode.rate.value() >= kSmooth - 0.01, fits, fits ? area : -area, mode.rate.value(),
                    formatRank(mode));
}

}  // namespace

std::string CaptureMode::caps() const {
  std::string text = media;
  if (media == "video/x-raw") text += ",format=" + format;
  text += ",width=" + std::to_string(size.width) + ",height=" + std::to_string(size.height);
  if (rate.numerator > 0) {
    text += ",framerate=" + std::to_string(rate.numerator) + "/" + std::to_string(rate.denominator);
  }
  return text;
}

std::string CaptureMode::inWords() const {
  char text[96];
  std::snprintf(text, sizeof text, "%dx%d at %.4g frames/s, %s", size.width, size.height, rate.value(), format.c_str());
  return text;
}

std::optional<CaptureMode> captureModeFor(const std::vector<PictureMode>& modes, PictureSize wanted) {
  std::optional<CaptureMode> best;
  for (const auto& mode : modes) {
    const CaptureMode candidate{mode.media,
                                mode.format,
                                {std::clamp(wanted.width, mode.width.from, mode.width.to),
                                 std::clamp(wanted.height, mode.height.from, mode.height.to)},
                                rateOf(mode.rates)};
    if (!best || meritOf(*best, wanted) < meritOf(candidate, wanted)) best = candidate;
  }
  return best;
}

}  // namespace rtc::app
