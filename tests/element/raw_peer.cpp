// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/element/raw_peer.hpp"

#include "base/signal.hpp"
#include "plugins/session/guards.hpp"
#include "plugins/session/host_addresses.hpp"
#include "tests/support/check.hpp"

namespace rtc::testing {

RawPeer::RawPeer(const std::string& launch) : pipeline_(launch), webrtcbin_(pipeline_.named("webrtc")) {
  gst_util_set_object_arg(G_OBJECT(webrtcbin_), "bundle-policy", "max-bundle");
  bindIce(webrtcbin_, addressesOf({}));
}

void RawPeer::trickleTo(RawPeer& other) {
  connectSignal<void(guint, const char*)>(webrtcbin_, "on-ice-candidate",
                                          [to = other.webrtcbin_](guint mline, const char* candidate) {
                                            g_signal_emit_by_name(to, "add-ice-candidate", mline, candidate);
                                          });
}

bool RawPeer::connected() const {
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;
  g_object_get(webrtcbin_, "connection-state", &state, nullptr);
  return state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
}

Ptr<GstWebRTCSessionDescription> RawPeer::create(const char* what) {
  const auto promise = adopt(gst_promise_new());
  g_signal_emit_by_name(webrtcbin_, (std::string("create-") + what).c_str(), nullptr, promise.get());
  ck_assert(gst_promise_wait(promise.get()) == GST_PROMISE_RESULT_REPLIED);
  GstWebRTCSessionDescription* made = nullptr;
  gst_structure_get(gst_promise_get_reply(promise.get()), what, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr);
  ck_assert_msg(made != nullptr, "no %s could be made", what);
  return adopt(made);
}

void RawPeer::set(const char* action, GstWebRTCSessionDescription* description) {
  const auto promise = adopt(gst_promise_new());
  g_signal_emit_by_name(webrtcbin_, action, description, promise.get());
  ck_assert(gst_promise_wait(promise.get()) == GST_PROMISE_RESULT_REPLIED);
}

void negotiate(RawPeer& offerer, RawPeer& answerer) {
  const auto offer = offerer.createOffer();
  offerer.setLocal(offer.get());
  answerer.setRemote(offer.get());
  const auto answer = answerer.createAnswer();
  answerer.setLocal(answer.get());
  offerer.setRemote(answer.get());
}

}  // namespace rtc::testing
