// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/loss_meter.hpp"

#include "tests/support/check.hpp"

using rtc::core::LossMeter;

RTC_TEST(the_share_of_lost_packets_is_in_per_cent) {
  LossMeter meter;
  RTC_ASSERT_EQ(meter.perCent(), 0U);
  for (int i = 0; i < 100; ++i) meter.note(i % 10 == 0);
  RTC_ASSERT_EQ(meter.perCent(), 10U);
}

RTC_TEST(what_was_long_ago_is_forgotten) {
  LossMeter meter;
  for (int i = 0; i < 400; ++i) meter.note(true);
  for (int i = 0; i < 5'000; ++i) meter.note(false);
  RTC_ASSERT_EQ(meter.perCent(), 0U);
}
