// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/repair_budget.hpp"

#include <optional>

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::RepairBudget;

namespace {

constexpr Instant at(int milliseconds) {
  return Instant(Duration(1'000'000 + milliseconds));
}

/// How many packets of a heap are sent again at that moment.
int granted(RepairBudget& budget, int asked, Instant now) {
  int count = 0;
  for (int i = 0; i < asked; ++i) count += budget.take(now) ? 1 : 0;
  return count;
}

}  // namespace

RTC_TEST(on_a_path_that_showed_no_limit_all_is_sent_again) {
  RepairBudget budget;
  RTC_ASSERT_EQ(granted(budget, 1'000, at(0)), 1'000);
}

RTC_TEST(on_a_narrow_path_no_more_than_its_part_is) {
  RepairBudget budget;
  budget.allow(48'000);  // five packets a second
  RTC_ASSERT_EQ(granted(budget, 100, at(0)), 0);
  int count = 0;
  for (int now = 0; now <= 10'000; now += 10) count += granted(budget, 3, at(now));
  RTC_ASSERT_EQ(count, 50);
}

RTC_TEST(what_nobody_asked_for_is_kept_for_half_a_second) {
  RepairBudget budget;
  budget.allow(96'000);
  RTC_ASSERT_EQ(granted(budget, 1, at(0)), 0);
  RTC_ASSERT_EQ(granted(budget, 100, at(60'000)), 5);
}

RTC_TEST(a_picture_that_has_little_is_still_repaired) {
  RepairBudget budget;
  budget.allow(9'600);  // a packet a second
  RTC_ASSERT_EQ(granted(budget, 1, at(0)), 0);
  RTC_ASSERT_EQ(granted(budget, 100, at(1'100)), 1);
}

RTC_TEST(where_no_picture_is_sent_nothing_is_sent_again) {
  RepairBudget budget;
  budget.allow(96'000);
  budget.allow(0);
  RTC_ASSERT_EQ(granted(budget, 100, at(2'000)), 0);
  budget.allow(std::nullopt);
  RTC_ASSERT_EQ(granted(budget, 100, at(3'000)), 100);
}
