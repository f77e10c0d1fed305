// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How each codec's frames look in a pipeline, and what puts them into RTP packets and takes them out.
#pragma once

#include <optional>
#include <string>

#include "plugins/core/codec.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

struct RtpElements {
  core::Codec codec = core::Codec::Vp8;
  const char* media_type = nullptr;  ///< of the frames: `video/x-vp8`
  const char* caps = nullptr;        ///< of the frames as they travel between the parts of a call
  const char* payloader = nullptr;
  const char* depayloader = nullptr;
};

const RtpElements& rtpElements(core::Codec codec);

/// The codec of encoded frames with these caps, or of RTP packets; nothing for what no call carries.
std::optional<core::Codec> codecOfFrames(const GstCaps* caps);
std::optional<core::Codec> codecOfPackets(const GstCaps* caps);

/// A payloader in `bin`, set for a call: packets that fit any path, and all that a receiver needs to begin with a key
/// frame. Null if it is not installed.
GstElement* addPayloader(GstBin* bin, core::Codec codec);
/// A depayloader in `bin`. One for pictures begins with a key frame, asks for one after a loss, and passes nothing on
/// until it comes.
GstElement* addDepayloader(GstBin* bin, core::Codec codec);

}  // namespace rtc
