// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One message of a data channel.
#pragma once

#include <string_view>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

struct DataMessage {
  bool text = false;  ///< UTF-8, by the peer's word: what comes in was not checked
  Ptr<GBytes> bytes;  ///< never null; may be empty

  std::size_t size() const { return g_bytes_get_size(bytes.get()); }
  std::string_view view() const {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
    return {data, size};
  }

  static DataMessage copyOf(std::string_view content, bool text) {
    return {text, adopt(g_bytes_new(content.data(), content.size()))};
  }
};

}  // namespace rtc
