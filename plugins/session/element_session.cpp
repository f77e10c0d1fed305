// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/element_session.hpp"

#include <utility>

#include "base/signal.hpp"
#include "plugins/session/requirements.hpp"

namespace rtc {

namespace {

constexpr guint kSessionProperty = static_cast<guint>(Setting::Last) + 1;
constexpr guint kStatsProperty = static_cast<guint>(Setting::Last) + 2;

}  // namespace

ElementSession::ElementSession(GstElement* element) : element_(element) {}

ElementSession::~ElementSession() {
  g_assert(session() == nullptr);
}

void ElementSession::installShared(GstElementClass* klass, SessionSignals& signals, SessionSignals::Finder session_of) {
  auto* object_class = G_OBJECT_CLASS(klass);
  Settings::install(object_class);
  g_object_class_install_property(
      object_class, kSessionProperty,
      g_param_spec_string(
          "session", "session", "Elements of one pipeline with the same name share one login and its calls", "default",
          static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)));
  g_object_class_install_property(
      object_class, kStatsProperty,
      g_param_spec_boxed("stats", "stats",
                         "Statistics of the last second: a structure with one rtc-stats structure per connected call",
                         GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  signals.install(G_TYPE_FROM_CLASS(klass), session_of);
}

bool ElementSession::setProperty(guint id, const GValue* value) {
  if (!Settings::has(id) && id != kSessionProperty) return false;
  Settings changed;
  properties_.with([&](Properties& properties) {
    if (id != kSessionProperty) {
      properties.settings.set(static_cast<Setting>(id), value);
      changed = properties.settings;
    } else {
      const auto* name = g_value_get_string(value);
      properties.name = name == nullptr || *name == '\0' ? "default" : name;
    }
  });
  if (id == kSessionProperty || !Settings::changesLive(static_cast<Setting>(id))) return true;
  if (auto* taking_part = session()) taking_part->change(changed, static_cast<Setting>(id));
  return true;
}

bool ElementSession::getProperty(guint id, GValue* value) const {
  if (id == kStatsProperty) {
    if (auto* taking_part = session()) g_value_take_boxed(value, release(taking_part->statistics()));
    return true;
  }
  if (!Settings::has(id) && id != kSessionProperty) return false;
  properties_.with([&](const Properties& properties) {
    if (id == kSessionProperty) {
      g_value_set_string(value, properties.name.c_str());
    } else {
      properties.settings.get(static_cast<Setting>(id), value);
    }
  });
  return true;
}

void ElementSession::setContext(GstContext* context) {
  const auto name = properties_.with([](const Properties& properties) { return properties.name; });
  const auto type = adopt(gst_rtc_session_context_type(name.c_str()));
  if (context == nullptr || g_strcmp0(gst_context_get_context_type(context), type.get()) != 0) return;
  auto session = share(gst_rtc_session_from_context(context));
  offered_.with([&](Ptr<GstRtcSession>& offered) { std::swap(offered, session); });
}

bool ElementSession::enter(const SessionSignals& signals) {
  if (session() != nullptr) return true;
  if (const auto missing = missingElements(); !missing.empty()) {
    GST_ELEMENT_ERROR(element_, CORE, MISSING_PLUGIN, ("%s", sentence(missing).c_str()), (nullptr));
    return false;
  }
  const auto [name, settings] =
      properties_.with([](const Properties& current) { return std::pair(current.name, current.settings); });
  if (!findSession(name)) return false;
  auto found = offered_.with([](Ptr<GstRtcSession>& offered) { return share(offered); });
  if (const auto joined = sessionOf(found.get()).join(element_, settings); !joined) {
    GST_ELEMENT_ERROR(element_, LIBRARY, SETTINGS, ("%s", joined.error().message.c_str()), (nullptr));
    return false;
  }
  passOnSignals(found.get(), signals);
  joined_.with([&](Ptr<GstRtcSession>& joined) { joined = std::move(found); });
  return true;
}

void ElementSession::play() {
  if (auto* taking_part = session()) taking_part->play();
}

void ElementSession::exit() {
  const auto left = joined_.with([](Ptr<GstRtcSession>& joined) { return share(joined); });
  if (!left) return;
  sessionOf(left.get()).leave(element_);
  for (const auto handler : std::exchange(handlers_, {})) g_signal_handler_disconnect(left.get(), handler);
  joined_.with([](Ptr<GstRtcSession>& joined) { joined.reset(); });
}

Session* ElementSession::session() const {
  return joined_.with([](const Ptr<GstRtcSession>& joined) { return joined ? &sessionOf(joined.get()) : nullptr; });
}

void ElementSession::passOnSignals(GstRtcSession* from, const SessionSignals& signals) {
  auto* element = element_;
  const auto* to = &signals;
  const auto pass_two = [=](SessionSignal signal) {
    return [=](const char* first, const char* second) { to->emit(element, signal, first, second); };
  };
  handlers_ = {
      connectSignal<void(const char*, const char*)>(from, "incoming-call", pass_two(SessionSignal::IncomingCall)),
      connectSignal<void(const char*, const char*, const char*, const char*)>(
          from, "call-state-changed",
          [=](const char* call, const char* user, const char* state, const char* reason) {
            to->emit(element, SessionSignal::CallStateChanged, call, user, state, reason);
          }),
      connectSignal<void(const char*)>(from, "peer-added",
                                       [=](const char* user) { to->emit(element, SessionSignal::PeerAdded, user); }),
      connectSignal<void(const char*, const char*)>(from, "peer-removed", pass_two(SessionSignal::PeerRemoved)),
      connectSignal<void(const char*, const char*, const char*, const char*, const char*)>(
          from, "stream-state-changed",
          [=](const char* call, const char* user, const char* kind, const char* pad, const char* state) {
            to->emit(element, SessionSignal::StreamStateChanged, call, user, kind, pad, state);
          }),
      connectSignal<void(guint)>(from, "token-expires",
                                 [=](guint seconds) { to->emit(element, SessionSignal::TokenExpires, seconds); })};
}

bool ElementSession::findSession(const std::string& name) {
  const auto fits = [&name](const Ptr<GstRtcSession>& offered) {
    return offered && name == adopt(gst_object_get_name(GST_OBJECT(offered.get()))).get();
  };
  if (offered_.with(fits)) return true;
  // The pipeline answers this at once with the context that another element gave it, and the application may.
  const auto type = adopt(gst_rtc_session_context_type(name.c_str()));
  gst_element_post_message(element_, gst_message_new_need_context(GST_OBJECT(element_), type.get()));
  if (offered_.with(fits)) return true;

  const auto made = adopt(gst_rtc_session_new(name.c_str()));
  const auto context = adopt(gst_rtc_session_to_context(made.get()));
  gst_element_set_context(element_, context.get());
  gst_element_post_message(element_, gst_message_new_have_context(GST_OBJECT(element_), release(share(context))));
  return offered_.with(fits);
}

}  // namespace rtc
