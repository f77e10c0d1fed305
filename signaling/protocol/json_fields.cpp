// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_fields.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "signaling/protocol/java_script_text.hpp"
#include "signaling/protocol/json_string.hpp"

namespace rtc::signaling {

namespace {

bool isString(std::string_view value) {
  return value.starts_with('"');
}

bool isNumber(std::string_view value) {
  return !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
}

/// As JavaScript has it: what is too large for a double is infinite.
double numberOf(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc::result_out_of_range) {
    const bool tiny = value.find("e-") != std::string_view::npos || value.find("E-") != std::string_view::npos;
    number = tiny ? 0 : std::numeric_limits<double>::infinity();
    if (value.front() == '-') number = -number;
  }
  return number;
}

std::string printed(std::string_view value);

std::string joined(const JsonOutline& array) {
  std::string text;
  for (std::size_t i = 0; i < array.elements.size(); ++i) {
    if (i > 0) text += ',';
    if (array.elements[i] != "null") text += printed(array.elements[i]);
  }
  return text;
}

/// ECMA-262, ToString. A value within JSON is JSON by itself.
std::string printed(std::string_view value) {
  if (isString(value)) return unquoted(value);
  if (value.starts_with('{')) return "[object Object]";
  if (value.starts_with('[')) return joined(outlineOf(value).value());
  if (!isNumber(value)) return std::string(value);
  return javaScriptText(numberOf(value));
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

Result<JsonFields> JsonFields::parse(std::string text) {
  const auto kept = std::make_shared<const std::string>(std::move(text));
  auto outline = outlineOf(*kept);
  if (!outline) return outline.error();
  return JsonFields(kept, trimmed(*kept), std::move(outline).value());
}

JsonFields JsonFields::within(std::string_view value) const {
  // What is a part of JSON is JSON, and not deeper than the whole.
  return {text_, value, value.starts_with('{') ? outlineOf(value).value() : JsonOutline()};
}

std::string JsonFields::string(const char* name) const {
  const auto value = outline_.find(name);
  return isString(value) ? unquoted(value) : "";
}

std::optional<bool> JsonFields::boolean(const char* name) const {
  const auto value = outline_.find(name);
  if (value != "true" && value != "false") return std::nullopt;
  return value == "true";
}

std::optional<int> JsonFields::integer(const char* name) const {
  const auto value = outline_.find(name);
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<double> JsonFields::number(const char* name) const {
  const auto value = outline_.find(name);
  return isNumber(value) ? std::optional(numberOf(value)) : std::nullopt;
}

JsonFields JsonFields::object(const char* name) const {
  return within(outline_.find(name));
}

std::vector<JsonFields> JsonFields::array(const char* name) const {
  std::vector<JsonFields> elements;
  const auto value = outline_.find(name);
  if (!value.starts_with('[')) return elements;
  const auto outline = outlineOf(value);
  for (const auto element : outline.value().elements) elements.push_back(within(element));
  return elements;
}

std::vector<std::string> JsonFields::strings(const char* name) const {
  std::vector<std::string> texts;
  for (const auto& element : array(name)) {
    if (isString(element.value_)) texts.push_back(unquoted(element.value_));
  }
  return texts;
}

bool JsonFields::holdsNumber(const char* name) const {
  return isNumber(outline_.find(name));
}

std::string JsonFields::javaScriptText(const char* name) const {
  const auto value = outline_.find(name);
  return value.empty() ? "undefined" : printed(value);
}

}  // namespace rtc::signaling
