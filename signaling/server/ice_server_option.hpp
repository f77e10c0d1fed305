// SPDX-License-Identifier: LGPL-2.1-or-later
//
// `--ice-server`: how an operator names a STUN or TURN server, and its credentials with it.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// `stun:HOST[:PORT]` or `turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp]`, also with `stuns:` and `turns:`, and
/// also with `//` after the scheme. User and password may hold %XX escapes.
Result<IceServer> parseIceServer(std::string_view text);

}  // namespace rtc::signaling
