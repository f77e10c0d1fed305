// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service's log: one line an event, `event=NAME key=value …`, on the standard error or in the journal. Descriptions
// hold addresses and tokens are secrets: neither is ever logged.
#pragma once

#include <glib.h>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace rtc::signaling {

/// A value with blanks or quotes is quoted.
struct LogField {
  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(text) {}
  LogField(std::string_view name, std::integral auto number) : key(name), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};

/// Messages and worse are shown; what concerns one client or call is info, shown with G_MESSAGES_DEBUG=rtc-signald.
void logEvent(GLogLevelFlags level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace rtc::signaling
