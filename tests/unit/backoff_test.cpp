// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/backoff.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::signaling::Backoff;

RTC_TEST(the_bound_doubles_with_each_failure_and_stops_at_the_last) {
  Backoff backoff(Duration{1'000}, Duration{30'000}, [] { return 1.0; });
  for (const int expected : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
    RTC_ASSERT_EQ(backoff.next().count(), expected);
  }
}

RTC_TEST(the_wait_is_anything_below_the_bound) {
  double fraction = 0.0;
  Backoff backoff(Duration{1'000}, Duration{30'000}, [&] { return fraction; });
  RTC_ASSERT_EQ(backoff.next().count(), 0);
  fraction = 0.5;
  RTC_ASSERT_EQ(backoff.next().count(), 1'000);
}

RTC_TEST(a_success_starts_again_at_the_first_bound) {
  Backoff backoff(Duration{1'000}, Duration{30'000}, [] { return 1.0; });
  static_cast<void>(backoff.next());
  static_cast<void>(backoff.next());
  backoff.reset();
  RTC_ASSERT_EQ(backoff.next().count(), 1'000);
}
