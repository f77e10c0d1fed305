// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/dtls_transport.hpp"

#include <utility>

#include "base/signal.hpp"

namespace rtc {

namespace {

template <typename T>
Ptr<T> objectProperty(gpointer owner, const char* name) {
  T* object = nullptr;
  g_object_get(owner, name, &object, nullptr);
  return adopt(object);
}

}  // namespace

DtlsTransport::DtlsTransport(GstElement* webrtcbin, std::function<void()> on_change)
    : webrtcbin_(webrtcbin), on_change_(std::move(on_change)) {}

void DtlsTransport::look() {
  if (watched_) return;
  watched_ = current();
  if (!watched_) return;
  // G6. A browser that closes its connection closes this transport; webrtcbin goes on as if nothing were.
  connectSignal<void(GParamSpec*)>(watched_.get(), "notify::state",
                                   [on_change = on_change_](GParamSpec*) { on_change(); });
}

bool DtlsTransport::closed() const {
  if (!watched_) return false;
  GstWebRTCDTLSTransportState state = GST_WEBRTC_DTLS_TRANSPORT_STATE_NEW;
  g_object_get(watched_.get(), "state", &state, nullptr);
  return state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CLOSED || state == GST_WEBRTC_DTLS_TRANSPORT_STATE_FAILED;
}

std::string DtlsTransport::remoteCertificate() const {
  Out<gchar> certificate;
  if (const auto dtls = current()) g_object_get(dtls.get(), "remote-certificate", &certificate, nullptr);
  return certificate ? certificate.get() : std::string();
}

Ptr<GstWebRTCDTLSTransport> DtlsTransport::current() const {
  // With max-bundle there is one, and every section has it.
  if (const auto sctp = objectProperty<GObject>(webrtcbin_, "sctp-transport")) {
    return objectProperty<GstWebRTCDTLSTransport>(sctp.get(), "transport");
  }
  GstWebRTCRTPTransceiver* first = nullptr;
  g_signal_emit_by_name(webrtcbin_, "get-transceiver", 0, &first);
  const auto transceiver = adopt(first);
  if (!transceiver) return nullptr;
  const auto sender = objectProperty<GObject>(transceiver.get(), "sender");
  return sender ? objectProperty<GstWebRTCDTLSTransport>(sender.get(), "transport") : nullptr;
}

}  // namespace rtc
