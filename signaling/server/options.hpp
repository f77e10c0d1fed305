// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What rtc-signald can be told: by flags, and by a file whose keys have the flags' names. `option_table.cpp` has one
// row for each.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "signaling/server/access/access.hpp"
#include "signaling/server/hub.hpp"
#include "signaling/server/wire/address_gate.hpp"
#include "signaling/server/wire/connection_limits.hpp"

namespace rtc::signaling {

struct Options {
  std::vector<std::string> listen{"127.0.0.1"};
  int port = 8888;
  std::string web_root;  ///< empty: the page of the program itself
  bool no_page = false;
  HubOptions hub;
  AccessOptions access;
  /// What `access` leads to; `hub` borrows from it.
  std::shared_ptr<Access> doors;
  bool insecure_open = false;
  std::vector<std::string> ice_servers;  ///< as they were written; `hub` has them as they are told
  Duration drain{5'000};
  ConnectionLimits limits;
  GateLimits gate;
  std::vector<std::string> allowed_origins;  ///< empty: pages of the host that they connect to
  std::vector<std::string> trusted_proxies;  ///< addresses and networks
  std::string tls_certificate;               ///< empty: plain text
  std::string tls_key;                       ///< empty: in the certificate's file
  int admin_port = -1;                       ///< negative: none
  bool log_addresses = false;
};

/// The program has only to say its version.
struct ShowVersion {};
/// The program has only to say whether it could start with these.
struct CheckConfig {
  Options options;
};
/// The program has only to mint a token, which its own part reads the rest of the line for.
struct MintToken {};
/// The program has only to print a file with every key at its default.
struct SampleConfig {};

using CommandLine = std::variant<Options, ShowVersion, CheckConfig, SampleConfig, MintToken>;

/// Flags go before the file that `--config` names, and that before the defaults. `--help` is answered here and ends the
/// program.
Result<CommandLine> parseCommandLine(int argc, char** argv);

}  // namespace rtc::signaling
