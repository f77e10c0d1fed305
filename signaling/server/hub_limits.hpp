// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much one client, one user or one address may ask of the hub.
#pragma once

#include "base/token_bucket.hpp"

namespace rtc::signaling {

struct HubLimits {
  /// Of one connection. A call's setup is a burst of some 30 messages within a second.
  Rate messages{50, 200};
  /// Calls that one user begins.
  Rate calls{0.5, 60};
  int calls_at_once = 16;  ///< of one device
  int devices = 8;         ///< of one user
  int watchers = 1000;     ///< of one user
  int wrong_logins = 3;    ///< of one connection
};

}  // namespace rtc::signaling
