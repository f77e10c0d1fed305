// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The command line of rtc-signald.
#pragma once

#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "signaling/server/hub.hpp"

namespace rtc::signaling {

struct Options {
  std::string listen = "127.0.0.1";
  int port = 8888;
  std::string web_root;  ///< empty: no files are served
  HubOptions hub;
  Duration drain{5'000};
  Duration ping{20'000};  ///< below the 30 s after which common proxies cut an idle connection; whole seconds
};

/// The program has only to say its version.
struct ShowVersion {};

/// `--help` is answered here and ends the program.
Result<std::variant<Options, ShowVersion>> parseOptions(int argc, char** argv);

}  // namespace rtc::signaling
