// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/encoder_pace.hpp"

#include "tests/support/check.hpp"

using namespace std::chrono_literals;
using rtc::core::EncoderPace;

namespace {

/// Its speed behind so many frames, each of which takes so long of the 33 ms between two.
int after(EncoderPace& pace, int frames, EncoderPace::Time took) {
  for (int i = 0; i < frames; ++i) pace.encoded(took, 33ms);
  return pace.speed();
}

}  // namespace

RTC_TEST(an_encoder_that_keeps_up_is_as_slow_as_usual) {
  EncoderPace pace(6, 16);
  RTC_ASSERT_EQ(after(pace, 1'000, 3ms), 6);
  RTC_ASSERT_EQ(after(pace, 1'000, 25ms), 6);
}

RTC_TEST(one_that_does_not_keep_up_becomes_faster_within_a_second_or_so) {
  EncoderPace pace(6, 16);
  RTC_ASSERT_EQ(after(pace, 15, 33ms), 8);
  RTC_ASSERT_EQ(after(pace, 15, 40ms), 10);
  RTC_ASSERT_EQ(after(pace, 1'000, 33ms), 16);
}

RTC_TEST(a_single_slow_frame_changes_nothing) {
  EncoderPace pace(6, 16);
  after(pace, 7, 3ms);
  after(pace, 1, 150ms);
  RTC_ASSERT_EQ(after(pace, 7, 3ms), 6);
}

RTC_TEST(it_slows_down_again_once_it_has_kept_up_for_long) {
  EncoderPace pace(6, 16);
  RTC_ASSERT_EQ(after(pace, 30, 33ms), 10);
  RTC_ASSERT_EQ(after(pace, 149, 10ms), 10);
  RTC_ASSERT_EQ(after(pace, 1, 10ms), 9);
  RTC_ASSERT_EQ(after(pace, 600, 10ms), 6);
}

RTC_TEST(it_stays_where_it_just_keeps_up) {
  EncoderPace pace(6, 16);
  after(pace, 15, 33ms);
  RTC_ASSERT_EQ(after(pace, 3'000, 20ms), 8);
}

RTC_TEST(one_that_has_but_one_speed_keeps_it) {
  EncoderPace pace(8, 8);
  RTC_ASSERT_EQ(after(pace, 300, 50ms), 8);
}
