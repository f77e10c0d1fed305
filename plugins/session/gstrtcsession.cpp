// SPDX-License-Identifier: LGPL-2.1-or-later
//
// SECTION:gstrtcsession
// The session as a GObject: what elements share by GstContext, and what an application may make itself and put into a
// pipeline, to have one login for all and one place to connect its signals.
#include "plugins/session/gstrtcsession.hpp"

#include <memory>
#include <set>
#include <string>

#include "base/gobject.hpp"
#include "plugins/session/dtls_timer.hpp"
#include "plugins/session/session_signals.hpp"

GST_DEBUG_CATEGORY(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace {

constexpr const char* kContextPrefix = "gst.rtc.session.";
constexpr const char* kContextField = "session";

rtc::SessionSignals session_signals;

class SessionObject {
 public:
  explicit SessionObject(GstRtcSession* self) : self_(self) {}

  static void classInit(GstRtcSessionClass* klass);

  void constructed() {
    session_ = std::make_unique<rtc::Session>(nameOf(self_), [this](const rtc::Session::Notice& notice) {
      std::visit([this](const auto& what) { tell(what); }, notice);
    });
  }
  rtc::Session& session() { return *session_; }

 private:
  static std::string nameOf(GstRtcSession* self) { return rtc::adopt(gst_object_get_name(GST_OBJECT(self))).get(); }

  template <typename... Args>
  void emit(rtc::SessionSignal signal, Args... args) {
    session_signals.emit(self_, signal, args...);
  }

  void tell(const rtc::Session::CallComesIn& incoming) {
    emit(rtc::SessionSignal::IncomingCall, incoming.call.c_str(), incoming.peer.c_str());
  }

  void tell(const rtc::Session::CallChanges& change) {
    const bool ended = change.state == rtc::core::CallState::Ended;
    const auto* reason = ended ? rtc::signaling::word(change.reason).data() : "";
    emit(rtc::SessionSignal::CallStateChanged, change.call.c_str(), change.peer.c_str(),
         rtc::signaling::word(change.state).data(), reason);
    if (change.state == rtc::core::CallState::Connected) {
      // Once, whatever becomes of its connection.
      if (connected_.insert(change.call).second) emit(rtc::SessionSignal::PeerAdded, change.peer.c_str());
    } else if (ended && connected_.erase(change.call) > 0) {
      emit(rtc::SessionSignal::PeerRemoved, change.peer.c_str(), reason);
    }
  }

  void tell(const rtc::Session::StreamChanges& stream) {
    const auto& [kind, pad, state] = stream.change;
    emit(rtc::SessionSignal::StreamStateChanged, stream.call.c_str(), stream.peer.c_str(), rtc::core::word(kind).data(),
         pad.c_str(), rtc::core::word(state).data());
  }

  void tell(const rtc::Session::TokenExpires& expires) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expires.left).count();
    emit(rtc::SessionSignal::TokenExpires, static_cast<guint>(seconds));
  }

  GstRtcSession* const self_;
  std::set<std::string> connected_;
  std::unique_ptr<rtc::Session> session_;
};

}  // namespace

struct _GstRtcSession {
  GstObject parent;
};

RTC_DEFINE_TYPE(GstRtcSession, gst_rtc_session, GST_TYPE_OBJECT, SessionObject);

namespace {

void SessionObject::classInit(GstRtcSessionClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_session_debug, "rtcsession", 0, "The session that the rtc elements share");
  rtc::hastenDtls();
  G_OBJECT_CLASS(klass)->constructed = [](GObject* object) noexcept {
    G_OBJECT_CLASS(gst_rtc_session_parent_class)->constructed(object);
    gst_rtc_session_impl(object).constructed();
  };
  session_signals.install(G_TYPE_FROM_CLASS(klass),
                          [](gpointer instance) { return &gst_rtc_session_impl(instance).session(); });
}

}  // namespace

rtc::Session& rtc::sessionOf(GstRtcSession* session) {
  return gst_rtc_session_impl(session).session();
}

gchar* gst_rtc_session_context_type(const gchar* name) {
  return g_strconcat(kContextPrefix, name, nullptr);
}

GstRtcSession* gst_rtc_session_new(const gchar* name) {
  auto* session = GST_RTC_SESSION(g_object_new(GST_TYPE_RTC_SESSION, "name", name, nullptr));
  gst_object_ref_sink(session);
  return session;
}

GstContext* gst_rtc_session_to_context(GstRtcSession* session) {
  const auto name = rtc::adopt(gst_object_get_name(GST_OBJECT(session)));
  const auto type = rtc::adopt(gst_rtc_session_context_type(name.get()));
  auto* context = gst_context_new(type.get(), TRUE);
  gst_structure_set(gst_context_writable_structure(context), kContextField, GST_TYPE_RTC_SESSION, session, nullptr);
  return context;
}

GstRtcSession* gst_rtc_session_from_context(GstContext* context) {
  const auto* value = gst_structure_get_value(gst_context_get_structure(context), kContextField);
  if (value == nullptr || !G_VALUE_HOLDS(value, GST_TYPE_RTC_SESSION)) return nullptr;
  return GST_RTC_SESSION(g_value_get_object(value));
}
