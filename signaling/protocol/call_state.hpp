// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The states of a call, which the service and its clients share. Reconnecting is a client's alone: its peer connection
// is lost, and a new one is being made. For the service such a call is connected.
#pragma once

#include <string_view>

namespace rtc::signaling {

enum class CallState { Calling, Ringing, Accepted, Connected, Reconnecting, Ended };

/// The word for users, logs and documents, e.g. `calling`.
std::string_view word(CallState state);

}  // namespace rtc::signaling
