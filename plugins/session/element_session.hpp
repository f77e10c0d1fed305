// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An element's part in its session: the properties, signals and actions that all of them share, and the way to find the
// session by GstContext.
#pragma once

#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/session/gstrtcsession.hpp"
#include "plugins/session/session_signals.hpp"
#include "plugins/session/settings.hpp"

namespace rtc {

/// Properties are thread-safe; `enter`, `play` and `exit` are bound to the element's state changes.
class ElementSession {
 public:
  /// The first property id that is free for an element's own.
  static constexpr guint kFirstOwnProperty = static_cast<guint>(Setting::Last) + 3;

  explicit ElementSession(GstElement* element);
  /// The element is in NULL.
  ~ElementSession();

  static void install(GstElementClass* klass, SessionSignals& signals, SessionSignals::Finder session_of);

  /// False if the id is not one of a session's.
  bool setProperty(guint id, const GValue* value);
  bool getProperty(guint id, GValue* value) const;
  /// From the element's `set_context`.
  void setContext(GstContext* context);

  /// Finds or makes the session and takes part. On failure the element's error was posted.
  bool enter(const SessionSignals& signals);
  void play();
  /// Takes leave; see `Session::leave`.
  void exit();

  /// Null while the element takes no part.
  Session* session() const;

 private:
  struct Properties {
    std::string name = "default";
    Settings settings;
  };

  bool findSession(const std::string& name);
  void passOnSignals(GstRtcSession* from, const SessionSignals& signals);

  GstElement* const element_;
  Guarded<Properties> properties_;
  Guarded<Ptr<GstRtcSession>> offered_;  ///< by a context: not entered yet
  Guarded<Ptr<GstRtcSession>> joined_;
  std::vector<gulong> handlers_;
};

}  // namespace rtc
