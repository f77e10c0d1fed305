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

  /// Gives an element's class what all of them have: `impl_of(instance)` is the C++ side, which takes its properties,
  /// states and contexts. Call it first in `classInit`.
  template <auto impl_of, gpointer* parent_class>
  static void install(GstElementClass* element_class, SessionSignals& signals) {
    auto* object_class = G_OBJECT_CLASS(element_class);
    object_class->set_property = [](GObject* object, guint id, const GValue* value, GParamSpec* spec) noexcept {
      impl_of(object).setProperty(id, value, spec);
    };
    object_class->get_property = [](GObject* object, guint id, GValue* value, GParamSpec* spec) noexcept {
      impl_of(object).getProperty(id, value, spec);
    };
    element_class->change_state = [](GstElement* element, GstStateChange change) noexcept {
      return impl_of(element).changeState(change);
    };
    element_class->set_context = [](GstElement* element, GstContext* context) noexcept {
      GST_ELEMENT_CLASS(*parent_class)->set_context(element, context);
      impl_of(element).setContext(context);
    };
    installShared(element_class, signals, [](gpointer instance) { return impl_of(instance).session(); });
  }

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

  static void installShared(GstElementClass* klass, SessionSignals& signals, SessionSignals::Finder session_of);
  bool findSession(const std::string& name);
  void passOnSignals(GstRtcSession* from, const SessionSignals& signals);

  GstElement* const element_;
  Guarded<Properties> properties_;
  Guarded<Ptr<GstRtcSession>> offered_;  ///< by a context: not entered yet
  Guarded<Ptr<GstRtcSession>> joined_;
  std::vector<gulong> handlers_;
};

}  // namespace rtc
