// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A TCP client that sends whatever bytes a test wants, as an attacker would, and reads what comes back.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "tests/support/wait.hpp"

namespace rtc::testing {

/// Bound to the test's thread. Every wait ends at its deadline.
class RawClient {
 public:
  struct Frame {
    int opcode = 0;
    std::string payload;
    /// Of a close frame; 0 if it has none.
    int closeCode() const;
  };

  /// Connects to this port of the loopback interface; nobody there fails the test. `receive_buffer`: the kernel's, for
  /// a client that reads nothing.
  explicit RawClient(int port, const std::string& address = "127.0.0.1", int receive_buffer = 0);
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  /// What the kernel does not take at once is tried again until the deadline. False: the other side has closed, or
  /// takes no more.
  bool send(const std::string& bytes, Duration deadline = kPatience);
  /// Sends a request that opens a WebSocket, with these fields more, and takes its answer's head.
  std::string upgrade(const std::string& fields = "");

  /// All that comes until the other side closes. Nothing: it did not in time.
  std::optional<std::string> untilClosed(Duration deadline = kPatience);
  /// What comes up to and with `end`.
  std::string until(const std::string& end, Duration deadline = kPatience);
  /// The next frame; nothing at the end of the stream or at the deadline.
  std::optional<Frame> frame(Duration deadline = kPatience);
  /// The code of the next close frame, whatever comes before it; 0 if the stream ends without one; -1 at the deadline.
  int closeCode(Duration deadline = kPatience);
  /// No more is sent, and the other side is told.
  void finish();

 private:
  /// Waits for more bytes: false at the end of the stream or the deadline.
  bool more(Instant end);

  int fd_;
  bool ended_ = false;
  std::string read_;
};

}  // namespace rtc::testing
