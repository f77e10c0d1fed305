// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What rtc-signald can be told: by flags, and by a file whose keys have the flags' names. `option_table.cpp` has one
// row for each.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "signaling/server/hub.hpp"

namespace rtc::signaling {

struct Options {
  std::string listen = "127.0.0.1";
  int port = 8888;
  std::string web_root;  ///< empty: no files are served
  HubOptions hub;
  std::vector<std::string> ice_servers;  ///< as they were written; `hub` has them as they are told
  Duration drain{5'000};
  Duration ping{20'000};  ///< below the 30 s after which common proxies cut an idle connection; whole seconds
};

/// The program has only to say its version.
struct ShowVersion {};
/// The program has only to say whether it could start with these.
struct CheckConfig {
  Options options;
};
/// The program has only to print a file with every key at its default.
struct SampleConfig {};

using CommandLine = std::variant<Options, ShowVersion, CheckConfig, SampleConfig>;

/// Flags go before the file that `--config` names, and that before the defaults. `--help` is answered here and ends the
/// program.
Result<CommandLine> parseCommandLine(int argc, char** argv);

}  // namespace rtc::signaling
