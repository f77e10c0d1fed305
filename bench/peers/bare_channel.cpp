// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_channel take | pour BYTES MESSAGE-BYTES: one data channel of a bare webrtcbin, whose other end is a page's.
// `take` reads an offer and prints the answer; of each text that is a number it takes that many bytes, to nowhere, and
// says `all`. `pour` prints an offer and reads the answer, pours memory as fast as the channel takes it, and prints the
// seconds to the other side's word. Descriptions are lines with \x01 for each line's end; the end of the input ends it.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "bench/peers/gst_ptr.hpp"

RTC_OWN_GOBJECT(GstWebRTCDataChannel);

namespace rtc::bench {
namespace {

constexpr guint64 kHigh = 4 * 1024 * 1024;
constexpr guint64 kLow = 1024 * 1024;

std::string onOneLine(std::string text) {
  std::erase(text, '\r');
  for (char& c : text) c = c == '\n' ? '\x01' : c;
  return text;
}

std::string inLines(std::string text) {
  for (char& c : text) c = c == '\x01' ? '\n' : c;
  return text;
}

/// Its channel's words come on webrtcbin's threads, and are handled on the main one.
class BareChannel {
 public:
  BareChannel(gsize bytes, gsize message)
      : bytes_(bytes), message_(adopt(g_bytes_new_take(g_malloc0(message), message))) {
    pipeline_ = adopt(GST_ELEMENT(g_object_ref_sink(gst_pipeline_new(nullptr))));
    webrtc_ = gst_element_factory_make("webrtcbin", nullptr);
    gst_util_set_object_arg(G_OBJECT(webrtc_), "bundle-policy", "max-bundle");
    gst_bin_add(GST_BIN(pipeline_.get()), webrtc_);
    g_signal_connect(webrtc_, "notify::ice-gathering-state", G_CALLBACK(&BareChannel::gathered), this);
    g_signal_connect(webrtc_, "on-data-channel", G_CALLBACK(&BareChannel::comes), this);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    if (bytes_ == 0) return;
    GstWebRTCDataChannel* channel = nullptr;
    g_signal_emit_by_name(webrtc_, "create-data-channel", "bare", nullptr, &channel);
    watch(channel);
    describe("create-offer");
  }
  BareChannel(const BareChannel&) = delete;
  BareChannel& operator=(const BareChannel&) = delete;

  void hear(const std::string& description) {
    GstSDPMessage* sdp = nullptr;
    if (gst_sdp_message_new_from_text(inLines(description).c_str(), &sdp) != GST_SDP_OK) return;
    const auto type = bytes_ == 0 ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER;
    const auto remote = adopt(gst_webrtc_session_description_new(type, sdp));
    g_signal_emit_by_name(webrtc_, "set-remote-description", remote.get(), nullptr);
    if (bytes_ == 0) describe("create-answer");
  }

 private:
  void describe(const char* how) {
    g_signal_emit_by_name(webrtc_, how, nullptr,
                          gst_promise_new_with_change_func(&BareChannel::described, this, nullptr));
  }

  static void described(GstPromise* promise, gpointer self) {
    const auto reply = adopt(promise);
    GstWebRTCSessionDescription* made = nullptr;
    const char* what = static_cast<BareChannel*>(self)->bytes_ == 0 ? "answer" : "offer";
    gst_structure_get(gst_promise_get_reply(promise), what, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr);
    g_signal_emit_by_name(static_cast<BareChannel*>(self)->webrtc_, "set-local-description", made, nullptr);
    gst_webrtc_session_description_free(made);
  }

  static void gathered(GstElement* webrtc, GParamSpec*, gpointer) {
    auto state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;
    GstWebRTCSessionDescription* local = nullptr;
    g_object_get(webrtc, "ice-gathering-state", &state, nullptr);
    if (state != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) return;
    g_object_get(webrtc, "local-description", &local, nullptr);
    gchar* text = gst_sdp_message_as_text(local->sdp);
    std::printf("%s\n", onOneLine(text).c_str());
    std::fflush(stdout);
    g_free(text);
    gst_webrtc_session_description_free(local);
  }

  static void comes(GstElement*, GstWebRTCDataChannel* channel, gpointer self) {
    g_object_ref(channel);
    static_cast<BareChannel*>(self)->watch(channel);
  }

  void watch(GstWebRTCDataChannel* channel) {
    channel_ = adopt(channel);
    g_signal_connect(channel, "on-message-string", G_CALLBACK(&BareChannel::said), this);
    g_signal_connect(channel, "on-message-data", G_CALLBACK(&BareChannel::took), this);
    if (bytes_ == 0) return;
    g_object_set(channel, "buffered-amount-low-threshold", kLow, nullptr);
    g_signal_connect(channel, "on-open", G_CALLBACK(&BareChannel::room), this);
    g_signal_connect(channel, "on-buffered-amount-low", G_CALLBACK(&BareChannel::room), this);
  }

  static void said(GstWebRTCDataChannel*, const char* text, gpointer given) {
    auto& self = *static_cast<BareChannel*>(given);
    if (std::strcmp(text, "all") != 0) {
      self.wanted_ = std::strtoull(text, nullptr, 10);
      return;
    }
    std::printf("%f\n", static_cast<double>(g_get_monotonic_time() - self.begun_) / 1e6);
    std::fflush(stdout);
  }

  static void took(GstWebRTCDataChannel* channel, GBytes* bytes, gpointer given) {
    auto& self = *static_cast<BareChannel*>(given);
    self.taken_ += g_bytes_get_size(bytes);
    if (self.wanted_ == 0 || self.taken_ < self.wanted_) return;
    self.taken_ = self.wanted_ = 0;
    g_signal_emit_by_name(channel, "send-string", "all");
  }

  static void room(GstWebRTCDataChannel*, gpointer self) { g_idle_add(&BareChannel::fill, self); }

  static gboolean fill(gpointer given) {
    auto& self = *static_cast<BareChannel*>(given);
    if (self.begun_ == 0) {
      self.begun_ = g_get_monotonic_time();
      g_signal_emit_by_name(self.channel_.get(), "send-string", std::to_string(self.bytes_).c_str());
    }
    guint64 buffered = 0;
    while (self.poured_ < self.bytes_ && buffered <= kHigh) {
      g_signal_emit_by_name(self.channel_.get(), "send-data", self.message_.get());
      self.poured_ += g_bytes_get_size(self.message_.get());
      g_object_get(self.channel_.get(), "buffered-amount", &buffered, nullptr);
    }
    return G_SOURCE_REMOVE;
  }

  const gsize bytes_;
  const Ptr<GBytes> message_;
  Ptr<GstElement> pipeline_;
  GstElement* webrtc_;
  Ptr<GstWebRTCDataChannel> channel_;
  gint64 begun_ = 0;
  gsize poured_ = 0;
  gsize taken_ = 0;
  gsize wanted_ = 0;
};

}  // namespace
}  // namespace rtc::bench

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const bool pours = argc == 4 && std::strcmp(argv[1], "pour") == 0;
  if (!pours && (argc != 2 || std::strcmp(argv[1], "take") != 0)) return 2;
  const auto number = [&](int at) { return pours ? std::strtoull(argv[at], nullptr, 10) : 0; };
  rtc::bench::BareChannel channel(number(2), number(3));
  auto* loop = g_main_loop_new(nullptr, FALSE);
  std::thread reader([&] {
    std::string line;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
      if (c != '\n') {
        line += static_cast<char>(c);
      } else {
        channel.hear(line);
        line.clear();
      }
    }
    // The connection goes with the process.
    ::_exit(0);
  });
  g_main_loop_run(loop);
}
