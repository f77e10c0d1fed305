// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_fan_out WATCHERS: one sender that encodes once for so many bare webrtcbins, a tee and a queue before each; and
// the watchers, in a process of their own, which decode nothing. Prints `connected` once all are, then each second
// `slowest N`, the packets that came to the watcher with the fewest.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/peers/line_negotiation.hpp"
#include "bench/peers/picture.hpp"

namespace rtc::bench {
namespace {

using Role = LineNegotiation::Role;

const std::string kEncoded =
    "videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=30/1 ! " + std::string(kVideoEncoder) +
    " ! rtpvp8pay pt=96 picture-id-mode=15-bit mtu=1200 ! application/x-rtp,media=video,encoding-name=VP8,payload=96"
    " ! tee name=video allow-not-linked=true audiotestsrc is-live=true ! " +
    std::string(kAudioEncoder) +
    " ! rtpopuspay pt=97 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97"
    " ! tee name=audio allow-not-linked=true";

/// One connection of either process.
class Seat {
 public:
  Seat(int number, Role role, int wire)
      : webrtc_(sink(gst_element_factory_make("webrtcbin", nullptr))),
        negotiation_(webrtc_.get(), role, [number, wire](const std::string& description) {
          const auto line = std::to_string(number) + " " + description + "\n";
          // All of a line at once: it is of many threads.
          if (::send(wire, line.data(), line.size(), 0) < 0) std::perror("send");
        }) {
    gst_util_set_object_arg(G_OBJECT(webrtc_.get()), "bundle-policy", "max-bundle");
    g_signal_connect(webrtc_.get(), "pad-added", G_CALLBACK(&Seat::comes), this);
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  GstElement* webrtc() const { return webrtc_.get(); }
  LineNegotiation& negotiation() { return negotiation_; }
  unsigned packets() const { return packets_; }

  bool connected() const {
    auto state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;
    g_object_get(webrtc_.get(), "connection-state", &state, nullptr);
    return state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
  }

 private:
  static void comes(GstElement* webrtc, GstPad* pad, gpointer self) {
    if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
    auto* end = gst_element_factory_make("fakesink", nullptr);
    g_object_set(end, "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add(GST_BIN(GST_OBJECT_PARENT(webrtc)), end);
    gst_element_sync_state_with_parent(end);
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo*, gpointer seat) {
          ++static_cast<Seat*>(seat)->packets_;
          return GST_PAD_PROBE_OK;
        },
        self, nullptr);
    gst_pad_link(pad, adopt(gst_element_get_static_pad(end, "sink")).get());
  }

  const Ptr<GstElement> webrtc_;
  LineNegotiation negotiation_;
  std::atomic<unsigned> packets_ = 0;
};

using Seats = std::vector<std::unique_ptr<Seat>>;

/// Hears the other process for ever.
void listen(int wire, const Seats& seats) {
  FILE* lines = ::fdopen(wire, "r");
  char* line = nullptr;
  std::size_t room = 0;
  while (::getline(&line, &room, lines) > 0) {
    std::string text(line);
    text.pop_back();
    const auto space = text.find(' ');
    seats[std::stoul(text)]->negotiation().hear(text.substr(space + 1));
  }
  ::_exit(0);
}

void linkTo(GstElement* pipeline, const char* tee, GstElement* webrtc) {
  auto* queue = gst_element_factory_make("queue", nullptr);
  gst_util_set_object_arg(G_OBJECT(queue), "leaky", "downstream");
  gst_bin_add(GST_BIN(pipeline), queue);
  const auto from = adopt(gst_bin_get_by_name(GST_BIN(pipeline), tee));
  if (!gst_element_link(from.get(), queue) || !gst_element_link(queue, webrtc)) g_error("no way to %s", tee);
}

void stage(int wire, int watchers) {
  auto* pipeline = gst_parse_launch(kEncoded.c_str(), nullptr);
  Seats seats;
  for (int i = 0; i < watchers; ++i) {
    seats.push_back(std::make_unique<Seat>(i, Role::Offers, wire));
    gst_bin_add(GST_BIN(pipeline), seats.back()->webrtc());
    for (const char* tee : {"video", "audio"}) linkTo(pipeline, tee, seats.back()->webrtc());
    g_signal_connect(seats.back()->webrtc(), "on-negotiation-needed",
                     G_CALLBACK(+[](GstElement*, gpointer seat) { static_cast<Seat*>(seat)->negotiation().begin(); }),
                     seats.back().get());
  }
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  listen(wire, seats);
}

void house(int wire, int watchers) {
  Seats seats;
  for (int i = 0; i < watchers; ++i) {
    auto* pipeline = gst_pipeline_new(nullptr);
    seats.push_back(std::make_unique<Seat>(i, Role::Answers, wire));
    gst_bin_add(GST_BIN(pipeline), seats.back()->webrtc());
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
  }
  std::thread reader([wire, &seats] { listen(wire, seats); });
  for (bool told = false;; g_usleep(G_USEC_PER_SEC)) {
    const bool all = std::all_of(seats.begin(), seats.end(), [](const auto& seat) { return seat->connected(); });
    if (all && !std::exchange(told, true)) std::printf("connected\n");
    unsigned fewest = G_MAXUINT;
    for (const auto& seat : seats) fewest = std::min(fewest, seat->packets());
    std::printf("slowest %u\n", fewest);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace rtc::bench

int main(int argc, char** argv) {
  const int watchers = argc == 2 ? std::atoi(argv[1]) : 0;
  int wire[2];
  if (watchers < 1 || ::socketpair(AF_UNIX, SOCK_STREAM, 0, wire) != 0) return 2;
  const bool is_house = ::fork() == 0;
  ::close(wire[is_house ? 0 : 1]);
  gst_init(&argc, &argv);
  if (is_house) {
    rtc::bench::house(wire[1], watchers);
  } else {
    rtc::bench::stage(wire[0], watchers);
  }
}
