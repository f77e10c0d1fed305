// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Between which bit rates a stream may be encoded.
#pragma once

#include <algorithm>

namespace rtc::core {

/// In bit/s.
struct BitrateBounds {
  unsigned least = 0;
  unsigned most = 0;

  /// A least above the most counts as the most.
  unsigned floor() const { return std::min(least, most); }

  bool operator==(const BitrateBounds&) const = default;
};

}  // namespace rtc::core
