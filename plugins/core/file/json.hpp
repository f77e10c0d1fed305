// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Reads the JSON of a control message: strictly (RFC 8259), and not deep.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rtc::core::file {

struct JsonMember;

struct Json {
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value;

  /// The member of an object; null if there is none. Of two with one name the first.
  const Json* find(std::string_view name) const;
  const Array* array() const { return std::get_if<Array>(&value); }
  const Object* object() const { return std::get_if<Object>(&value); }
  bool isNull() const { return std::holds_alternative<std::monostate>(value); }
  /// Of a member; `otherwise` if it is absent or of another kind.
  std::string text(std::string_view name) const;
  bool flag(std::string_view name) const;
  /// A whole number from 0 to 2^53 - 1.
  std::optional<std::uint64_t> number(std::string_view name) const;
  std::optional<std::uint64_t> asNumber() const;
};

struct JsonMember {
  std::string name;
  Json value;
};

/// Nothing if the text is not JSON, not UTF-8, or deeper than eight.
std::optional<Json> parseJson(std::string_view text);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

}  // namespace rtc::core::file
