// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What may still be done with each call, known on every thread: an action of the application is answered at once, and
// never waits for the session's thread, which may itself be waiting for the application in a signal.
#pragma once

#include <map>
#include <string>

#include "base/guarded.hpp"
#include "plugins/core/call.hpp"

namespace rtc {

/// Thread-safe.
class CallRoster {
 public:
  /// A call that waits for the login.
  void add(const std::string& call) {
    calls_.with([&](auto& calls) { calls.emplace(call, Answer::NotAsked); });
  }
  /// The call is in this state now. One that has ended is forgotten.
  void note(const core::Call& call, core::CallState state);

  void clear() {
    calls_.with([](auto& calls) { calls.clear(); });
  }

  bool has(const std::string& call) const {
    return calls_.with([&](const auto& calls) { return calls.contains(call); });
  }
  bool empty() const {
    return calls_.with([](const auto& calls) { return calls.empty(); });
  }
  /// Whether it is an incoming call that was neither taken nor declined.
  bool awaitsAnswer(const std::string& call) const;

 private:
  enum class Answer { NotAsked, Awaited };
  Guarded<std::map<std::string, Answer>> calls_;
};

inline void CallRoster::note(const core::Call& call, core::CallState state) {
  const bool asked = call.role() == core::Role::Callee && state == core::CallState::Ringing;
  calls_.with([&](auto& calls) {
    if (state == core::CallState::Ended) {
      calls.erase(call.id());
    } else {
      calls[call.id()] = asked ? Answer::Awaited : Answer::NotAsked;
    }
  });
}

inline bool CallRoster::awaitsAnswer(const std::string& call) const {
  return calls_.with([&](const auto& calls) {
    const auto found = calls.find(call);
    return found != calls.end() && found->second == Answer::Awaited;
  });
}

}  // namespace rtc
