// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What waits for the streaming thread of `rtcdatasrc`, up to a bound. SCTP in `webrtcbin` has no way to hold the peer.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "plugins/session/data_message.hpp"

namespace rtc {

/// What to do with a message for which there is no room: give up, drop it, or drop the oldest ones.
enum class Leaky { No, Upstream, Downstream };
GType leakyType();

/// Thread-safe.
class Inbox {
 public:
  Inbox(std::uint64_t max_bytes, Leaky leaky) : max_bytes_(max_bytes), leaky_(leaky) {}

  /// False if there is no room, and it must not be dropped.
  bool put(DataMessage message);
  /// Nothing more comes, for now or for ever.
  void setEnded(bool ended);

  enum class End { Interrupted, Ended };
  /// Waits for a message.
  std::optional<DataMessage> take(End& end);

  void interrupt();
  void resume();
  std::uint64_t dropped() const;

 private:
  const std::uint64_t max_bytes_;
  const Leaky leaky_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<DataMessage> waiting_;
  std::uint64_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool ended_ = false;
  bool interrupted_ = false;
};

}  // namespace rtc
