// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The two formats of a data channel's messages, as caps.
#pragma once

#include <string_view>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

inline constexpr const char* kTextCaps = "text/x-raw, format=(string)utf8";
inline constexpr const char* kBytesCaps = "application/octet-stream";

/// Whether messages of these caps go as text: others go as bytes.
inline bool areText(const GstCaps* caps) {
  return caps != nullptr && gst_structure_has_name(gst_caps_get_structure(caps, 0), "text/x-raw") != FALSE;
}

/// NUL is a character like any other in a message.
inline bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\0'), text.size());
    if (g_utf8_validate_len(text.data(), end, nullptr) == FALSE) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace rtc
