// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call in C++: call SERVER USER [PEER]. Sends a test picture and a tone, shows and plays what the peer sends, and says how
// the call goes. Without PEER it waits to be called. Ends with the call.
//
//   c++ -std=c++17 call.cpp -o call $(pkg-config --cflags --libs gstreamer-1.0)
#include <gst/gst.h>

#include <iostream>
#include <memory>
#include <string>

struct Unref {
  void operator()(gpointer object) const { gst_object_unref(object); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
template <typename T>
using Ptr = std::unique_ptr<T, Unref>;

static void playStream(GstElement*, GstPad* pad, gpointer pipeline) {
  const bool video = g_str_has_prefix(GST_PAD_NAME(pad), "video") != FALSE;
  const auto* branch = video ? "videoconvert ! autovideosink" : "audioconvert ! audioresample ! autoaudiosink";
  auto* player = gst_parse_bin_from_description(branch, TRUE, nullptr);
  gst_bin_add(GST_BIN(pipeline), player);
  gst_pad_link(pad, Ptr<GstPad>(gst_element_get_static_pad(player, "sink")).get());
  gst_element_sync_state_with_parent(player);
  std::cout << "stream " << (video ? "video" : "audio") << std::endl;
}

/// Whether to go on after this message.
static bool lookAt(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    std::cerr << error->message << std::endl;
    g_error_free(error);
    return false;
  }
  const bool call = gst_message_has_name(message, "rtc-call") != FALSE;
  if (!call && gst_message_has_name(message, "rtc-session") == FALSE) return true;
  const std::string state = gst_structure_get_string(gst_message_get_structure(message), "state");
  std::cout << (call ? "call " : "login ") << state << std::endl;
  return !(call && state == "ended");
}

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc < 3) {
    std::cerr << "usage: call SERVER USER [PEER]" << std::endl;
    return 2;
  }
  const Ptr<GstElement> pipeline(gst_parse_launch(
      "videotestsrc is-live=true ! out.video_0 audiotestsrc is-live=true volume=0.1 ! out.audio_0 "
      "rtcsignalsink name=out rtcsignalsrc name=in",
      nullptr));
  const Ptr<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  g_object_set(source.get(), "server", argv[1], "user", argv[2], "peer", argc > 3 ? argv[3] : "", nullptr);
  g_signal_connect(source.get(), "pad-added", G_CALLBACK(playStream), pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);

  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  while (lookAt(Ptr<GstMessage>(gst_bus_timed_pop(bus.get(), GST_CLOCK_TIME_NONE)).get())) {
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return 0;
}
