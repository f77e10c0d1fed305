// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/freezes.hpp"

#include "tests/support/check.hpp"

using namespace rtc;
using core::Freezes;

namespace {

/// Frames at this pace, from `at` on; gives the moment of the last.
Instant play(Freezes& freezes, Instant at, int frames, Duration pace) {
  for (int i = 0; i < frames; ++i) freezes.frame(at += pace);
  return at;
}

}  // namespace

RTC_TEST(a_steady_picture_does_not_freeze_whatever_its_pace) {
  for (const int pace : {16, 33, 100, 1'000}) {
    Freezes freezes;
    play(freezes, Instant(Duration(0)), 50, Duration(pace));
    RTC_ASSERT_EQ(freezes.count(), 0u);
  }
}

RTC_TEST(a_gap_of_three_frames_and_150_ms_is_a_freeze) {
  Freezes freezes;
  auto at = play(freezes, Instant(Duration(0)), 40, Duration(33));
  freezes.frame(at += Duration(182));
  RTC_ASSERT_EQ(freezes.count(), 0u);
  at = play(freezes, at, 40, Duration(33));
  freezes.frame(at += Duration(183));
  RTC_ASSERT_EQ(freezes.count(), 1u);
  RTC_ASSERT_EQ(freezes.total().count(), 183);
}

RTC_TEST(a_slow_picture_needs_a_gap_of_three_frames) {
  Freezes freezes;
  auto at = play(freezes, Instant(Duration(0)), 40, Duration(200));
  freezes.frame(at += Duration(599));
  RTC_ASSERT_EQ(freezes.count(), 0u);
  at = play(freezes, at, 40, Duration(200));
  freezes.frame(at += Duration(600));
  RTC_ASSERT_EQ(freezes.count(), 1u);
}

RTC_TEST(a_picture_that_rests_on_purpose_does_not_freeze) {
  Freezes freezes;
  auto at = play(freezes, Instant(Duration(0)), 40, Duration(33));
  freezes.pause();
  play(freezes, at + Duration(60'000), 40, Duration(33));
  RTC_ASSERT_EQ(freezes.count(), 0u);
}
