// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How often RTCP reports, and how much of a path it may take: often enough for a sender's rate to follow, and never so
// much that a narrow path is full of reports.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace rtc::core {

enum class Reports {
  Seldom,  ///< of who receives nothing, and so has nothing to tell
  Usual,
};

struct ReportPace {
  Duration interval;  ///< of regular reports
  /// Of both parties together, in bit/s; or below 1 a part of the streams' rate, as 1.22 knows it. It says how soon
  /// after one report a request for a key frame may go.
  double bandwidth;

  bool operator==(const ReportPace&) const = default;
};

/// `received`: bit/s of the peer's streams. The twentieth that RFC 3550 section 6.2 has by default is shared by all
/// streams of a bundle, which would have to wait for half a second.
inline ReportPace reportPace(Reports reports, double received) {
  if (reports == Reports::Seldom) return {Duration(1'000), 0.05};
  return {Duration(100), std::clamp(received * 0.15, 30'000.0, 150'000.0)};
}

/// Before anything is known of the rate.
inline ReportPace firstReportPace() {
  return reportPace(Reports::Usual, 1e9);
}

}  // namespace rtc::core
