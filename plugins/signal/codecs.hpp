// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The encoders and decoders of a call, set for low latency.
#pragma once

#include "plugins/core/sdp.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// A VP8 or Opus encoder in `bin`, for `bitrate` in bit/s.
GstElement* addEncoder(GstBin* bin, core::Kind kind, guint bitrate);
GstElement* addDecoder(GstBin* bin, core::Kind kind);

/// Whether the caps are the encoded format that a call carries.
bool isEncoded(core::Kind kind, const GstCaps* caps);

}  // namespace rtc
