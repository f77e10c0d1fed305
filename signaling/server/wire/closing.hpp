// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a connection ended, as the metrics and the log say it: each limit has its own word.
#pragma once

#include <cstddef>
#include <string_view>

namespace rtc::signaling {

enum class Closing {
  Client,          ///< it said goodbye, or its request was answered
  Broken,          ///< the network, or a client that vanished
  Stopping,        ///< the service stops
  Hub,             ///< the hub wanted so
  TlsTimeout,      ///< no TLS handshake in time
  TlsFailed,       ///< a handshake that cannot succeed
  HeadTimeout,     ///< no whole request in time
  BadRequest,      ///< a request that is refused
  LoginTimeout,    ///< no login in time
  Silent,          ///< no answer to a ping
  WriteStall,      ///< reads nothing of what waits for it
  QueueFull,       ///< reads more slowly than it is spoken to
  Flood,           ///< too many frames
  MessageTimeout,  ///< a message that does not end
  TooBig,          ///< a message that is too large
  Binary,          ///< a binary message
  BadText,         ///< a message that is no UTF-8
  BadFrame,        ///< breaks RFC 6455
};
inline constexpr std::size_t kClosings = 18;

std::string_view word(Closing closing);

}  // namespace rtc::signaling
