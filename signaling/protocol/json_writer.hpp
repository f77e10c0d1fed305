// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Writes one JSON object, its members in the order of the calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rtc::signaling {

/// A JSON string with its quotes and escapes.
std::string quoted(std::string_view text);

/// A JSON array of strings.
std::string quotedArray(const std::vector<std::string>& texts);

class JsonWriter {
 public:
  JsonWriter& add(std::string_view name, std::string_view text) { return addRaw(name, quoted(text)); }
  JsonWriter& add(std::string_view name, const char* text) { return add(name, std::string_view(text)); }
  JsonWriter& add(std::string_view name, bool value) { return addRaw(name, value ? "true" : "false"); }
  JsonWriter& add(std::string_view name, int value) { return addRaw(name, std::to_string(value)); }
  /// Nothing is added for empty text.
  JsonWriter& addIf(std::string_view name, std::string_view text) { return text.empty() ? *this : add(name, text); }
  /// `json` is a JSON value already. Nothing is added if it is empty.
  JsonWriter& addRaw(std::string_view name, std::string_view json);

  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace rtc::signaling
