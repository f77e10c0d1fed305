// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A login for one who only looks on, and takes no calls.
#pragma once

#include "app/options.hpp"
#include "signaling/client/signaler.hpp"

namespace rtc::app {

/// Where a token proves the name, as another device of the user; else under a name made from the user's.
signaling::SignalerOptions visitorOf(const Options& options);

}  // namespace rtc::app
