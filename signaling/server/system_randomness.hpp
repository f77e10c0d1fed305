// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The kernel's randomness.
#pragma once

#include "signaling/server/randomness.hpp"

namespace rtc::signaling {

/// Thread-safe.
class SystemRandomness final : public Randomness {
 public:
  std::string token() override;
  int below(int limit) override;
};

}  // namespace rtc::signaling
