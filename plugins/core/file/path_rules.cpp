// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/path_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "plugins/core/file/json.hpp"

namespace rtc::core::file {

namespace {

constexpr std::size_t kLongestPart = 255;
constexpr std::size_t kLongestPath = 4'096;
constexpr std::size_t kMostParts = 64;

/// Whether a person, a terminal or a page could be misled by the character.
bool misleads(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) ||  // control characters
         code == 0xAD || code == 0x61C ||                 // soft hyphen, Arabic letter mark
         (code >= 0x200B && code <= 0x200F) ||            // zero width, direction marks
         (code >= 0x2028 && code <= 0x202E) ||            // line separators, embeddings, overrides
         (code >= 0x2060 && code <= 0x206F) ||            // invisible operators, isolates
         code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE0FFF);  // tags
}

/// Calls `use(code, bytes)` for each character of valid UTF-8.
template <typename F>
void eachCharacter(std::string_view text, F&& use) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    use(code, text.substr(at, length));
    at += length;
  }
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

/// Names that Windows takes for devices, whatever follows the first dot.
bool isDevice(std::string_view part) {
  auto stem = upper(part.substr(0, part.find('.')));
  while (!stem.empty() && stem.back() == ' ') stem.pop_back();
  constexpr std::array<std::string_view, 6> kDevices = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  if (!stem.starts_with("COM") && !stem.starts_with("LPT")) return false;
  const auto number = stem.substr(3);
  return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\u00B9" || number == "\u00B2" ||
         number == "\u00B3";
}

std::string problemWithPart(std::string_view part) {
  if (part.empty()) return "a part of the name is empty";
  if (part.size() > kLongestPart) return "a part of the name is longer than 255 bytes";
  if (!isUtf8(part)) return "the name is not UTF-8";
  if (part == "." || part == "..") return "the name leads to another folder";
  if (part.find_first_of("/\\:") != std::string_view::npos)
    return "the name has a character that parts paths or drives";
  if (part.back() == '.' || part.back() == ' ') return "the name ends with a dot or a space, which Windows drops";
  if (part.front() == ' ') return "the name begins with a space";
  bool misleading = false;
  eachCharacter(part, [&](std::uint32_t code, std::string_view) { misleading = misleading || misleads(code); });
  if (misleading) return "the name has control characters or invisible ones";
  if (isDevice(part)) return "Windows has a device of this name";
  return {};
}

}  // namespace

std::string problemWith(const Path& path) {
  if (path.empty()) return "there is no name";
  if (path.size() > kMostParts) return "the folders are deeper than 64";
  std::size_t length = 0;
  for (const auto& part : path) {
    if (auto problem = problemWithPart(part); !problem.empty()) return problem;
    length += part.size() + 1;
  }
  if (length > kLongestPath) return "the path is longer than 4096 bytes";
  if (upper(path.front()) == upper(kPartialFolder)) return "the name is the one of the folder for unfinished files";
  return {};
}

bool isHidden(const Path& path) {
  return std::any_of(path.begin(), path.end(), [](const auto& part) { return part.starts_with('.'); });
}

std::string shown(std::string_view text) {
  std::string result;
  std::array<char, 16> escape{};
  if (!isUtf8(text)) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte < 0x7F) {
        result += c;
      } else {
        std::snprintf(escape.data(), escape.size(), "\\x%02X", byte);
        result += escape.data();
      }
    }
    return result;
  }
  eachCharacter(text, [&](std::uint32_t code, std::string_view bytes) {
    if (!misleads(code)) {
      result += bytes;
    } else {
      std::snprintf(escape.data(), escape.size(), code < 0x100 ? "\\x%02X" : "\\u{%04X}", code);
      result += escape.data();
    }
  });
  return result;
}

std::string shown(const Path& path) {
  std::string result;
  for (const auto& part : path) {
    if (!result.empty()) result += '/';
    result += shown(part);
  }
  return result;
}

bool Collisions::add(const Path& path, bool folder) {
  std::string key;
  for (std::size_t i = 0; i < path.size(); ++i) {
    key += fold_(path[i]);
    key += '/';
    const bool last = i + 1 == path.size();
    const auto wanted = !last ? Kind::ImpliedFolder : folder ? Kind::Folder : Kind::File;
    const auto [found, is_new] = seen_.try_emplace(key, wanted);
    if (is_new) continue;
    if (found->second == Kind::File || wanted == Kind::File) return false;
    if (wanted == Kind::Folder) {
      if (found->second == Kind::Folder) return false;
      found->second = Kind::Folder;
    }
  }
  return true;
}

}  // namespace rtc::core::file
