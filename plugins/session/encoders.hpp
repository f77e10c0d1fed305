// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The encoders and decoders that a call may use, by codec, set for low latency.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/core/codec.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// How fast an encoder may be told to be, at the cost of the picture.
struct EncoderSpeeds {
  const char* property = nullptr;  ///< whose value is the speed, or less than 0 by as much
  bool negative = false;
  int usual = 0;
  int fastest = 0;
};

/// An encoder that is known here.
struct Encoder {
  core::Codec codec = core::Codec::Vp8;
  const char* factory = nullptr;
  const char* package = nullptr;   ///< Debian's and Ubuntu's
  const char* settings = nullptr;  ///< `name=value` pairs; those that the installed version lacks are left out
  const char* bitrate = nullptr;   ///< the property; where it is a structure, the field in it
  guint unit = 1;                  ///< of the property, in bit/s
  const char* takes = nullptr;     ///< caps for what goes in, where not all sizes do
  const char* gives = nullptr;     ///< caps for what is to come out
  const char* loss = nullptr;      ///< the property for what is lost on the way, in percent, where there is one
  std::optional<EncoderSpeeds> speeds = {};
};

/// The installed encoder with the highest rank; null if there is none.
const Encoder* encoderFor(core::Codec codec);
/// A sentence about what to install.
std::string missingEncoder(core::Codec codec);

/// The encoder in `bin`, set up, for this many bit/s.
GstElement* addEncoder(GstBin* bin, const Encoder& encoder, guint bitrate);
/// In bit/s; may be called while it runs.
void setBitrate(GstElement* element, const Encoder& encoder, guint bitrate);

/// While it runs, if its speed is still `before`: one that somebody else has set stands.
void changeSpeed(GstElement* element, const Encoder& encoder, int before, int speed);

/// What part of its packets is lost, in percent; may be called while it runs.
void setExpectedLoss(GstElement* element, const Encoder& encoder, guint percent);

/// The factory of the installed decoder with the highest rank; null if there is none.
const char* decoderFor(core::Codec codec);
std::string missingDecoder(core::Codec codec);
/// The decoder in `bin`, set up so that what a peer sends never ends it. Null if none is installed.
GstElement* addDecoder(GstBin* bin, core::Codec codec);

/// Whether frames of the codec can be made, sent, received and shown with what is installed.
bool isComplete(core::Codec codec);

}  // namespace rtc
