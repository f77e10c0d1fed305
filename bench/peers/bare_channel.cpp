// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_channel take | pour BYTES MESSAGE-BYTES: one data channel of a bare webrtcbin, whose other end is a page's.
// `take` reads an offer and prints the answer; of each text that is a number it takes that many bytes, to nowhere, and
// says `all`. `pour` prints an offer and reads the answer, pours memory as fast as the channel takes it, and prints the
// seconds to the other side's word. The end of the input ends it.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>

#include "bench/peers/line_negotiation.hpp"

RTC_OWN_GOBJECT(GstWebRTCDataChannel);

namespace rtc::bench {
namespace {

constexpr guint64 kHigh = 4 * 1024 * 1024;
constexpr guint64 kLow = 1024 * 1024;

using Role = LineNegotiation::Role;

void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

Ptr<GstElement> connection() {
  auto webrtc = sink(gst_element_factory_make("webrtcbin", nullptr));
  gst_util_set_object_arg(G_OBJECT(webrtc.get()), "bundle-policy", "max-bundle");
  return webrtc;
}

/// What it hears comes on webrtcbin's threads; it pours on the main one.
class BareChannel {
 public:
  /// `bytes` 0: it takes.
  BareChannel(gsize bytes, gsize message)
      : bytes_(bytes),
        message_(adopt(g_bytes_new_take(g_malloc0(message), message))),
        webrtc_(connection()),
        negotiation_(webrtc_.get(), bytes == 0 ? Role::Answers : Role::Offers, print) {
    auto* pipeline = gst_pipeline_new(nullptr);
    gst_bin_add(GST_BIN(pipeline), webrtc_.get());
    g_signal_connect(webrtc_.get(), "on-data-channel", G_CALLBACK(&BareChannel::comes), this);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    if (bytes_ == 0) return;
    GstWebRTCDataChannel* channel = nullptr;
    g_signal_emit_by_name(webrtc_.get(), "create-data-channel", "bare", nullptr, &channel);
    watch(adopt(channel));
    negotiation_.begin();
  }
  BareChannel(const BareChannel&) = delete;
  BareChannel& operator=(const BareChannel&) = delete;

  void hear(const std::string& description) { negotiation_.hear(description); }

 private:
  static void comes(GstElement*, GstWebRTCDataChannel* channel, gpointer self) {
    static_cast<BareChannel*>(self)->watch(share(channel));
  }

  void watch(Ptr<GstWebRTCDataChannel> channel) {
    channel_ = std::move(channel);
    g_signal_connect(channel_.get(), "on-message-string", G_CALLBACK(&BareChannel::said), this);
    g_signal_connect(channel_.get(), "on-message-data", G_CALLBACK(&BareChannel::took), this);
    if (bytes_ == 0) return;
    g_object_set(channel_.get(), "buffered-amount-low-threshold", kLow, nullptr);
    g_signal_connect(channel_.get(), "on-open", G_CALLBACK(&BareChannel::hasRoom), this);
    g_signal_connect(channel_.get(), "on-buffered-amount-low", G_CALLBACK(&BareChannel::hasRoom), this);
  }

  static void said(GstWebRTCDataChannel*, const char* text, gpointer given) {
    auto& self = *static_cast<BareChannel*>(given);
    if (std::strcmp(text, "all") == 0) {
      print(std::to_string(static_cast<double>(g_get_monotonic_time() - self.begun_) / 1e6));
    } else {
      self.wanted_ = std::strtoull(text, nullptr, 10);
    }
  }

  static void took(GstWebRTCDataChannel* channel, GBytes* bytes, gpointer given) {
    auto& self = *static_cast<BareChannel*>(given);
    self.taken_ += g_bytes_get_size(bytes);
    if (self.wanted_ == 0 || self.taken_ < self.wanted_) return;
    self.taken_ = self.wanted_ = 0;
    g_signal_emit_by_name(channel, "send-string", "all");
  }

  static void hasRoom(GstWebRTCDataChannel*, gpointer self) { g_idle_add(&BareChannel::pour, self); }

  static gboolean pour(gpointer given) {
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
  const Ptr<GstElement> webrtc_;
  LineNegotiation negotiation_;
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
  std::thread reader([&channel] {
    for (std::string line; std::getline(std::cin, line);) channel.hear(line);
    // The connection goes with the process.
    ::_exit(0);
  });
  g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
