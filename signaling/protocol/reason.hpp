// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a call ended: the stable words that users, logs, the wire and exit codes share.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace rtc::signaling {

enum class Reason {
  Hangup,               ///< a party hung up
  Declined,             ///< the callee said no
  Busy,                 ///< the callee is in another call
  Timeout,              ///< nobody answered in time
  Cancelled,            ///< the caller gave up before an answer
  Unavailable,          ///< the callee is not logged in
  AnsweredElsewhere,    ///< another device of the callee took it
  GlareLost,            ///< both called at once and the other call won
  IceFailed,            ///< no path between the parties was found in time
  MediaFailed,          ///< media could not be set up or broke
  PeerLost,             ///< the other party vanished
  FingerprintMismatch,  ///< the certificate is not the one that signaling announced
  Replaced,             ///< another call took its place
  ServerShutdown,       ///< the service stopped before the call was set up
};

inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::ServerShutdown) + 1;

/// The word on the wire, e.g. `ice_failed`.
std::string_view word(Reason reason);
/// The reason behind a word; nothing for an unknown one.
std::optional<Reason> reasonOf(std::string_view text);

}  // namespace rtc::signaling
