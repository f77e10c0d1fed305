// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/rate.hpp"

#include <limits>

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::Rate;

namespace {

constexpr Instant at(int milliseconds) {
  return Instant(Duration(1'000'000 + milliseconds));
}

}  // namespace

RTC_TEST(the_first_count_has_no_rate) {
  Rate rate;
  RTC_ASSERT_EQ(rate.perSecond(1'000, at(0)), 0.0);
}

RTC_TEST(growth_counts_per_second) {
  Rate rate;
  rate.perSecond(1'000, at(0));
  RTC_ASSERT_EQ(rate.perSecond(1'030, at(1'000)), 30.0);
  RTC_ASSERT_EQ(rate.perSecond(1'060, at(1'500)), 60.0);
  RTC_ASSERT_EQ(rate.perSecond(1'060, at(2'500)), 0.0);
}

RTC_TEST(no_time_and_a_counter_that_starts_again_have_no_rate) {
  Rate rate;
  rate.perSecond(1'000, at(0));
  RTC_ASSERT_EQ(rate.perSecond(2'000, at(0)), 0.0);
  RTC_ASSERT_EQ(rate.perSecond(10, at(1'000)), 0.0);
  RTC_ASSERT_EQ(rate.perSecond(20, at(2'000)), 10.0);
  RTC_ASSERT_EQ(rate.perSecond(30, at(1'000)), 0.0);
}

RTC_TEST(large_counters_keep_their_small_growth) {
  Rate rate;
  const auto large = std::numeric_limits<std::uint64_t>::max() - 100;
  rate.perSecond(large, at(0));
  RTC_ASSERT_EQ(rate.perSecond(large + 50, at(1'000)), 50.0);
}
