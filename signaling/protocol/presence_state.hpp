// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The words for how it stands with a user.
#pragma once

#include <string_view>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

constexpr std::string_view word(PresenceState state) {
  switch (state) {
    case PresenceState::Online:
      return "online";
    case PresenceState::Busy:
      return "busy";
    case PresenceState::Offline:
      break;
  }
  return "offline";
}

/// A word of a newer service says at least that the user is there.
constexpr PresenceState presenceStateOf(std::string_view text) {
  if (text == "offline") return PresenceState::Offline;
  return text == "busy" ? PresenceState::Busy : PresenceState::Online;
}

}  // namespace rtc::signaling
