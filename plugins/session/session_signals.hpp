// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The signals and actions that a session has, and each of its elements too: same names, same arguments.
#pragma once

#include <array>

#include "plugins/session/session.hpp"

namespace rtc {

/// `incoming-call (call, user)`, `call-state-changed (call, user, state, reason)`, `peer-added (user)`,
/// `peer-removed (user, reason)`, `stream-state-changed (call, user, kind, pad, state)`, `token-expires (seconds)`:
/// emitted on the session's thread.
enum class SessionSignal { IncomingCall, CallStateChanged, PeerAdded, PeerRemoved, StreamStateChanged, TokenExpires };

/// The ids of one class's signals.
class SessionSignals {
 public:
  /// Finds the session of an instance; null while it has none.
  using Finder = Session* (*)(gpointer instance);

  /// Registers the signals, and the actions `call (user) -> call`, `accept (call)`, `decline (call, reason)` and
  /// `hangup (call)`, for a class.
  void install(GType type, Finder session_of);

  template <typename... Args>
  void emit(gpointer instance, SessionSignal signal, Args... args) const {
    g_signal_emit(instance, ids_[static_cast<std::size_t>(signal)], 0, args...);
  }

 private:
  std::array<guint, 6> ids_{};
};

}  // namespace rtc
