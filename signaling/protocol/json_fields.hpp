// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A JSON value whose members are read by name and type. Only the codecs use it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "signaling/protocol/json_outline.hpp"

namespace rtc::signaling {

/// Keeps the text that it was made from.
class JsonFields {
 public:
  /// A value that is no object has no members.
  static Result<JsonFields> parse(std::string text);

  /// The text of a member's value, to the letter; empty if it is absent.
  std::string_view raw(std::string_view name) const { return outline_.find(name); }
  bool isNull() const { return value_ == "null"; }
  bool isObject() const { return value_.starts_with('{'); }
  bool has(const char* name) const { return !outline_.find(name).empty(); }
  /// Empty if absent or not a string. A NUL and half a surrogate pair, which UTF-8 or C cannot hold, come as U+FFFD.
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
  /// The strings of an array, without what is none.
  std::vector<std::string> strings(const char* name) const;
  /// A member that is a number, whole or not, of any size.
  bool holdsNumber(const char* name) const;

 private:
  using Text = std::shared_ptr<const std::string>;
  /// `value` points into `text`.
  JsonFields(Text text, std::string_view value, JsonOutline outline)
      : text_(std::move(text)), value_(value), outline_(std::move(outline)) {}
  /// Of a part of the text.
  JsonFields within(std::string_view value) const;

  Text text_;
  std::string_view value_;
  JsonOutline outline_;
};

}  // namespace rtc::signaling
