// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A login for one who only looks on, and takes no calls.
#pragma once

#include "app/event.hpp"
#include "app/options.hpp"
#include "signaling/client/signaler.hpp"

namespace rtc::app {

/// Where a token proves the name, as another device of the user; else under a name made from the user's.
signaling::SignalerOptions visitorOf(const Options& options);

/// What such a login owes to the user's other devices. The service tells missed calls once, to whoever comes: they are
/// shown. And it lets this device ring, too: each call is declined as busy, so that the others ring on.
void actAsVisitor(signaling::Signaler& signaler, const signaling::SignalerEvent& event, Face& face);

}  // namespace rtc::app
