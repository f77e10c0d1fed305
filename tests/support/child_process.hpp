// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A program under test, in a process of its own that never outlives the test.
#pragma once

#include <gio/gio.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ptr.hpp"
#include "tests/support/wait.hpp"

RTC_OWN_GOBJECT(GSubprocess);
RTC_OWN_GOBJECT(GDataInputStream);

namespace rtc::testing {

/// Bound to the thread that made it, whose default context it uses.
class ChildProcess {
 public:
  using Environment = std::map<std::string, std::string>;

  /// Starts `argv`, with these variables added to the test's own environment. A program that cannot be started fails
  /// the test. stderr goes to the test's, unless it is to be read.
  explicit ChildProcess(const std::vector<std::string>& argv, const Environment& environment = {},
                        bool read_stderr = false);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills the process if it still runs, and waits for its end.
  ~ChildProcess();

  /// The next line of its stdout without the line end; nothing at the end of the output or at the deadline.
  std::optional<std::string> readLine(Duration deadline = kPatience);
  /// What it writes to stderr until its end. Only if it is to be read.
  std::string readStderr();
  void signal(int number);
  /// Stops it with SIGSTOP, and returns once the kernel says that it stands: until then it may still answer.
  void freeze();
  /// Lets one go on that was frozen.
  void thaw();
  /// Its exit status once it ends; minus the number of a signal that killed it. Nothing at the deadline.
  std::optional<int> wait(Duration deadline = kPatience);
  bool running() const;
  /// As the kernel knows it; 0 after its end.
  int pid() const;

 private:
  std::optional<std::string> lineFrom(GDataInputStream* stream, Duration deadline);

  Ptr<GSubprocess> process_;
  Ptr<GDataInputStream> stdout_;
  Ptr<GDataInputStream> stderr_;
};

}  // namespace rtc::testing
