// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The devices of a callee on which a call rings.
#pragma once

#include <set>

#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

class Ring {
 public:
  void add(SessionId device) { devices_.insert(device); }
  /// The device does not take the call any more. Busy here is not busy everywhere: the others ring on.
  void leave(SessionId device, bool busy) {
    devices_.erase(device);
    any_busy_ = any_busy_ || busy;
  }
  void clear() { devices_.clear(); }

  bool contains(SessionId device) const { return devices_.contains(device); }
  bool silent() const { return devices_.empty(); }
  bool anyBusy() const { return any_busy_; }
  const std::set<SessionId>& devices() const { return devices_; }

 private:
  std::set<SessionId> devices_;
  bool any_busy_ = false;
};

}  // namespace rtc::signaling
