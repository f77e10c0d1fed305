// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How often RTCP reports, and how much of a path it may take: often enough to ask for a lost packet in time, and never
// so much that a narrow path is full of reports.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace rtc::core {

/// A request for a lost packet may have to wait for the next report.
enum class Reports {
  Seldom,  ///< of who receives nothing, and so has nothing to ask for
  Usual,
  Close,  ///< where packets are being lost
};

struct ReportPace {
  Duration interval;  ///< of regular reports
  /// Of both parties together, in bit/s; or below 1 a part of the streams' rate, as 1.22 knows it. It says how soon
  /// after one report a request may go.
  double bandwidth;

  bool operator==(const ReportPace&) const = default;
};

/// `received`: bit/s of the peer's streams. The twentieth that RFC 3550 section 6.2 has by default is shared by all
/// streams of a bundle, which would have to wait for half a second.
inline ReportPace reportPace(Reports reports, double received) {
  static constexpr double kLeast = 30'000;
  const auto part = [received](double share, double most) { return std::clamp(received * share, kLeast, most); };
  switch (reports) {
    case Reports::Seldom:
      return {Duration(1'000), 0.05};
    case Reports::Close:
      return {Duration(30), part(0.30, 300'000)};
    case Reports::Usual:
      break;
  }
  return {Duration(100), part(0.15, 150'000)};
}

/// Before anything is known of the rate.
inline ReportPace firstReportPace() {
  return reportPace(Reports::Usual, 1e9);
}

}  // namespace rtc::core
