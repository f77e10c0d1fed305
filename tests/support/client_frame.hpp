// SPDX-License-Identifier: LGPL-2.1-or-later
//
// WebSocket frames as a client writes them, and as it must not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rtc::testing {

/// Each part of a frame's header, so that a test can get any of them wrong.
struct ClientFrame {
  int opcode = 1;
  std::string payload;
  bool final = true;
  int reserved = 0;
  bool masked = true;
  /// 0: as short as the payload allows (RFC 6455 5.2); otherwise 1, 2 or 8 bytes.
  int length_bytes = 0;
  /// What the header claims, if that is not the payload's length.
  std::uint64_t claimed = UINT64_MAX;

  std::string bytes() const {
    const std::uint64_t length = claimed != UINT64_MAX ? claimed : payload.size();
    const int size = length_bytes != 0 ? length_bytes : length < 126 ? 1 : length < 65'536 ? 2 : 8;
    const int first = size == 1 ? static_cast<int>(length) : size == 2 ? 126 : 127;
    std::string frame;
    frame += static_cast<char>((final ? 0x80 : 0) | reserved << 4 | opcode);
    frame += static_cast<char>((masked ? 0x80 : 0) | first);
    for (int i = size - 1; size > 1 && i >= 0; --i) frame += static_cast<char>(length >> (8 * i) & 0xff);
    constexpr std::string_view kMask = "\x12\x9a\x05\xf7";
    if (masked) frame += kMask;
    for (std::size_t i = 0; i < payload.size(); ++i) {
      frame += masked ? static_cast<char>(payload[i] ^ kMask[i % 4]) : payload[i];
    }
    return frame;
  }
};

inline std::string textFrame(const std::string& text) {
  return ClientFrame{1, text}.bytes();
}

inline std::string closeFrame(int code, const std::string& reason = "") {
  const std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return ClientFrame{8, payload + reason}.bytes();
}

}  // namespace rtc::testing
