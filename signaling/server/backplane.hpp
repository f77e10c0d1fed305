// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The one way in which a hub knows of other hubs. `docs/scaling.md` tells how a message bus would stand behind it.
#pragma once

#include <string>

#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// One hub's end. Bound to the hub's thread. Whoever makes it tells the hub (`Hub::heardOf`) when it stands otherwise
/// with a user elsewhere.
class Backplane {
 public:
  virtual ~Backplane() = default;
  /// How it stands with a user here has changed. Only what others may see of the user is told.
  virtual void announce(const UserPresence& presence) = 0;
  /// How it stands with the user at all other hubs, as far as they have told; the best of them. Never waits.
  virtual PresenceState elsewhere(const std::string& user) const = 0;
};

}  // namespace rtc::signaling
