// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a pad of `rtcsignalsink` is given, and what must be done to it first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/core/codec.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

struct InputFormat {
  enum class Form { Raw, Jpeg, Frames, Packets };

  Form form = Form::Raw;
  std::optional<core::Codec> codec;  ///< of frames and packets

  bool operator==(const InputFormat&) const = default;

  /// Nothing for what no call carries.
  static std::optional<InputFormat> of(const GstCaps* caps);

  /// The factories of what comes before the encoders, in their order.
  std::vector<std::string> head() const;
};

}  // namespace rtc
