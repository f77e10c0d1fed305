// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/java_script_text.hpp"

#include "tests/support/check.hpp"

using rtc::signaling::javaScriptText;

RTC_TEST(whole_numbers_print_without_a_point) {
  RTC_ASSERT_EQ(javaScriptText(0), "0");
  RTC_ASSERT_EQ(javaScriptText(-0.0), "0");
  RTC_ASSERT_EQ(javaScriptText(5), "5");
  RTC_ASSERT_EQ(javaScriptText(-1200), "-1200");
  RTC_ASSERT_EQ(javaScriptText(9007199254740993.0), "9007199254740992");
}

RTC_TEST(fractions_print_their_shortest_digits) {
  RTC_ASSERT_EQ(javaScriptText(0.1), "0.1");
  RTC_ASSERT_EQ(javaScriptText(1.5), "1.5");
  RTC_ASSERT_EQ(javaScriptText(0.000001), "0.000001");
  RTC_ASSERT_EQ(javaScriptText(123.456), "123.456");
}

RTC_TEST(very_large_and_very_small_numbers_print_an_exponent) {
  RTC_ASSERT_EQ(javaScriptText(1e20), "100000000000000000000");
  RTC_ASSERT_EQ(javaScriptText(1e21), "1e+21");
  RTC_ASSERT_EQ(javaScriptText(1.25e22), "1.25e+22");
  RTC_ASSERT_EQ(javaScriptText(1e-7), "1e-7");
  RTC_ASSERT_EQ(javaScriptText(-1.5e-10), "-1.5e-10");
}
