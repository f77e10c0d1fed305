// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/needed_reports.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::NeededReports;

namespace {

constexpr Instant kStart{Duration(10'000)};

}  // namespace

RTC_TEST(the_first_report_of_each_stream_is_needed) {
  NeededReports reports;
  for (const auto source : {1U, 2U, 3U}) RTC_ASSERT(reports.takes(source, true, kStart));
}

RTC_TEST(so_is_the_first_one_of_a_stream_that_has_begun_to_send) {
  NeededReports reports;
  reports.takes(1, false, kStart);
  RTC_ASSERT(reports.takes(1, true, kStart + Duration(1)));
}

RTC_TEST(each_stream_reports_twice_a_second) {
  NeededReports reports;
  int taken = 0;
  for (int round = 0; round < 20; ++round) {
    for (const auto source : {1U, 2U, 3U}) {
      if (reports.takes(source, true, kStart + round * Duration(100))) ++taken;
    }
  }
  RTC_ASSERT_EQ(taken, 4 * 3);
}
