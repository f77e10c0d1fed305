// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The Signaler of everyday life: JSON over a WebSocket. It logs in, matches replies to requests, and after a loss keeps
// coming back until the service knows us again.
#pragma once

#include <memory>

#include "signaling/client/signaler.hpp"

namespace rtc::signaling {

std::unique_ptr<Signaler> makeWebSocketSignaler(SignalerOptions options);

}  // namespace rtc::signaling
