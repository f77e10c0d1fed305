// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "app/event.hpp"
#include "app/exit_status.hpp"
#include "app/options.hpp"

namespace rtc::app {

/// Shows how it stands with the users of `options.watch`, and each change, until an interrupt.
ExitStatus watchUsers(const Options& options, Face& face);

}  // namespace rtc::app
