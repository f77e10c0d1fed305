// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/key_frames.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::KeyFrameLimiter;

namespace {

constexpr Instant at(int milliseconds) {
  return Instant(Duration(1'000'000 + milliseconds));
}

}  // namespace

RTC_TEST(the_first_wish_is_granted_at_once) {
  KeyFrameLimiter limiter(Duration{300});
  RTC_ASSERT(limiter.wish(at(0)));
}

RTC_TEST(a_wish_too_soon_is_kept_and_granted_once_when_its_time_has_come) {
  KeyFrameLimiter limiter(Duration{300});
  RTC_ASSERT(limiter.wish(at(0)));
  RTC_ASSERT(!limiter.wish(at(1)));
  RTC_ASSERT(!limiter.wish(at(299)));
  RTC_ASSERT(!limiter.due(at(299)));
  RTC_ASSERT(limiter.due(at(300)));
  RTC_ASSERT(!limiter.due(at(301)));
  RTC_ASSERT(!limiter.due(at(10'000)));
}

RTC_TEST(nothing_is_due_without_a_wish) {
  KeyFrameLimiter limiter(Duration{300});
  RTC_ASSERT(!limiter.due(at(0)));
  RTC_ASSERT(limiter.wish(at(0)));
  RTC_ASSERT(!limiter.due(at(1'000)));
}

RTC_TEST(a_wish_granted_late_uses_up_the_kept_one) {
  KeyFrameLimiter limiter(Duration{300});
  RTC_ASSERT(limiter.wish(at(0)));
  RTC_ASSERT(!limiter.wish(at(100)));
  RTC_ASSERT(limiter.wish(at(400)));
  RTC_ASSERT(!limiter.due(at(800)));
}

RTC_TEST(a_thousand_wishes_a_second_are_four_key_frames) {
  KeyFrameLimiter limiter(Duration{300});
  int granted = limiter.wish(at(0)) ? 1 : 0;
  for (int now = 1; now < 1'000; ++now) granted += limiter.wish(at(now)) ? 1 : 0;
  RTC_ASSERT_EQ(granted, 4);
}
