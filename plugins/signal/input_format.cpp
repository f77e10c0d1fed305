// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/input_format.hpp"

#include "plugins/session/rtp_elements.hpp"

namespace rtc {

std::optional<InputFormat> InputFormat::of(const GstCaps* caps) {
  const auto* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_has_name(structure, "video/x-raw") || gst_structure_has_name(structure, "audio/x-raw")) {
    return InputFormat{Form::Raw, {}};
  }
  if (gst_structure_has_name(structure, "image/jpeg")) return InputFormat{Form::Jpeg, {}};
  const bool packets = gst_structure_has_name(structure, "application/x-rtp");
  const auto codec = packets ? codecOfPackets(caps) : codecOfFrames(caps);
  if (!codec) return std::nullopt;
  return InputFormat{packets ? Form::Packets : Form::Frames, codec};
}

std::vector<std::string> InputFormat::head() const {
  std::vector<std::string> factories;
  if (form == Form::Jpeg) factories.emplace_back("jpegdec");
  if (form == Form::Packets) factories.emplace_back(rtpElements(*codec).depayloader);
  // Their frames come cut and packed in more than one way.
  if (codec == core::Codec::H264) factories.insert(factories.end(), {"h264parse", "capsfilter"});
  if (codec == core::Codec::Av1) factories.insert(factories.end(), {"av1parse", "capsfilter"});
  return factories;
}

}  // namespace rtc
