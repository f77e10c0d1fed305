// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call to a group looks for a member that takes it: one after the other, each for a while.
#pragma once

#include <set>
#include <string>

#include "base/clock.hpp"
#include "signaling/protocol/reason.hpp"

namespace rtc::signaling {

class Hunt {
 public:
  explicit Hunt(std::string group) : group_(std::move(group)) {}

  const std::string& group() const { return group_; }
  const std::string& member() const { return member_; }
  Instant until() const { return until_; }

  bool tried(const std::string& user) const { return tried_.contains(user); }
  void ring(const std::string& user, Instant until) {
    tried_.insert(user);
    member_ = user;
    until_ = until;
  }

  void declined() { declined_ = true; }
  void stayedSilent() { silent_ = true; }
  void wasBusy() { busy_ = true; }
  /// Why nobody took the call, once nobody is left: the reason that gives the caller most hope.
  Reason outcome() const {
    if (silent_) return Reason::Timeout;
    if (busy_) return Reason::Busy;
    return declined_ ? Reason::Declined : Reason::Unavailable;
  }

 private:
  std::string group_;
  std::string member_;
  Instant until_{};
  std::set<std::string> tried_;
  bool declined_ = false;
  bool silent_ = false;
  bool busy_ = false;
};

}  // namespace rtc::signaling
