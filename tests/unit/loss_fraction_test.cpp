// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/loss_fraction.hpp"

#include "tests/support/check.hpp"

using rtc::core::LossFraction;

RTC_TEST(the_fraction_is_of_what_was_expected_since_one_last_looked) {
  LossFraction loss;
  RTC_ASSERT_EQ(loss.since(0, 100), 0.0);
  RTC_ASSERT_EQ(loss.since(25, 175), 0.25);
  RTC_ASSERT_EQ(loss.since(25, 275), 0.0);
  RTC_ASSERT_EQ(loss.since(35, 275), 1.0);
}

RTC_TEST(packets_that_come_after_all_are_no_loss) {
  LossFraction loss;
  loss.since(10, 100);
  RTC_ASSERT_EQ(loss.since(5, 105), 0.0);
  RTC_ASSERT_EQ(loss.since(-3, 105), 0.0);
}
