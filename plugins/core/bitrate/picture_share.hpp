// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What each picture of a call may take of a path's room, once the sound has what it needs.
#pragma once

#include <vector>

#include "plugins/core/bitrate/bitrate_bounds.hpp"

namespace rtc::core {

class PictureShare {
 public:
  /// Of `room` bit/s, for each of the pictures; 0: it rests. Where there is not room for all at their least, the later
  /// ones rest, and go on once there is a quarter more than they need.
  std::vector<unsigned> of(double room, const std::vector<BitrateBounds>& pictures);

 private:
  std::size_t shown_ = 0;
  std::size_t known_ = 0;
};

}  // namespace rtc::core
