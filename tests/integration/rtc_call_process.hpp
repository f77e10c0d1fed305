// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-call as a script sees it: a process that writes one JSON object a line.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"

namespace rtc::testing {

/// One event's members as text; numbers as they are written.
using CallEvent = std::map<std::string, std::string>;

/// The program is the one that `RTC_CALL` names.
class RtcCallProcess {
 public:
  /// With `--json`, and stdin closed.
  explicit RtcCallProcess(std::vector<std::string> arguments, const ChildProcess::Environment& environment = {});

  /// Reads on until an event has all of these members; anything else that comes is passed over, and no such event fails
  /// the test.
  CallEvent expect(const CallEvent& members, Duration deadline = kPatience);
  /// Waits for its end, and gives its status. Reads what it still says.
  int exitStatus(Duration deadline = kPatience);
  ChildProcess& process() { return process_; }
  /// All events read so far.
  const std::vector<CallEvent>& events() const { return events_; }

 private:
  ChildProcess process_;
  std::vector<CallEvent> events_;
};

/// A number in an event; fails where there is none.
double number(const CallEvent& event, const std::string& member);

}  // namespace rtc::testing
