// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/line_negotiation.hpp"

#include <algorithm>
#include <utility>

namespace rtc::bench {

LineNegotiation::LineNegotiation(GstElement* webrtc, Role role, std::function<void(const std::string& line)> tell)
    : webrtc_(webrtc), role_(role), tell_(std::move(tell)) {
  g_signal_connect(webrtc, "notify::ice-gathering-state", G_CALLBACK(&LineNegotiation::gathered), this);
}

void LineNegotiation::begin() {
  auto* promise = gst_promise_new_with_change_func(&LineNegotiation::described, this, nullptr);
  g_signal_emit_by_name(webrtc_, role_ == Role::Offers ? "create-offer" : "create-answer", nullptr, promise);
}

void LineNegotiation::hear(std::string line) {
  std::replace(line.begin(), line.end(), '\x01', '\n');
  GstSDPMessage* sdp = nullptr;
  if (gst_sdp_message_new_from_text(line.c_str(), &sdp) != GST_SDP_OK) g_error("no description: %s", line.c_str());
  const auto type = role_ == Role::Offers ? GST_WEBRTC_SDP_TYPE_ANSWER : GST_WEBRTC_SDP_TYPE_OFFER;
  const auto remote = adopt(gst_webrtc_session_description_new(type, sdp));
  g_signal_emit_by_name(webrtc_, "set-remote-description", remote.get(), nullptr);
  // webrtcbin carries out its tasks in order, so an answer may be asked for before the offer is applied.
  if (role_ == Role::Answers) begin();
}

void LineNegotiation::described(GstPromise* promise, gpointer given) {
  const auto& self = *static_cast<LineNegotiation*>(given);
  const auto made_by = adopt(promise);
  const char* word = self.role_ == Role::Offers ? "offer" : "answer";
  Out<GstWebRTCSessionDescription> made;
  const auto* reply = gst_promise_get_reply(promise);
  if (reply == nullptr || gst_structure_get(reply, word, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr) == 0) {
    g_error("no %s", word);
  }
  g_signal_emit_by_name(self.webrtc_, "set-local-description", made.get(), nullptr);
}

void LineNegotiation::gathered(GstElement* webrtc, GParamSpec*, gpointer given) {
  auto state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;
  g_object_get(webrtc, "ice-gathering-state", &state, nullptr);
  if (state != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) return;
  Out<GstWebRTCSessionDescription> local;
  g_object_get(webrtc, "local-description", &local, nullptr);
  std::string line = adopt(gst_sdp_message_as_text(local->sdp)).get();
  std::erase(line, '\r');
  std::replace(line.begin(), line.end(), '\n', '\x01');
  static_cast<LineNegotiation*>(given)->tell_(line);
}

}  // namespace rtc::bench
