// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A real coturn on loopback, with the configuration that we ship, as far as loopback allows.
#pragma once

#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace rtc::testing {

class TurnServer {
 public:
  /// Returns once it listens.
  explicit TurnServer(const std::string& secret);
  TurnServer(const TurnServer&) = delete;
  TurnServer& operator=(const TurnServer&) = delete;
  ~TurnServer();

  /// `turn:127.0.0.1:PORT`
  std::string uri() const { return "turn:127.0.0.1:" + std::to_string(port_); }
  std::string log() const;

 private:
  std::string configuration(const std::string& secret) const;

  TemporaryFolder folder_;
  int port_;
  ChildProcess process_;
};

}  // namespace rtc::testing
