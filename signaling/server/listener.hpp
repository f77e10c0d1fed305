// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The socket that the service accepts connections on.
#pragma once

#include <gio/gio.h>

#include <string>

#include "base/ptr.hpp"
#include "base/result.hpp"

RTC_OWN_GOBJECT(GSocket);
RTC_OWN_GOBJECT(GSocketAddress);

namespace rtc::signaling {

/// A listening TCP socket on this IP address. Port 0 picks a free one.
Result<Ptr<GSocket>> listenOn(const std::string& address, int port);
/// `ws://HOST:PORT` of a listening socket.
std::string uriOf(GSocket* socket);

}  // namespace rtc::signaling
