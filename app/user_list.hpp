// SPDX-License-Identifier: LGPL-2.1-or-later
//
// `rtc-call users`: who is logged in. It needs no media, so it speaks to the service itself.
#pragma once

#include "app/event.hpp"
#include "app/exit_status.hpp"
#include "app/options.hpp"

namespace rtc::app {

/// Logs in under a name of its own for as long as it takes.
ExitStatus listUsers(const Options& options, Face& face);

}  // namespace rtc::app
