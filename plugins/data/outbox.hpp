// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What holds the streaming thread of `rtcdatasink` while its channels can take no more: what waits is bounded, wherever
// it waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "plugins/session/data_message.hpp"

namespace rtc {

/// Thread-safe.
class Outbox {
 public:
  enum class Pass { Ready, Interrupted, Failed };

  explicit Outbox(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // --- The streaming thread
  /// How many interruptions are over.
  std::uint64_t interruptions() const;
  /// Waits until there is room and somebody to send to. An interruption that has come and gone since there were so many
  /// of them is one, too.
  Pass awaitRoom(std::uint64_t interruptions);
  /// True: nothing waited, so the session must be told.
  bool put(DataMessage message);
  /// Waits until all that was put in was taken.
  Pass awaitTaken();
  /// Whether anything was ever put in.
  bool used() const;
  /// The channels are about to be closed; `awaitClosed` waits until they are, `patience` at most.
  void expectClose();
  Pass awaitClosed(Duration patience);

  // --- The session's thread
  /// The next message, which stays until `drop`; null if there is none.
  const DataMessage* next() const;
  void drop();
  /// How many channels are open or still closing, and how much waits in the one with the most.
  void report(std::size_t open, bool all_closed, std::uint64_t buffered);
  void fail();

  // --- The thread that changes states
  void interrupt();
  void resume();

 private:
  // With the lock: one that is over before its sleeper wakes has happened, too.
  bool interruptedSince(std::uint64_t interruptions) const;
  Pass outcome(std::uint64_t interruptions) const;

  const std::uint64_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<DataMessage> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  std::uint64_t buffered_ = 0;
  std::size_t open_ = 0;
  bool all_closed_ = false;
  bool used_ = false;
  bool interrupted_ = false;
  std::uint64_t interruptions_ = 0;  ///< that are over
  bool failed_ = false;
};

}  // namespace rtc
