// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_file take ADDRESS FILE | give ADDRESS PORT FILE: a file over one data channel of a bare webrtcbin pair, in
// messages of 16 KiB, with nothing but back-pressure: what a protocol of ours is measured against. The two talk over
// TCP; `give` prints the seconds from the open channel to the taker's word that it has all bytes.
#include <arpa/inet.h>
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

namespace {

constexpr guint64 kHigh = 1024 * 1024;
constexpr guint64 kLow = 256 * 1024;
constexpr std::size_t kMessage = 16'384;

struct Side {
  GstElement* pipeline = nullptr;
  GstElement* webrtc = nullptr;
  GObject* channel = nullptr;
  GMainLoop* loop = nullptr;
  int wire = -1;
  FILE* file = nullptr;
  long size = 0;
  long done = 0;
  gint64 begun = 0;
  bool gives = false;
};

void say(const Side& side, const std::string& kind, std::string text) {
  for (char& c : text) {
    if (c == '\n') c = '\x01';
  }
  const auto line = kind + text + "\n";
  if (::write(side.wire, line.data(), line.size()) < 0) std::perror("write");
}

void described(GstPromise* promise, gpointer data) {
  auto& side = *static_cast<Side*>(data);
  GstWebRTCSessionDescription* made = nullptr;
  gst_structure_get(gst_promise_get_reply(promise), side.gives ? "offer" : "answer",
                    GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr);
  g_signal_emit_by_name(side.webrtc, "set-local-description", made, nullptr);
  gchar* text = gst_sdp_message_as_text(made->sdp);
  say(side, "s", text);
  g_free(text);
  gst_webrtc_session_description_free(made);
  gst_promise_unref(promise);
}

void describe(Side& side) {
  g_signal_emit_by_name(side.webrtc, side.gives ? "create-offer" : "create-answer", nullptr,
                        gst_promise_new_with_change_func(described, &side, nullptr));
}

void fill(Side& side) {
  for (;;) {
    guint64 buffered = 0;
    g_object_get(side.channel, "buffered-amount", &buffered, nullptr);
    if (buffered > kHigh) return;
    auto* bytes = static_cast<char*>(g_malloc(kMessage));
    const auto got = std::fread(bytes, 1, kMessage, side.file);
    if (got == 0) {
      g_free(bytes);
      return;
    }
    GBytes* message = g_bytes_new_take(bytes, got);
    g_signal_emit_by_name(side.channel, "send-data", message);
    g_bytes_unref(message);
  }
}

void watch(Side& side, GObject* channel) {
  side.channel = channel;
  if (!side.gives) {
    g_signal_connect(channel, "on-message-data", G_CALLBACK(+[](GObject*, GBytes* bytes, gpointer data) {
                       auto& taker = *static_cast<Side*>(data);
                       std::fwrite(g_bytes_get_data(bytes, nullptr), 1, g_bytes_get_size(bytes), taker.file);
                       taker.done += static_cast<long>(g_bytes_get_size(bytes));
                       if (taker.done < taker.size) return;
                       std::fclose(taker.file);
                       say(taker, "k", "");
                     }),
                     &side);
    return;
  }
  g_object_set(channel, "buffered-amount-low-threshold", kLow, nullptr);
  const auto later = +[](GObject*, gpointer data) {
    g_idle_add(
        [](gpointer given) -> gboolean {
          auto& giver = *static_cast<Side*>(given);
          if (giver.begun == 0) giver.begun = g_get_monotonic_time();
          fill(giver);
          return G_SOURCE_REMOVE;
        },
        data);
  };
  g_signal_connect(channel, "on-open", G_CALLBACK(later), &side);
  g_signal_connect(channel, "on-buffered-amount-low", G_CALLBACK(later), &side);
}

void heard(Side& side, std::string line) {
  const char kind = line[0];
  line.erase(0, 1);
  for (char& c : line) {
    if (c == '\x01') c = '\n';
  }
  if (kind == 'l') side.size = std::atol(line.c_str());
  if (kind == 's') {
    GstSDPMessage* sdp = nullptr;
    gst_sdp_message_new_from_text(line.c_str(), &sdp);
    auto* remote =
        gst_webrtc_session_description_new(side.gives ? GST_WEBRTC_SDP_TYPE_ANSWER : GST_WEBRTC_SDP_TYPE_OFFER, sdp);
    g_signal_emit_by_name(side.webrtc, "set-remote-description", remote, nullptr);
    gst_webrtc_session_description_free(remote);
    if (!side.gives) describe(side);
  }
  if (kind == 'c') {
    const auto space = line.find(' ');
    g_signal_emit_by_name(side.webrtc, "add-ice-candidate", static_cast<guint>(std::atoi(line.c_str())),
                          line.c_str() + space + 1);
  }
  if (kind == 'k') {
    std::printf("%f\n", static_cast<double>(g_get_monotonic_time() - side.begun) / 1e6);
    g_main_loop_quit(side.loop);
  }
}

void readWire(Side& side) {
  FILE* wire = ::fdopen(::dup(side.wire), "r");
  static char line[1 << 16];
  while (std::fgets(line, sizeof line, wire) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    heard(side, line);
  }
  g_main_loop_quit(side.loop);
}

int meet(const char* address, const char* port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  ::inet_pton(AF_INET, address, &where.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* generic = reinterpret_cast<sockaddr*>(&where);
  if (port != nullptr) {
    where.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    return ::connect(socket, generic, sizeof where) == 0 ? socket : -1;
  }
  socklen_t size = sizeof where;
  if (::bind(socket, generic, size) != 0 || ::listen(socket, 1) != 0) return -1;
  ::getsockname(socket, generic, &size);
  std::printf("%d\n", ntohs(where.sin_port));
  std::fflush(stdout);
  return ::accept(socket, nullptr, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  static Side side;
  side.gives = argc == 5 && std::strcmp(argv[1], "give") == 0;
  if (argc != (side.gives ? 5 : 4)) return 2;
  side.wire = meet(argv[2], side.gives ? argv[3] : nullptr);
  side.file = std::fopen(argv[argc - 1], side.gives ? "rb" : "wb");
  if (side.wire < 0 || side.file == nullptr) return 1;
  side.loop = g_main_loop_new(nullptr, FALSE);
  side.pipeline = gst_pipeline_new(nullptr);
  side.webrtc = gst_element_factory_make("webrtcbin", nullptr);
  gst_util_set_object_arg(G_OBJECT(side.webrtc), "bundle-policy", "max-bundle");
  gst_bin_add(GST_BIN(side.pipeline), side.webrtc);
  g_signal_connect(side.webrtc, "on-ice-candidate",
                   G_CALLBACK(+[](GstElement*, guint line, const char* candidate, gpointer data) {
                     say(*static_cast<Side*>(data), "c", std::to_string(line) + " " + candidate);
                   }),
                   &side);
  g_signal_connect(side.webrtc, "on-data-channel", G_CALLBACK(+[](GstElement*, GObject* channel, gpointer data) {
                     watch(*static_cast<Side*>(data), channel);
                   }),
                   &side);
  gst_element_set_state(side.pipeline, GST_STATE_PLAYING);
  if (side.gives) {
    std::fseek(side.file, 0, SEEK_END);
    say(side, "l", std::to_string(std::ftell(side.file)));
    std::rewind(side.file);
    GObject* channel = nullptr;
    g_signal_emit_by_name(side.webrtc, "create-data-channel", "file", nullptr, &channel);
    watch(side, channel);
    describe(side);
  }
  std::thread reader([] { readWire(side); });
  g_main_loop_run(side.loop);
  std::fflush(stdout);
  // The connection goes with the process; the other end waits for that.
  ::_exit(0);
}
