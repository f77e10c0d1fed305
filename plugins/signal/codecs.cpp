// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/codecs.hpp"

#include "plugins/session/elements.hpp"

namespace rtc {

namespace {

// libvpx in real time: a frame may take as long as a frame lasts and no longer (`deadline` is not a deadline but the
// name of a mode below a bound), nothing is held back for a look ahead, and the rate holds within 200 ms. One
// thread: at these sizes a second one spins more than it encodes. Key frames
// are sent when a peer needs one, so none comes by itself for minutes.
void setUpVp8(GstElement* encoder, guint bitrate) {
  g_object_set(encoder, "deadline", gint64{1}, "cpu-used", 8, "threads", 1, "lag-in-frames", 0, "target-bitrate",
               static_cast<gint>(bitrate), "keyframe-max-dist", 3'000, "buffer-size", 200, "buffer-initial-size", 100,
               "buffer-optimal-size", 150, "static-threshold", 100, "min-quantizer", 4, "max-quantizer", 56, nullptr);
  gst_util_set_object_arg(G_OBJECT(encoder), "end-usage", "cbr");
  gst_util_set_object_arg(G_OBJECT(encoder), "error-resilient", "partitions");
}

// Forward error correction in band costs little and hides single losses (RFC 6716 section 2.1.7).
void setUpOpus(GstElement* encoder, guint bitrate) {
  g_object_set(encoder, "bitrate", static_cast<gint>(bitrate), "inband-fec", TRUE, "packet-loss-percentage", 5,
               nullptr);
  gst_util_set_object_arg(G_OBJECT(encoder), "frame-size", "20");
}

}  // namespace

GstElement* addEncoder(GstBin* bin, core::Kind kind, guint bitrate) {
  auto* encoder = addElement(bin, kind == core::Kind::Video ? "vp8enc" : "opusenc");
  if (encoder == nullptr) return nullptr;
  if (kind == core::Kind::Video) {
    setUpVp8(encoder, bitrate);
  } else {
    setUpOpus(encoder, bitrate);
  }
  return encoder;
}

GstElement* addDecoder(GstBin* bin, core::Kind kind) {
  auto* decoder = addElement(bin, kind == core::Kind::Video ? "vp8dec" : "opusdec");
  if (decoder != nullptr && kind == core::Kind::Audio)
    g_object_set(decoder, "use-inband-fec", TRUE, "plc", TRUE, nullptr);
  return decoder;
}

bool isEncoded(core::Kind kind, const GstCaps* caps) {
  const auto* name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  return g_strcmp0(name, kind == core::Kind::Video ? "video/x-vp8" : "audio/x-opus") == 0;
}

}  // namespace rtc
