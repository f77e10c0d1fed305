// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/liveness.hpp"

#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::Liveness;

namespace {

constexpr Instant at(int milliseconds) {
  return Instant(Duration(1'000'000 + milliseconds));
}

}  // namespace

RTC_TEST(a_silent_peer_is_dead_at_its_timeout) {
  const Liveness liveness(Duration{8'000}, at(0));
  RTC_ASSERT(!liveness.dead(at(7'999), true));
  RTC_ASSERT(liveness.dead(at(8'000), true));
}

RTC_TEST(any_sign_of_life_starts_the_silence_anew) {
  Liveness liveness(Duration{8'000}, at(0));
  liveness.sign(at(5'000));
  RTC_ASSERT(!liveness.dead(at(12'999), true));
  RTC_ASSERT(liveness.dead(at(13'000), true));
}

RTC_TEST(a_late_report_of_an_early_sign_takes_nothing_back) {
  Liveness liveness(Duration{8'000}, at(0));
  liveness.sign(at(5'000));
  liveness.sign(at(1'000));
  RTC_ASSERT(!liveness.dead(at(12'999), true));
}

RTC_TEST(a_peer_without_a_heartbeat_is_given_three_times_as_long) {
  const Liveness liveness(Duration{8'000}, at(0));
  RTC_ASSERT(!liveness.dead(at(23'999), false));
  RTC_ASSERT(liveness.dead(at(24'000), false));
}

RTC_TEST(a_beat_is_due_at_once_and_then_every_two_seconds) {
  Liveness liveness(Duration{8'000}, at(0));
  RTC_ASSERT(liveness.beatDue(at(0)));
  RTC_ASSERT(!liveness.beatDue(at(500)));
  RTC_ASSERT(!liveness.beatDue(at(1'999)));
  RTC_ASSERT(liveness.beatDue(at(2'000)));
  RTC_ASSERT(!liveness.beatDue(at(3'999)));
}
