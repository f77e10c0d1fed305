// SPDX-License-Identifier: LGPL-2.1-or-later
//
// element_call SERVER USER [PROPERTY=VALUE...] [show]: one party of a call between rtcsignalsink and rtcsignalsrc,
// every other property left as it is. With `show` the pictures are numbered, and rendered in time.
#include <atomic>
#include <string>
#include <string_view>

#include "bench/peers/commands.hpp"
#include "bench/peers/gst_ptr.hpp"
#include "bench/peers/numbered_picture.hpp"
#include "bench/peers/picture.hpp"
#include "bench/peers/report.hpp"

RTC_OWN_COUNTED(GstMessage, gst_message_ref, gst_message_unref);

namespace rtc::bench {
namespace {

/// Bound to the thread of the default main context; streaming threads only count.
class ElementCall {
 public:
  ElementCall(const std::string& server, const std::string& user, const std::string& properties, bool shows);
  ElementCall(const ElementCall&) = delete;
  ElementCall& operator=(const ElementCall&) = delete;
  ~ElementCall() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  void dial(const std::string& peer) {
    report("dial");
    gchar* call = nullptr;
    g_signal_emit_by_name(sink_.get(), "call", peer.c_str(), &call);
    static_cast<void>(adopt(call));
  }
  void summarize() const {
    report("summary", ",\"frames\":" + std::to_string(frames_) + ",\"bytes\":" + std::to_string(bits_ / 8) +
                          (shows_ ? numbered_.report() : ""));
  }

 private:
  void onPad(GstPad* pad);
  void onMessage(GstMessage* message);

  const bool shows_;
  NumberedPicture numbered_;
  Ptr<GstElement> pipeline_;
  Ptr<GstElement> sink_;
  std::atomic<guint64> frames_ = 0;
  guint64 bits_ = 0;
};

ElementCall::ElementCall(const std::string& server, const std::string& user, const std::string& properties, bool shows)
    : shows_(shows) {
  const std::string text = "rtcsignalsink name=out server=" + server + " user=" + user + properties + " " + kPicture +
                           " ! out. " + kTone + " ! out. rtcsignalsrc name=in";
  Out<GError> error;
  pipeline_ = sink(gst_parse_launch(text.c_str(), &error));
  if (error) g_error("%s", error->message);
  sink_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out"));

  if (shows_) {
    const auto camera = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "camera"));
    numbered_.number(adopt(gst_element_get_static_pad(camera.get(), "src")).get());
  }
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "in"));
  const auto on_pad = +[](GstElement*, GstPad* pad, gpointer self) { static_cast<ElementCall*>(self)->onPad(pad); };
  g_signal_connect(source.get(), "pad-added", G_CALLBACK(on_pad), this);

  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  const auto on_message = +[](GstBus*, GstMessage* message, gpointer self) -> gboolean {
    static_cast<ElementCall*>(self)->onMessage(message);
    return G_SOURCE_CONTINUE;
  };
  gst_bus_add_watch(bus.get(), on_message, this);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

void ElementCall::onPad(GstPad* pad) {
  const auto name = adopt(gst_pad_get_name(pad));
  const auto end = sink(gst_element_factory_make("fakesink", nullptr));
  g_object_set(end.get(), "sync", FALSE, "async", FALSE, nullptr);
  const auto entry = adopt(gst_element_get_static_pad(end.get(), "sink"));
  if (std::string_view(name.get()).starts_with("video")) {
    const auto count = +[](GstPad*, GstPadProbeInfo*, gpointer self) {
      if (static_cast<ElementCall*>(self)->frames_++ == 0) report("first-frame");
      return GST_PAD_PROBE_OK;
    };
    gst_pad_add_probe(entry.get(), GST_PAD_PROBE_TYPE_BUFFER, count, this, nullptr);
    if (shows_) numbered_.read(end.get());
  }
  gst_bin_add(GST_BIN(pipeline_.get()), end.get());
  gst_element_sync_state_with_parent(end.get());
  gst_pad_link(pad, entry.get());
}

void ElementCall::onMessage(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY) gst_bin_recalculate_latency(GST_BIN(pipeline_.get()));
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    Out<GError> error;
    gst_message_parse_error(message, &error, nullptr);
    g_error("%s", error->message);
  }
  const auto* said = gst_message_get_structure(message);
  if (said == nullptr) return;
  const auto is = [said](const char* name, const char* state) {
    const char* now = gst_structure_get_string(said, "state");
    return gst_structure_has_name(said, name) != 0 && now != nullptr && std::string_view(now) == state;
  };
  if (is("rtc-session", "online")) report("ready");
  if (is("rtc-call", "connected")) report("connected");
  guint64 bits = 0;
  if (gst_structure_has_name(said, "rtc-stats") != 0 &&
      gst_structure_get_uint64(said, "video-in-bitrate", &bits) != 0) {
    bits_ += bits;
  }
}

}  // namespace
}  // namespace rtc::bench

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc < 3) return 2;
  const bool shows = std::string_view(argv[argc - 1]) == "show";
  std::string properties;
  for (int i = 3; i < argc - (shows ? 1 : 0); ++i) properties += std::string(" ") + argv[i];
  const auto loop = rtc::adopt(g_main_loop_new(nullptr, FALSE));
  rtc::bench::ElementCall call(argv[1], argv[2], properties, shows);
  rtc::bench::watchCommands([&](const std::string& command) {
    if (command.starts_with("dial ")) {
      call.dial(command.substr(5));
    } else if (command == "quit") {
      call.summarize();
      g_main_loop_quit(loop.get());
    }
  });
  g_main_loop_run(loop.get());
  return 0;
}
