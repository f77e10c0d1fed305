// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a measured program says on stdout: one JSON object a line, stamped with the machine's monotonic clock, which all
// programs of a run share.
#pragma once

#include <glib.h>

#include <cstdio>
#include <string>

namespace rtc::bench {

/// Thread-safe. `more` continues the object: `,"frames":12`.
inline void report(const char* event, const std::string& more = "") {
  std::printf("{\"event\":\"%s\",\"at\":%" G_GINT64_FORMAT "%s}\n", event, g_get_monotonic_time(), more.c_str());
  std::fflush(stdout);
}

}  // namespace rtc::bench
