// SPDX-License-Identifier: LGPL-2.1-or-later
//
// From when each packet was sent and when it arrived (transport-wide feedback, draft-holmer-rmcat-transport-wide-cc) to
// what a path does: its rates, its loss, and the queue that stands in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "plugins/core/bitrate/bandwidth_estimator.hpp"

namespace rtc::core {

using Microseconds = std::chrono::duration<std::int64_t, std::micro>;

/// What the receiver told of a packet. The two times are of two clocks.
struct PacketFate {
  std::uint16_t number = 0;  ///< in the transport; it wraps
  Microseconds sent{0};
  std::optional<Microseconds> arrived;  ///< nothing: lost
  std::uint32_t bytes = 0;              ///< headers and all
};

class PathMeter {
 public:
  /// In the order of their numbers; one that was told of before is left out.
  void note(const std::vector<PacketFate>& fates);
  /// Nothing until there is half a second to look at.
  std::optional<PathSample> sample(Instant now) const;

 private:
  /// The shortest way of each second.
  struct Shortest {
    std::int64_t second = 0;
    Microseconds way{0};
  };

  void note(const PacketFate& fate);
  void noteWay(const PacketFate& fate);
  void forget(Microseconds before);
  double trend(Microseconds since) const;

  std::deque<PacketFate> fates_;
  std::deque<Shortest> shortest_;
  std::optional<std::uint16_t> last_number_;
  Microseconds first_sent_{0};
  std::optional<Microseconds> last_way_;
  std::optional<Microseconds> last_through_;  ///< when the last packet that arrived was sent
};

}  // namespace rtc::core
