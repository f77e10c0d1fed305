// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/path_lateness.hpp"

#include "tests/support/check.hpp"

using namespace std::chrono_literals;
using rtc::core::PathLateness;

namespace {

constexpr std::uint32_t kRate = 90'000;

}  // namespace

RTC_TEST(nothing_is_late_before_the_first_is_played) {
  PathLateness lateness(kRate);
  RTC_ASSERT(!lateness.arrived(0, 5ms));
  RTC_ASSERT(!lateness.arrived(90 * 33, 40ms));
}

RTC_TEST(a_frame_is_as_late_as_the_last_of_its_packets) {
  PathLateness lateness(kRate);
  lateness.stamped(0, 1s);
  RTC_ASSERT(!lateness.arrived(90 * 100, 1'104ms));
  RTC_ASSERT(!lateness.arrived(90 * 100, 1'112ms));
  RTC_ASSERT(!lateness.arrived(90 * 100, 1'109ms));
  RTC_ASSERT_EQ(lateness.arrived(90 * 200, 1'200ms)->count(), std::chrono::nanoseconds(12ms).count());
}

RTC_TEST(a_packet_that_was_overtaken_by_the_next_frame_counts_for_its_own) {
  PathLateness lateness(kRate);
  lateness.stamped(0, 1s);
  lateness.arrived(0, 1s);
  RTC_ASSERT_EQ(lateness.arrived(90 * 30, 1'030ms)->count(), 0);
  RTC_ASSERT_EQ(lateness.arrived(0, 1'035ms)->count(), 0);
  RTC_ASSERT_EQ(lateness.arrived(90 * 30, 1'036ms)->count(), std::chrono::nanoseconds(35ms).count());
}

RTC_TEST(time_stamps_may_wrap) {
  PathLateness lateness(kRate);
  lateness.stamped(0xffff'ffffU - 89, 1s);
  lateness.arrived(0xffff'ffffU - 89, 1s);
  lateness.arrived(90 * 9, 1'013ms);
  RTC_ASSERT_EQ(lateness.arrived(90 * 40, 1'041ms)->count(), std::chrono::nanoseconds(3ms).count());
}

RTC_TEST(what_is_played_at_another_time_is_late_for_that) {
  PathLateness lateness(kRate);
  lateness.stamped(0, 1s);
  lateness.arrived(90 * 100, 1'180ms);
  lateness.stamped(90 * 100, 1'180ms);  // the jitter buffer has begun anew
  RTC_ASSERT_EQ(lateness.arrived(90 * 200, 1'280ms)->count(), std::chrono::nanoseconds(80ms).count());
  RTC_ASSERT_EQ(lateness.arrived(90 * 300, 1'380ms)->count(), 0);
}
