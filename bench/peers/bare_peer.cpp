// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/bare_peer.hpp"

#include <string_view>
#include <utility>

#include "bench/peers/commands.hpp"
#include "bench/peers/picture.hpp"
#include "bench/peers/report.hpp"

namespace rtc::bench {
namespace {

std::string description() {
  const std::string newest = " ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 ! ";
  return "webrtcbin name=webrtc bundle-policy=max-bundle " + std::string(kPicture) + newest + kVideoEncoder +
         " ! rtpvp8pay pt=96 picture-id-mode=15-bit mtu=1200"
         " ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! webrtc. " +
         kTone + newest + kAudioEncoder +
         " ! rtpopuspay pt=97 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! webrtc.";
}

Ptr<GstElement> parsed(const std::string& text, bool bin) {
  Out<GError> error;
  auto* element =
      bin ? gst_parse_bin_from_description(text.c_str(), TRUE, &error) : gst_parse_launch(text.c_str(), &error);
  if (error) g_error("%s", error->message);
  return sink(element);
}

/// What a call of ours gets when a promise changes.
struct Described {
  std::function<void(GstPromise*)> call;
};

GstPromise* promiseTo(std::function<void(GstPromise*)> call) {
  return gst_promise_new_with_change_func(
      [](GstPromise* promise, gpointer owned) { static_cast<Described*>(owned)->call(promise); },
      new Described{std::move(call)}, [](gpointer owned) { delete static_cast<Described*>(owned); });
}

}  // namespace

BarePeer::BarePeer(const std::string& server, const std::string& name, bool shows)
    : shows_(shows),
      signaling_(
          server, name, [] { report("ready"); }, [this](const BookMessage& message) { received(message); }),
      pipeline_(parsed(description(), false)),
      webrtc_(adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "webrtc"))) {
  const auto on_candidate = +[](GstElement*, guint line, const char* candidate, gpointer data) {
    auto* self = static_cast<BarePeer*>(data);
    onMain([self, line, text = std::string(candidate)] { self->signaling_.sendCandidate(self->peer_, line, text); });
  };
  const auto on_state = +[](GstElement* webrtc, GParamSpec*, gpointer data) {
    auto* self = static_cast<BarePeer*>(data);
    GstWebRTCPeerConnectionState state{};
    g_object_get(webrtc, "connection-state", &state, nullptr);
    if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED && !self->connected_.exchange(true)) report("connected");
  };
  const auto on_pad = +[](GstElement*, GstPad* pad, gpointer self) { static_cast<BarePeer*>(self)->onPad(pad); };
  g_signal_connect(webrtc_.get(), "on-ice-candidate", G_CALLBACK(on_candidate), this);
  g_signal_connect(webrtc_.get(), "notify::connection-state", G_CALLBACK(on_state), this);
  g_signal_connect(webrtc_.get(), "pad-added", G_CALLBACK(on_pad), this);
  if (shows_) setAsTheElements();
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

void BarePeer::setAsTheElements() {
  const auto camera = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "camera"));
  numbered_.number(adopt(gst_element_get_static_pad(camera.get(), "src")).get());
  g_object_set(webrtc_.get(), "latency", kLatency, nullptr);
  GArray* transceivers = nullptr;
  g_signal_emit_by_name(webrtc_.get(), "get-transceivers", &transceivers);
  for (guint i = 0; i < transceivers->len; ++i) {
    g_object_set(g_array_index(transceivers, GObject*, i), "do-nack", TRUE, nullptr);
  }
  g_array_unref(transceivers);
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  const auto on_message = +[](GstBus*, GstMessage* message, gpointer pipeline) -> gboolean {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY) gst_bin_recalculate_latency(GST_BIN(pipeline));
    return G_SOURCE_CONTINUE;
  };
  gst_bus_add_watch(bus.get(), on_message, pipeline_.get());
}

BarePeer::~BarePeer() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void BarePeer::dial(const std::string& peer) {
  report("dial");
  peer_ = peer;
  describe(Role::Caller);
}

void BarePeer::received(const BookMessage& message) {
  if (message.type == "offer") {
    peer_ = message.from;
    setRemote(GST_WEBRTC_SDP_TYPE_OFFER, message.sdp);
    describe(Role::Callee);
  } else if (message.type == "answer") {
    setRemote(GST_WEBRTC_SDP_TYPE_ANSWER, message.sdp);
  } else if (message.type == "candidate") {
    g_signal_emit_by_name(webrtc_.get(), "add-ice-candidate", message.media_line, message.candidate.c_str());
  }
}

// webrtcbin carries out its tasks in order, so an answer may be asked for before the offer is applied.
void BarePeer::describe(Role role) {
  auto* promise = promiseTo([this, role](GstPromise* made) { described(made, role); });
  g_signal_emit_by_name(webrtc_.get(), role == Role::Caller ? "create-offer" : "create-answer", nullptr, promise);
}

void BarePeer::described(GstPromise* promise, Role role) {
  const char* word = role == Role::Caller ? "offer" : "answer";
  Out<GstWebRTCSessionDescription> made;
  const auto* reply = gst_promise_get_reply(promise);
  if (reply == nullptr || gst_structure_get(reply, word, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr) == 0) {
    g_error("no %s", word);
  }
  const auto sdp = adopt(gst_sdp_message_as_text(made->sdp));
  onMain([this, word, text = std::string(sdp.get())] { signaling_.sendDescription(peer_, word, text); });
  g_signal_emit_by_name(webrtc_.get(), "set-local-description", made.get(), nullptr);
  gst_promise_unref(promise);
}

void BarePeer::setRemote(GstWebRTCSDPType type, const std::string& sdp) {
  GstSDPMessage* message = nullptr;
  if (gst_sdp_message_new_from_text(sdp.c_str(), &message) != GST_SDP_OK) g_error("no description: %s", sdp.c_str());
  const auto description = adopt(gst_webrtc_session_description_new(type, message));
  g_signal_emit_by_name(webrtc_.get(), "set-remote-description", description.get(), nullptr);
}

void BarePeer::onPad(GstPad* pad) {
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  const std::string_view media = gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "media");
  const bool video = media == "video";
  const auto branch = parsed(video ? "rtpvp8depay request-keyframe=true ! vp8dec ! fakesink name=end sync=false"
                                   : "rtpopusdepay ! opusdec ! fakesink sync=false",
                             true);
  if (video) {
    const auto count_frame = +[](GstPad*, GstPadProbeInfo*, gpointer self) {
      if (static_cast<BarePeer*>(self)->frames_++ == 0) report("first-frame");
      return GST_PAD_PROBE_OK;
    };
    const auto count_bytes = +[](GstPad*, GstPadProbeInfo* info, gpointer self) {
      static_cast<BarePeer*>(self)->bytes_ += gst_buffer_get_size(gst_pad_probe_info_get_buffer(info));
      return GST_PAD_PROBE_OK;
    };
    const auto end = adopt(gst_bin_get_by_name(GST_BIN(branch.get()), "end"));
    const auto end_pad = adopt(gst_element_get_static_pad(end.get(), "sink"));
    gst_pad_add_probe(end_pad.get(), GST_PAD_PROBE_TYPE_BUFFER, count_frame, this, nullptr);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count_bytes, this, nullptr);
    if (shows_) numbered_.read(end.get());
  }
  gst_bin_add(GST_BIN(pipeline_.get()), branch.get());
  const auto entry = adopt(gst_element_get_static_pad(branch.get(), "sink"));
  gst_element_sync_state_with_parent(branch.get());
  gst_pad_link(pad, entry.get());
}

void BarePeer::summarize() const {
  report("summary", ",\"frames\":" + std::to_string(frames_) + ",\"bytes\":" + std::to_string(bytes_) +
                        (shows_ ? numbered_.report() : ""));
}

}  // namespace rtc::bench
