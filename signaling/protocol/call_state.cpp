// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/call_state.hpp"

namespace rtc::signaling {

std::string_view word(CallState state) {
  switch (state) {
    case CallState::Calling:
      return "calling";
    case CallState::Ringing:
      return "ringing";
    case CallState::Accepted:
      return "accepted";
    case CallState::Connected:
      return "connected";
    case CallState::Reconnecting:
      return "reconnecting";
    case CallState::Ended:
      return "ended";
  }
  return "ended";
}

}  // namespace rtc::signaling
