// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a request is not granted.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

struct Refusal {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
  Duration retry{0};  ///< when it may be asked again; zero: not told
};

}  // namespace rtc::signaling
