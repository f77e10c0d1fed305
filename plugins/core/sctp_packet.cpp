// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/sctp_packet.hpp"

namespace rtc::core {

namespace {

constexpr std::size_t kCommonHeader = 12;
constexpr std::size_t kChunkHeader = 4;
constexpr std::uint8_t kData = 0;
constexpr std::uint8_t kReconfigure = 130;
constexpr std::size_t kOutgoingReset = 13;
constexpr std::size_t kRequestNumber = kChunkHeader + 4;  ///< behind the chunk's head and the parameter's

constexpr std::uint8_t kOpen = 3;
constexpr std::uint8_t kAck = 2;
constexpr std::size_t kOpenHeader = 12;

std::size_t number(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::size_t>(bytes[at]) << 8 | bytes[at + 1];
}

}  // namespace

PacketContent contentOf(std::span<const std::uint8_t> packet) {
  PacketContent content;
  while (packet.size() > kCommonHeader + kChunkHeader) {
    const auto chunk = packet.subspan(kCommonHeader);
    content.data = content.data || chunk[0] == kData;
    const bool request = chunk[0] == kReconfigure && chunk.size() >= kRequestNumber + 4;
    if (request && number(chunk, kChunkHeader) == kOutgoingReset) {
      content.reset_request =
          static_cast<std::uint32_t>(number(chunk, kRequestNumber) << 16 | number(chunk, kRequestNumber + 2));
    }
    const auto length = (number(chunk, 2) + 3) / 4 * 4;  // chunks are padded to four bytes
    if (length < kChunkHeader || length > chunk.size()) break;
    packet = packet.subspan(length);
  }
  return content;
}

ChannelControl channelControl(std::span<const std::uint8_t> message) {
  if (message.empty()) return ChannelControl::Malformed;
  if (message[0] == kAck) return ChannelControl::Ack;
  if (message[0] != kOpen || message.size() < kOpenHeader) return ChannelControl::Malformed;
  const auto texts = number(message, 8) + number(message, 10);
  return kOpenHeader + texts <= message.size() ? ChannelControl::Open : ChannelControl::Malformed;
}

}  // namespace rtc::core
