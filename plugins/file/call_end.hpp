// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the end of a call means for a transfer that was under way in it.
#pragma once

#include <string>

namespace rtc {

/// Somebody decided: it is no use to call again, or to wait for the other side's return.
inline bool isDecision(const std::string& reason) {
  return reason == "hangup" || reason == "declined" || reason == "busy" || reason == "cancelled" ||
         reason == "fingerprint_mismatch" || reason == "answered_elsewhere" || reason == "replaced";
}

/// They wanted to speak, and no connection came about or it did not last: the next try may fare better.
inline bool isMishap(const std::string& reason) {
  return reason == "ice_failed" || reason == "media_failed" || reason == "peer_lost";
}

}  // namespace rtc
