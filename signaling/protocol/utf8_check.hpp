// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether bytes are UTF-8 (RFC 3629), told piece by piece: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string_view>

namespace rtc::signaling {

class Utf8Check {
 public:
  /// False at the first byte that no valid text can have at its place.
  bool feed(std::string_view bytes) {
    for (const char byte : bytes) {
      const auto value = static_cast<std::uint8_t>(byte);
      if (missing_ == 0 && value < 0x80) continue;
      if (!next(value)) return false;
    }
    return true;
  }

  /// The text does not end within a character.
  bool complete() const { return missing_ == 0; }
  void reset() { missing_ = 0; }

 private:
  bool next(std::uint8_t byte) {
    if (missing_ == 0) return lead(byte);
    if (byte < lowest_ || byte > highest_) return false;
    --missing_;
    lowest_ = 0x80;
    highest_ = 0xbf;
    return true;
  }

  /// The first byte tells how many follow, and what the second may be.
  bool lead(std::uint8_t byte) {
    if (byte < 0xc2 || byte > 0xf4) return false;
    missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    lowest_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    highest_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    return true;
  }

  std::uint8_t missing_ = 0;
  std::uint8_t lowest_ = 0x80;
  std::uint8_t highest_ = 0xbf;
};

}  // namespace rtc::signaling
