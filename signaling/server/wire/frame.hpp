// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The frames that the service writes (RFC 6455 5.2): whole messages, never masked, never compressed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rtc::signaling {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// Appends one frame to what is to be sent.
void appendFrame(std::string& out, Opcode opcode, std::string_view payload);
/// What a frame of this payload takes on the wire.
std::size_t frameSize(std::size_t payload);

/// The payload of a close frame. A reason that is too long for one (RFC 6455 5.5) is cut.
std::string closePayload(std::uint16_t code, std::string_view reason);

}  // namespace rtc::signaling
