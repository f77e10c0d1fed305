// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the measuring script tells a program on its stdin, a line each: `dial USER`, `quit`.
#pragma once

#include <functional>
#include <string>

namespace rtc::bench {

/// Calls back on the default main context. The end of stdin reads as `quit`.
void watchCommands(std::function<void(const std::string&)> command);

/// Makes the call on the default main context, soon. Thread-safe.
void onMain(std::function<void()> call);

}  // namespace rtc::bench
