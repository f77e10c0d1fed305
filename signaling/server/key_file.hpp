// SPDX-License-Identifier: LGPL-2.1-or-later
//
// GLib's key files, owned.
#pragma once

#include <glib.h>

#include <string>

#include "base/ptr.hpp"

RTC_OWN_UNIQUE(GKeyFile, g_key_file_free);
RTC_OWN_UNIQUE(gchar*, g_strfreev);

namespace rtc::signaling {

/// Without the blanks around it; empty if there is none.
inline std::string textIn(GKeyFile* file, const std::string& section, const char* key) {
  const auto text = adopt(g_key_file_get_string(file, section.c_str(), key, nullptr));
  return text ? g_strstrip(text.get()) : "";
}

}  // namespace rtc::signaling
