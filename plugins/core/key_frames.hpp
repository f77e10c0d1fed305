// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When an encoder that many peers share is asked for a key frame: at once for the first who asks, and then not more
// often than a picture can bear.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace rtc::core {

class KeyFrameLimiter {
 public:
  explicit KeyFrameLimiter(Duration interval) : interval_(interval) {}

  /// Whether the encoder is to be asked now. If not, the wish is kept: see `due`.
  bool wish(Instant now) {
    if (!last_ || now - *last_ >= interval_) {
      last_ = now;
      wished_ = false;
      return true;
    }
    wished_ = true;
    return false;
  }

  /// Asked with each frame: whether a kept wish has waited long enough.
  bool due(Instant now) { return wished_ && wish(now); }

 private:
  Duration interval_;
  std::optional<Instant> last_;
  bool wished_ = false;
};

}  // namespace rtc::core
