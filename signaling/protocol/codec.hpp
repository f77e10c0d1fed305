// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Messages to JSON text and back, for both ends. Reentrant.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// What a client says, as the service hears it. Never fails: what is no message comes out as `Unrecognized`. A missing
/// member, or one of a wrong type, comes out empty; whether it may be missing is for the hub to say, because it knows
/// the client's dialect.
ClientMessage decodeClientMessage(std::string_view text);
std::string encode(const ClientMessage& message);

/// What the service says, as a full client hears it. The book's messages are not part of it.
Result<ServerMessage> decodeServerMessage(std::string_view text);
std::string encode(const ServerMessage& message, Numbers numbers = {});

/// The same with its numbers.
struct NumberedMessage {
  ServerMessage message;
  Numbers numbers;
};
Result<NumberedMessage> decodeNumberedMessage(std::string_view text);

}  // namespace rtc::signaling
