// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/session_signals.hpp"

namespace rtc {

namespace {

GQuark finderQuark() {
  return g_quark_from_static_string("gst-rtc-session-finder");
}

Session* sessionFor(gpointer instance) {
  auto* finder = g_type_get_qdata(G_OBJECT_TYPE(instance), finderQuark());
  return reinterpret_cast<SessionSignals::Finder>(finder)(instance);
}

std::string textOf(const gchar* text) {
  return text == nullptr ? std::string() : text;
}

gchar* call(GObject* self, const gchar* user) noexcept {
  auto* session = sessionFor(self);
  if (session == nullptr || user == nullptr || *user == '\0') return nullptr;
  return g_strdup(session->call(user).c_str());
}

gboolean accept(GObject* self, const gchar* call) noexcept {
  auto* session = sessionFor(self);
  return session != nullptr && session->accept(textOf(call));
}

gboolean decline(GObject* self, const gchar* call, const gchar* reason) noexcept {
  auto* session = sessionFor(self);
  // The two words that a callee may say no with.
  const bool busy = textOf(reason) == signaling::word(signaling::Reason::Busy);
  const auto why = busy ? signaling::Reason::Busy : signaling::Reason::Declined;
  return session != nullptr && session->decline(textOf(call), why);
}

gboolean hangUp(GObject* self, const gchar* call) noexcept {
  auto* session = sessionFor(self);
  return session != nullptr && session->hangUp(textOf(call));
}

template <typename... Types>
guint signal(GType type, const char* name, Types... arguments) {
  return g_signal_new(name, type, G_SIGNAL_RUN_LAST, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, sizeof...(arguments),
                      arguments...);
}

template <typename... Types>
void action(GType type, const char* name, GCallback handler, GType result, Types... arguments) {
  g_signal_new_class_handler(name, type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION), handler,
                             nullptr, nullptr, nullptr, result, sizeof...(arguments), arguments...);
}

}  // namespace

void SessionSignals::install(GType type, Finder session_of) {
  g_type_set_qdata(type, finderQuark(), reinterpret_cast<gpointer>(session_of));
  ids_ = {
      signal(type, "incoming-call", G_TYPE_STRING, G_TYPE_STRING),
      signal(type, "call-state-changed", G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING),
      signal(type, "peer-added", G_TYPE_STRING),
      signal(type, "peer-removed", G_TYPE_STRING, G_TYPE_STRING),
      signal(type, "stream-state-changed", G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING),
      signal(type, "token-expires", G_TYPE_UINT)};
  action(type, "call", G_CALLBACK(call), G_TYPE_STRING, G_TYPE_STRING);
  action(type, "accept", G_CALLBACK(accept), G_TYPE_BOOLEAN, G_TYPE_STRING);
  action(type, "decline", G_CALLBACK(decline), G_TYPE_BOOLEAN, G_TYPE_STRING, G_TYPE_STRING);
  action(type, "hangup", G_CALLBACK(hangUp), G_TYPE_BOOLEAN, G_TYPE_STRING);
}

}  // namespace rtc
