// SPDX-License-Identifier: LGPL-2.1-or-later
//
// `rtc-signald token`: a token for a user, for operators and tests.
#pragma once

#include <string>

#include "base/result.hpp"

namespace rtc::signaling {

/// `argv[0]` is the command's own word. `--help` is answered here and ends the program.
Result<std::string> mintToken(int argc, char** argv);

}  // namespace rtc::signaling
