// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a session tells on its pipeline's bus, as `docs/elements.md` has it: `rtc-session`, `rtc-token`, `rtc-call`,
// `rtc-missed-call` and `rtc-stream`. (`rtc-stats` is made where the figures are.)
#pragma once

#include <string>

#include "base/clock.hpp"
#include "plugins/session/live_call.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc {

/// `state` is the login's.
Ptr<GstStructure> sessionMessage(const std::string& session, const char* state, const std::string& user,
                                 const std::string& message);
Ptr<GstStructure> tokenMessage(const std::string& session, const char* state, Duration left,
                               const std::string& message);
/// `reason` counts only where the call has ended.
Ptr<GstStructure> callMessage(const std::string& session, const LiveCall& call, core::CallState state,
                              signaling::Reason reason);
Ptr<GstStructure> missedCallMessage(const std::string& session, const signaling::MissedCall& missed);
Ptr<GstStructure> streamMessage(const std::string& session, const LiveCall& call, const StreamChange& change);

}  // namespace rtc
