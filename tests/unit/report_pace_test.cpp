// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/report_pace.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::core::firstReportPace;
using rtc::core::reportPace;
using rtc::core::Reports;

RTC_TEST(reports_take_a_small_part_of_what_is_received) {
  for (const double received : {200'000.0, 500'000.0, 900'000.0}) {
    RTC_ASSERT_EQ(reportPace(Reports::Usual, received).bandwidth, received * 0.15);
  }
}

RTC_TEST(a_rich_stream_needs_no_more_of_them) {
  RTC_ASSERT_EQ(reportPace(Reports::Usual, 8e6).bandwidth, 150'000.0);
  RTC_ASSERT(firstReportPace() == reportPace(Reports::Usual, 8e6));
}

RTC_TEST(a_call_without_a_picture_is_still_reported_of) {
  RTC_ASSERT_EQ(reportPace(Reports::Usual, 0).bandwidth, 30'000.0);
}

RTC_TEST(who_receives_nothing_seldom_speaks) {
  RTC_ASSERT(reportPace(Reports::Seldom, 0).interval >= Duration(1'000));
}
