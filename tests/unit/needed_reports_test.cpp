// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/needed_reports.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::NeededReports;

namespace {

constexpr Instant kStart{Duration(10'000)};
constexpr bool kEarly = true;

/// Of so many rounds of three streams, 100 ms apart.
int taken(NeededReports& reports, int rounds, bool early) {
  int count = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const auto source : {1U, 2U, 3U}) {
      if (reports.takes(source, true, early, kStart + round * Duration(100))) ++count;
    }
  }
  return count;
}

}  // namespace

RTC_TEST(the_first_report_of_each_stream_is_needed) {
  NeededReports reports;
  RTC_ASSERT_EQ(taken(reports, 1, !kEarly), 3);
}

RTC_TEST(so_is_the_first_one_of_a_stream_that_has_begun_to_send) {
  NeededReports reports;
  reports.takes(1, false, kEarly, kStart);
  RTC_ASSERT(reports.takes(1, true, kEarly, kStart + Duration(1)));
}

RTC_TEST(each_stream_reports_twice_a_second) {
  NeededReports reports;
  reports.other(kStart - Duration(100));
  RTC_ASSERT_EQ(taken(reports, 20, kEarly), 4 * 3);
}

RTC_TEST(an_early_report_that_goes_with_nothing_goes_by_itself) {
  NeededReports reports;
  RTC_ASSERT_EQ(taken(reports, 5, kEarly), 5 + 2);
  const auto later = kStart + Duration(500);
  reports.other(later);
  RTC_ASSERT(reports.takes(1, true, kEarly, later + Duration(30)));
  RTC_ASSERT(!reports.takes(1, true, kEarly, later + Duration(100)));
}

RTC_TEST(one_of_those_that_are_due_together_always_goes) {
  NeededReports reports;
  // The first stream's with every round, the others' twice a second.
  RTC_ASSERT_EQ(taken(reports, 20, !kEarly), 20 + 4 * 2);
}

RTC_TEST(two_rounds_that_follow_each_other_at_once_are_two) {
  NeededReports reports;
  RTC_ASSERT_EQ(taken(reports, 1, !kEarly), 3);
  // All three have just reported; nevertheless the second round must not be empty.
  RTC_ASSERT_EQ(taken(reports, 1, !kEarly), 1);
}
