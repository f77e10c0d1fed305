// SPDX-License-Identifier: LGPL-2.1-or-later
//
// STUN and TURN servers as the signaling service names them (RFC 7064, RFC 7065: `turn:HOST:PORT?transport=udp`), in
// the form that `webrtcbin` takes (`turn://USER:PASSWORD@HOST:PORT?transport=udp`; `turns://` takes a `TurnTunnel`).
#pragma once

#include <string>
#include <vector>

#include "signaling/protocol/message.hpp"

namespace rtc {

struct IceServers {
  std::string stun;  ///< the first one: webrtcbin takes no more
  std::vector<std::string> turn;
  std::vector<std::string> refused;  ///< with the reason
};

IceServers iceServersFor(const std::vector<signaling::IceServer>& announced);

}  // namespace rtc
