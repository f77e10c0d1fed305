// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The states of a call, which the service and its clients share.
#pragma once

#include <string_view>

namespace rtc::signaling {

enum class CallState { Calling, Ringing, Accepted, Connected, Ended };

/// The word for users, logs and documents, e.g. `calling`.
std::string_view word(CallState state);

}  // namespace rtc::signaling
