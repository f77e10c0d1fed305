// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How JavaScript prints a number, which the book's error message shows to its clients.
#pragma once

#include <string>

namespace rtc::signaling {

/// ECMA-262, Number::toString with radix 10.
std::string javaScriptText(double number);

}  // namespace rtc::signaling
