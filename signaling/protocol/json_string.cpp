// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_string.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace rtc::signaling {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

/// Of the four digits behind `\u`.
std::uint32_t codeUnit(std::string_view digits) {
  std::uint32_t unit = 0;
  std::from_chars(digits.data(), digits.data() + 4, unit, 16);
  return unit;
}

bool isHigh(std::uint32_t unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}

bool isLow(std::uint32_t unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

void append(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

/// `rest` begins behind a `\u`; what was read is taken out.
std::uint32_t takeCharacter(std::string_view& rest, bool& replaced) {
  const auto unit = codeUnit(rest);
  rest.remove_prefix(4);
  if (isHigh(unit) && rest.starts_with("\\u") && isLow(codeUnit(rest.substr(2)))) {
    const auto low = codeUnit(rest.substr(2));
    rest.remove_prefix(6);
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  if (unit != 0 && !isHigh(unit) && !isLow(unit)) return unit;
  replaced = true;
  return kReplacement;
}

char plainEscape(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;
  }
}

/// `replaced`: what a string of ours cannot hold stands as U+FFFD now.
std::string read(std::string_view json, bool& replaced) {
  auto rest = json.substr(1, json.size() - 2);
  std::string text;
  while (true) {
    const auto escape = rest.find('\\');
    text += rest.substr(0, escape);
    if (escape == std::string_view::npos) return text;
    const char letter = rest[escape + 1];
    rest.remove_prefix(escape + 2);
    if (letter == 'u') {
      append(text, takeCharacter(rest, replaced));
    } else {
      text += plainEscape(letter);
    }
  }
}

}  // namespace

std::string unquoted(std::string_view json) {
  bool replaced = false;
  return read(json, replaced);
}

std::optional<std::string> wholeString(std::string_view json) {
  bool replaced = false;
  auto text = read(json, replaced);
  return replaced ? std::nullopt : std::optional(std::move(text));
}

}  // namespace rtc::signaling
