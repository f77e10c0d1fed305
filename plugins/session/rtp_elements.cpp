// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/rtp_elements.hpp"

#include <algorithm>
#include <array>

#include "plugins/core/words.hpp"
#include "plugins/session/elements.hpp"

namespace rtc {

namespace {

/// RFC 8834 section 5: packets that fit any path's MTU.
constexpr guint kMtu = 1200;

constexpr std::array<RtpElements, 5> kRows = {{
    {core::Codec::Vp8, "video/x-vp8", "video/x-vp8", "rtpvp8pay", "rtpvp8depay"},
    {core::Codec::Vp9, "video/x-vp9", "video/x-vp9", "rtpvp9pay", "rtpvp9depay"},
    {core::Codec::H264, "video/x-h264", "video/x-h264, stream-format=(string)byte-stream, alignment=(string)au",
     "rtph264pay", "rtph264depay"},
    {core::Codec::Av1, "video/x-av1", "video/x-av1, stream-format=(string)obu-stream, alignment=(string)tu",
     "rtcav1pay", "rtcav1depay"},
    // RFC 7587 section 7: Opus is always announced as 48 kHz stereo, whatever is inside.
    {core::Codec::Opus, "audio/x-opus", "audio/x-opus, rate=(int)48000, channels=(int)2, channel-mapping-family=(int)0",
     "rtpopuspay", "rtpopusdepay"},
}};

}  // namespace

const RtpElements& rtpElements(core::Codec codec) {
  return kRows[static_cast<std::size_t>(codec)];
}

std::optional<core::Codec> codecOfFrames(const GstCaps* caps) {
  const auto* structure = gst_caps_get_structure(caps, 0);
  for (const auto& row : kRows) {
    if (gst_structure_has_name(structure, row.media_type)) return row.codec;
  }
  return std::nullopt;
}

std::optional<core::Codec> codecOfPackets(const GstCaps* caps) {
  const auto* encoding = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  if (encoding == nullptr) return std::nullopt;
  for (const auto& row : kRows) {
    if (core::sameWord(core::traits(row.codec).encoding, encoding)) return row.codec;
  }
  return std::nullopt;
}

GstElement* addPayloader(GstBin* bin, core::Codec codec) {
  auto* payloader = addElement(bin, rtpElements(codec).payloader);
  if (payloader == nullptr) return nullptr;
  g_object_set(payloader, "mtu", kMtu, nullptr);
  if (codec == core::Codec::Vp8 || codec == core::Codec::Vp9) {
    gst_util_set_object_arg(G_OBJECT(payloader), "picture-id-mode", "15-bit");  // lets receivers tell a lost frame
  } else if (codec == core::Codec::H264) {
    g_object_set(payloader, "config-interval", -1, nullptr);  // parameter sets with each key frame
    gst_util_set_object_arg(G_OBJECT(payloader), "aggregate-mode", "zero-latency");
  }
  return payloader;
}

GstElement* addDepayloader(GstBin* bin, core::Codec codec) {
  auto* depayloader = addElement(bin, rtpElements(codec).depayloader);
  if (depayloader == nullptr) return nullptr;
  for (const char* property : {"request-keyframe", "wait-for-keyframe"}) {
    setIfThere(depayloader, property, "true");
  }
  return depayloader;
}

}  // namespace rtc
