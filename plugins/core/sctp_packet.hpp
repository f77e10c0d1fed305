// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The little that the guards of data channels need to see of an SCTP packet (RFC 9260) and of the messages that open
// channels (RFC 8832).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace rtc::core {

/// The payload protocol identifiers of WebRTC (RFC 8831 section 8).
enum class Ppid : std::uint32_t {
  Dcep = 50,  ///< opens a channel (RFC 8832)
  Text = 51,
  BinaryPartial = 52,  ///< this and the other partial one are deprecated, and still understood
  Binary = 53,
  TextPartial = 54,
  EmptyText = 56,
  EmptyBinary = 57,
};

struct PacketContent {
  bool data = false;
  /// The number of a request to reset the sender's streams (RFC 6525 section 4.1): channels are being closed.
  std::optional<std::uint32_t> reset_request;
};
PacketContent contentOf(std::span<const std::uint8_t> packet);

/// What a message on a stream's control PPID is.
enum class ChannelControl { Open, Ack, Malformed };
ChannelControl channelControl(std::span<const std::uint8_t> message);

}  // namespace rtc::core
