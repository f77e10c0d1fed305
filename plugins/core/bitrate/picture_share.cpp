// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/picture_share.hpp"

#include <algorithm>
#include <cmath>

namespace rtc::core {

namespace {

constexpr double kReturnsWith = 1.25;

/// How many of the first pictures fit at `times` their least.
std::size_t fitting(double room, const std::vector<BitrateBounds>& pictures, double times) {
  std::size_t count = 0;
  for (const auto& picture : pictures) {
    room -= picture.floor() * times;
    if (room < 0) break;
    ++count;
  }
  return count;
}

}  // namespace

std::vector<unsigned> PictureShare::of(double room, const std::vector<BitrateBounds>& pictures) {
  // A picture that is new is shown if it fits at all.
  const auto held = pictures.size() > known_ ? pictures.size() : shown_;
  known_ = pictures.size();
  shown_ = std::min(fitting(room, pictures, 1), std::max(held, fitting(room, pictures, kReturnsWith)));

  std::vector<unsigned> shares(pictures.size(), 0);
  for (std::size_t i = 0; i < shown_; ++i) shares[i] = pictures[i].floor();
  for (std::size_t i = 0; i < shown_; ++i) room -= shares[i];
  // What is left goes round in equal parts; one that has all it can use leaves the rest to the others.
  for (auto open = shown_; open > 0 && room >= 1;) {
    const auto part = room / static_cast<double>(open);
    open = 0;
    for (std::size_t i = 0; i < shown_; ++i) {
      const auto more = std::min(part, static_cast<double>(pictures[i].most - shares[i]));
      shares[i] += static_cast<unsigned>(std::floor(more));
      room -= std::floor(more);
      if (shares[i] < pictures[i].most) ++open;
    }
    if (part < 1) break;
  }
  return shares;
}

}  // namespace rtc::core
