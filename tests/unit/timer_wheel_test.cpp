// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/timer_wheel.hpp"

#include <deque>
#include <functional>

#include "tests/support/check.hpp"
#include "tests/support/manual_clock.hpp"

using namespace rtc;
using namespace rtc::signaling;
using rtc::testing::ManualClock;

namespace {

class Alarm final : public TimerWheel::Entry {
 public:
  explicit Alarm(std::function<void()> action = {}) : action_(std::move(action)) {}
  void expired(Instant now) override {
    ++rung;
    at = now;
    if (action_) action_();
  }

  int rung = 0;
  Instant at{};

 private:
  std::function<void()> action_;
};

/// Turns the wheel as often as it asks for it.
void pass(TimerWheel& wheel, ManualClock& clock, Duration time) {
  const Instant end = clock.now() + time;
  while (wheel.nextTurn() <= end) {
    clock.advance(std::max(Duration{0}, wheel.nextTurn() - clock.now()));
    wheel.turn(clock.now());
  }
  clock.advance(end - clock.now());
}

}  // namespace

RTC_TEST(an_alarm_rings_once_never_early_and_at_most_a_slot_late) {
  ManualClock clock;
  for (const int delay : {0, 1, 99, 100, 101, 5'000, 51'199, 51'200, 51'300, 300'000}) {
    TimerWheel wheel(clock.now());
    Alarm alarm;
    const Instant due = clock.now() + Duration{delay};
    wheel.schedule(alarm, due);
    pass(wheel, clock, Duration{400'000});
    RTC_ASSERT_EQ(alarm.rung, 1);
    RTC_ASSERT(alarm.at >= due && alarm.at <= due + 2 * TimerWheel::kSlot);
  }
}

RTC_TEST(scheduling_again_replaces_and_cancelling_takes_out) {
  ManualClock clock;
  TimerWheel wheel(clock.now());
  Alarm moved;
  Alarm cancelled;
  wheel.schedule(moved, clock.now() + Duration{500});
  wheel.schedule(moved, clock.now() + Duration{5'000});
  wheel.schedule(cancelled, clock.now() + Duration{500});
  cancelled.cancel();
  pass(wheel, clock, Duration{1'000});
  RTC_ASSERT_EQ(moved.rung, 0);
  pass(wheel, clock, Duration{5'000});
  RTC_ASSERT_EQ(moved.rung, 1);
  RTC_ASSERT_EQ(cancelled.rung, 0);
  RTC_ASSERT(wheel.nextTurn() == Instant::max());
}

RTC_TEST(an_alarm_may_set_itself_again_and_destroy_others) {
  ManualClock clock;
  TimerWheel wheel(clock.now());
  std::deque<Alarm> others(3);
  Alarm repeated([&] {
    others.pop_back();
    if (!others.empty()) wheel.schedule(repeated, clock.now());
  });
  wheel.schedule(repeated, clock.now());
  for (auto& other : others) wheel.schedule(other, clock.now() + Duration{60'000});
  pass(wheel, clock, Duration{120'000});
  RTC_ASSERT_EQ(repeated.rung, 3);
}

RTC_TEST(after_a_long_sleep_everything_is_met) {
  ManualClock clock;
  TimerWheel wheel(clock.now());
  Alarm near;
  Alarm far;
  wheel.schedule(near, clock.now() + Duration{300});
  wheel.schedule(far, clock.now() + Duration{40'000});
  clock.advance(Duration{3'600'000});
  wheel.turn(clock.now());
  RTC_ASSERT_EQ(near.rung, 1);
  RTC_ASSERT_EQ(far.rung, 1);
}
