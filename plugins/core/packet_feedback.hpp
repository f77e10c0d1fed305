// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a receiver reports of the packets that we sent (transport-cc): the one place where a loss meter, and an
// estimator of what the path bears, hear of the path.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace rtc::core {

struct PacketReport {
  int payload_type = 0;
  std::size_t size = 0;                             ///< in bytes
  std::optional<std::chrono::nanoseconds> sent;     ///< on our clock
  std::optional<std::chrono::nanoseconds> arrived;  ///< on the receiver's clock; nothing: it was lost
};

class FeedbackListener {
 public:
  virtual ~FeedbackListener() = default;
  /// In the order in which they were sent. Some ten times a second.
  virtual void hear(const std::vector<PacketReport>& reports) = 0;
};

}  // namespace rtc::core
