// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A parsed JSON object whose members are read by name and type. Only the codec uses it.
#pragma once

#include <json-glib/json-glib.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"

RTC_OWN_COUNTED(JsonNode, json_node_ref, json_node_unref);
RTC_OWN_GOBJECT(JsonParser);

namespace rtc::signaling {

class JsonFields {
 public:
  /// Parses text that `outlineOf` found good. A value that is no object has no members.
  static Result<JsonFields> parse(const std::string& text);
  explicit JsonFields(Ptr<JsonNode> node) : node_(std::move(node)) {}

  bool isNull() const { return JSON_NODE_HOLDS_NULL(node_.get()); }
  bool isObject() const { return JSON_NODE_HOLDS_OBJECT(node_.get()); }
  bool has(const char* name) const { return member(name) != nullptr; }
  /// Empty if absent or not a string.
  std::string string(const char* name) const;
  std::optional<bool> boolean(const char* name) const;
  /// Nothing if absent, not a whole number, or too large for an int.
  std::optional<int> integer(const char* name) const;
  /// Nothing if absent or not a number.
  std::optional<double> number(const char* name) const;
  /// A member that is no object has no members itself.
  JsonFields object(const char* name) const;
  /// The members of an array; none if it is not one.
  std::vector<JsonFields> array(const char* name) const;
  /// The value as JavaScript's `String(value)` prints it; `undefined` if absent.
  std::string javaScriptText(const char* name) const;
  /// The value itself as a string; empty if it is none.
  std::string text() const;
  /// The strings of an array, without what is none.
  std::vector<std::string> strings(const char* name) const;
  /// A member that is a number, whole or not, of any size.
  bool holdsNumber(const char* name) const;

 private:
  JsonNode* member(const char* name) const;

  Ptr<JsonNode> node_;
};

}  // namespace rtc::signaling
