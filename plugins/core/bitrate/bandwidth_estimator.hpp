// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The seam between what is measured of a path to a peer and how much is sent on it: an estimator is given samples, and
// says how much room there is. Whoever has a better one puts it here.
#pragma once

#include <limits>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core {

/// What a path did to the packets of the last moments, headers and all.
struct PathSample {
  Instant at;
  double sent = 0;        ///< bit/s
  double received = 0;    ///< bit/s
  double loss = 0;        ///< 0 to 1
  double queue = 0;       ///< ms, that even the quickest of the packets took longer than the path has to take
  double trend = 0;       ///< ms a second, by which packets take longer and longer; less than 0: a queue drains
  double round_trip = 0;  ///< ms; 0 while it is not known
  /// The least that is of use to who sends, in bit/s: a path that may not bear it is tried with that much.
  double least = 0;
  /// What would be sent if there were room, in bit/s.
  double wanted = std::numeric_limits<double>::infinity();
};

class BandwidthEstimator {
 public:
  virtual ~BandwidthEstimator() = default;
  /// Samples come in the order of their times, some hundred milliseconds apart.
  virtual void on(const PathSample& sample) = 0;
  /// Packets are sent, and for too long nothing was heard of what became of them.
  virtual void onSilence(Instant now) = 0;
  /// What may be sent, headers and all, in bit/s. Nothing while the path has shown no limit.
  virtual std::optional<double> estimate() const = 0;
};

}  // namespace rtc::core
