// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The real signaling service, on a free port of the loopback interface.
#pragma once

#include <string>
#include <vector>

#include "tests/support/child_process.hpp"

namespace rtc::testing {

/// The program is the one that `RTC_SIGNALD` names: the build puts it into each test's environment.
class SignaldProcess {
 public:
  /// Starts it with `--port 0` and these options, and returns once it listens. Anything else fails the test.
  explicit SignaldProcess(const std::vector<std::string>& options = {});
  SignaldProcess(const SignaldProcess&) = delete;
  SignaldProcess& operator=(const SignaldProcess&) = delete;
  /// Asks it to stop, unless the test has ended it. Whatever it went through, it must then leave with success: a
  /// sanitizer's findings show here.
  ~SignaldProcess();

  /// `ws://127.0.0.1:PORT`
  const std::string& uri() const { return uri_; }
  int port() const;
  /// Of one that was started with `--admin-port 0`.
  int adminPort();
  ChildProcess& process() { return process_; }

 private:
  ChildProcess process_;
  std::string uri_;
  int admin_port_ = 0;
};

}  // namespace rtc::testing
