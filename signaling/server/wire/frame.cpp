// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/frame.hpp"

namespace rtc::signaling {

namespace {

constexpr std::size_t kMaxControlPayload = 125;
constexpr std::size_t kMaxShortLength = 0xffff;

void appendNumber(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

}  // namespace

void appendFrame(std::string& out, Opcode opcode, std::string_view payload) {
  constexpr std::uint8_t kFinal = 0x80;
  out.reserve(out.size() + frameSize(payload.size()));
  out += static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  if (payload.size() <= kMaxControlPayload) {
    appendNumber(out, payload.size(), 1);
  } else if (payload.size() <= kMaxShortLength) {
    out += 126;
    appendNumber(out, payload.size(), 2);
  } else {
    out += 127;
    appendNumber(out, payload.size(), 8);
  }
  out += payload;
}

std::size_t frameSize(std::size_t payload) {
  if (payload <= kMaxControlPayload) return 2 + payload;
  return (payload <= kMaxShortLength ? 4 : 10) + payload;
}

std::string closePayload(std::uint16_t code, std::string_view reason) {
  std::string payload;
  appendNumber(payload, code, 2);
  payload += reason.substr(0, kMaxControlPayload - 2);
  return payload;
}

}  // namespace rtc::signaling
