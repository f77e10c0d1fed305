// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where the hub's secrets and ids come from, so that a test can foretell them.
#pragma once

#include <string>

namespace rtc::signaling {

class Randomness {
 public:
  virtual ~Randomness() = default;
  /// 22 characters of A-Z a-z 0-9 _ - that nobody can guess: 128 bits.
  virtual std::string token() = 0;
  /// From 0 to limit - 1.
  virtual int below(int limit) = 0;
};

}  // namespace rtc::signaling
