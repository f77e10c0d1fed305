// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How the program ends, for scripts: each way that a call can fail has its number.
#pragma once

#include <string_view>

namespace rtc::app {

enum class ExitStatus {
  EndedWell = 0,
  Usage = 2,        ///< the command line is not right
  Refused = 3,      ///< the other side declined or is busy
  Unreachable = 4,  ///< nobody there, no answer, or no service that lets us in
  Failed = 5,       ///< the call could not be set up, or broke
  Cancelled = 6,    ///< a transfer was ended by somebody before it was complete
};

/// For a call that ended with this reason word.
ExitStatus exitStatusFor(std::string_view reason_word);

}  // namespace rtc::app
