// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of a session, from their first word until nothing of them is left.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "plugins/session/live_call.hpp"

namespace rtc {

/// Bound to the session's thread.
class LiveCalls {
 public:
  /// `host` outlives this.
  explicit LiveCalls(CallHost& host) : host_(host) {}
  LiveCalls(const LiveCalls&) = delete;
  LiveCalls& operator=(const LiveCalls&) = delete;

  /// Starts the call.
  LiveCall& add(core::Call machine, CallOrigin origin = {});
  /// Null if there is none of this id.
  LiveCall* find(const std::string& call) const;
  /// Ours to this user that was not taken yet; null if there is none.
  LiveCall* pendingTo(const std::string& user) const;
  /// This user's to us, likewise.
  LiveCall* pendingFrom(const std::string& user) const;
  /// How many have not ended.
  std::size_t running() const;
  bool empty() const { return calls_.empty(); }

  template <typename F>
  void forEach(F visit) const {
    for (const auto& [id, call] : calls_) visit(*call);
  }
  void stepAll(const core::Call::Event& event) const {
    forEach([&event](LiveCall& call) { call.step(event); });
  }

  void drop(const std::string& call) { calls_.erase(call); }
  void clear() { calls_.clear(); }

 private:
  LiveCall* pending(core::Role ours, const std::string& user) const;

  CallHost& host_;
  std::map<std::string, std::unique_ptr<LiveCall>> calls_;
};

}  // namespace rtc
