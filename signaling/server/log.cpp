// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/log.hpp"

namespace rtc::signaling {

namespace {

constexpr auto kDomain = "rtc-signald";

/// Control characters could end the line or paint the terminal.
std::string shown(const std::string& value) {
  if (!value.empty() && value.find_first_of(" \"=\\") == std::string::npos) {
    bool plain = true;
    for (const char c : value) plain = plain && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    if (plain) return value;
  }
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return quoted + '"';
}

}  // namespace

void logEvent(GLogLevelFlags level, std::string_view event, std::initializer_list<LogField> fields) {
  if (g_log_writer_default_would_drop(level, kDomain)) return;
  std::string line = "event=" + std::string(event);
  for (const auto& field : fields) line += " " + std::string(field.key) + "=" + shown(field.value);
  g_log_structured(kDomain, level, "SYSLOG_IDENTIFIER", kDomain, "MESSAGE", "%s", line.c_str());
}

}  // namespace rtc::signaling
