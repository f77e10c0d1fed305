// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/json.hpp"

#include <charconv>
#include <limits>

#include "plugins/core/file/limits.hpp"
#include "signaling/protocol/json_outline.hpp"
#include "signaling/protocol/json_string.hpp"
#include "signaling/protocol/utf8_check.hpp"

namespace rtc::core::file {

namespace {

constexpr int kDeepest = 8;

std::optional<Json> treeOf(std::string_view text, int depth);

std::optional<Json> arrayOf(const signaling::JsonOutline& outline, int depth) {
  Json json;
  auto& items = json.value.emplace<Json::Array>();
  for (const auto element : outline.elements) {
    auto item = treeOf(element, depth + 1);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return json;
}

std::optional<Json> objectOf(const signaling::JsonOutline& outline, int depth) {
  Json json;
  auto& members = json.value.emplace<Json::Object>();
  for (const auto& [name, text] : outline.members) {
    auto value = treeOf(text, depth + 1);
    if (!value) return std::nullopt;
    members.push_back({name, std::move(*value)});
  }
  return json;
}

Json numberFrom(std::string_view text) {
  // Up to 18 digits fit; longer ones are no size of ours, and a double says so well enough.
  constexpr std::size_t kSurelyFits = 18;
  Json json;
  std::int64_t whole = 0;
  const auto* const end = text.data() + text.size();
  if (text.size() <= kSurelyFits && std::from_chars(text.data(), end, whole).ptr == end) {
    json.value = whole;
  } else {
    double number = std::numeric_limits<double>::infinity();
    std::from_chars(text.data(), end, number);
    json.value = number;
  }
  return json;
}

/// Of text that is known to be JSON, without blanks around it.
std::optional<Json> treeOf(std::string_view text, int depth) {
  if (depth > kDeepest) return std::nullopt;
  switch (text.front()) {
    case '{':
      return objectOf(signaling::outlineOf(text).value(), depth);
    case '[':
      return arrayOf(signaling::outlineOf(text).value(), depth);
    case '"': {
      auto whole = signaling::wholeString(text);
      return whole ? std::optional(Json{std::move(*whole)}) : std::nullopt;
    }
    case 't':
    case 'f':
      return Json{text == "true"};
    case 'n':
      return Json{};
    default:
      return numberFrom(text);
  }
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  for (const auto& member : *members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::string Json::text(std::string_view name) const {
  const auto* found = find(name);
  const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
  return text == nullptr ? std::string() : *text;
}

bool Json::flag(std::string_view name) const {
  const auto* found = find(name);
  const auto* flag = found == nullptr ? nullptr : std::get_if<bool>(&found->value);
  return flag != nullptr && *flag;
}

std::optional<std::uint64_t> Json::asNumber() const {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < 0 || static_cast<std::uint64_t>(*number) > kLargestSize) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> Json::number(std::string_view name) const {
  const auto* found = find(name);
  return found == nullptr ? std::nullopt : found->asNumber();
}

std::optional<Json> parseJson(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (!signaling::outlineOf(text)) return std::nullopt;
  const auto first = text.find_first_not_of(kBlanks);
  return treeOf(text.substr(first, text.find_last_not_of(kBlanks) - first + 1), 0);
}

bool isUtf8(std::string_view text) {
  signaling::Utf8Check check;
  return check.feed(text) && check.complete();
}

}  // namespace rtc::core::file
