// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/json.hpp"

#include <cmath>
#include <cstdlib>

#include "plugins/core/file/limits.hpp"

namespace rtc::core::file {

namespace {

constexpr int kDeepest = 8;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

void append(std::string& text, std::uint32_t code) {
  const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Json> whole() {
    Json json;
    if (!value(json, 0)) return std::nullopt;
    space();
    if (at_ != text_.size()) return std::nullopt;
    return json;
  }

 private:
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  bool value(Json& json, int depth) {
    space();
    if (at_ >= text_.size() || depth > kDeepest) return false;
    switch (text_[at_]) {
      case '{':
        return object(json, depth);
      case '[':
        return array(json, depth);
      case '"':
        return string(json.value.emplace<std::string>());
      case 't':
        json.value = true;
        return word("true");
      case 'f':
        json.value = false;
        return word("false");
      case 'n':
        return word("null");
      default:
        return number(json);
    }
  }

  bool array(Json& json, int depth) {
    auto& items = json.value.emplace<Json::Array>();
    ++at_;
    space();
    if (take(']')) return true;
    do {
      if (!value(items.emplace_back(), depth + 1)) return false;
      space();
    } while (take(','));
    return take(']');
  }

  bool object(Json& json, int depth) {
    auto& members = json.value.emplace<Json::Object>();
    ++at_;
    space();
    if (take('}')) return true;
    do {
      space();
      auto& member = members.emplace_back();
      if (at_ >= text_.size() || text_[at_] != '"' || !string(member.name)) return false;
      space();
      if (!take(':') || !value(member.value, depth + 1)) return false;
      space();
    } while (take(','));
    return take('}');
  }

  bool string(std::string& text) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        text += c;
      } else if (!escape(text)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& text) {
    if (at_ >= text_.size()) return false;
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const char c = text_[at_++];
    if (const auto found = kNames.find(c); found != std::string_view::npos) {
      text += kMeant[found];
      return true;
    }
    std::uint32_t code = 0;
    if (c != 'u' || !hex(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      std::uint32_t low = 0;
      if (!word("\\u") || !hex(low) || low < 0xDC00 || low >= 0xE000) return false;
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
    }
    append(text, code);
    return true;
  }

  bool hex(std::uint32_t& code) {
    for (int i = 0; i < 4; ++i) {
      if (at_ >= text_.size()) return false;
      const char c = text_[at_++];
      const auto lower = static_cast<char>(c | 0x20);
      if (isDigit(c)) {
        code = code * 16 + static_cast<std::uint32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        code = code * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
      } else {
        return false;
      }
    }
    return true;
  }

  bool digits() {
    const auto start = at_;
    while (at_ < text_.size() && isDigit(text_[at_])) ++at_;
    return at_ > start;
  }

  bool number(Json& json) {
    const auto start = at_;
    static_cast<void>(take('-'));
    if (!take('0') && !digits()) return false;
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (!digits()) return false;
    }
    if (take('e') || take('E')) {
      whole = false;
      static_cast<void>(take('+') || take('-'));
      if (!digits()) return false;
    }
    const std::string text(text_.substr(start, at_ - start));
    // Up to 18 digits fit; longer ones are no size of ours, and a double says so well enough.
    if (whole && text.size() <= 18) {
      json.value = static_cast<std::int64_t>(std::strtoll(text.c_str(), nullptr, 10));
    } else {
      json.value = std::strtod(text.c_str(), nullptr);
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

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
  if (!isUtf8(text)) return std::nullopt;
  return Parser(text).whole();
}

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const auto first = byte(at);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || at + length > text.size()) return false;
    std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (byte(at + i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    at += length;
  }
  return true;
}

}  // namespace rtc::core::file
