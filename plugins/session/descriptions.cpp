// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/descriptions.hpp"

#include <utility>

#include "plugins/session/promise.hpp"

namespace rtc {

using core::DescriptionType;

namespace {

Ptr<GstWebRTCSessionDescription> parsed(DescriptionType type, const std::string& text) {
  GstSDPMessage* message = nullptr;
  if (gst_sdp_message_new_from_text(text.c_str(), &message) != GST_SDP_OK) return nullptr;
  const auto of_type = type == DescriptionType::Offer ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER;
  return adopt(gst_webrtc_session_description_new(of_type, message));
}

std::string textIn(const GstStructure* reply, const char* field) {
  Out<GstWebRTCSessionDescription> made;
  if (reply == nullptr || !gst_structure_get(reply, field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr)) {
    return {};
  }
  return adopt(gst_sdp_message_as_text(made->sdp)).get();
}

}  // namespace

void createDescription(GstElement* webrtcbin, DescriptionType type, std::function<void(Result<std::string>)> done) {
  const bool offer = type == DescriptionType::Offer;
  const auto answer = promise([offer, done = std::move(done)](const GstStructure* reply) {
    auto sdp = textIn(reply, offer ? "offer" : "answer");
    if (sdp.empty()) {
      done(Error{"no description could be made: " + errorOf(reply)});
    } else {
      done(std::move(sdp));
    }
  });
  g_signal_emit_by_name(webrtcbin, offer ? "create-offer" : "create-answer", nullptr, answer.get());
}

void setDescription(GstElement* webrtcbin, Side side, DescriptionType type, const std::string& sdp,
                    std::function<void(Result<Done>)> done) {
  const auto description = parsed(type, sdp);
  if (!description) {
    done(Error{"the description could not be read"});
    return;
  }
  const auto answer = promise([done = std::move(done)](const GstStructure* reply) {
    const auto why = errorOf(reply);
    if (why.empty()) {
      done(Done{});
    } else {
      done(Error{"a description was refused: " + why});
    }
  });
  const char* action = side == Side::Local ? "set-local-description" : "set-remote-description";
  g_signal_emit_by_name(webrtcbin, action, description.get(), answer.get());
}

}  // namespace rtc
