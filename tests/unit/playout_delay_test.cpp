// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/playout_delay.hpp"

#include <functional>
#include <set>

#include "tests/support/check.hpp"

using namespace rtc;
using core::Kind;
using core::PlayoutDelay;

namespace {

constexpr Duration kPictures{33};
constexpr Duration kPackets{20};

/// A path over which streams come.
struct Path {
  PlayoutDelay delay;
  Instant at{};
  Duration decoding{0};
  std::set<std::uint32_t> begun;
  int changes = 0;

  using Lateness = std::function<int(int)>;

  /// For so long, a frame in each `pace`, as late as `late` says of its number, in ms.
  void play(Duration time, const Lateness& late, Kind kind = Kind::Video, Duration pace = kPictures) {
    repair(time, late, late, kind, pace);
  }
  /// Some come that late, and are complete only later.
  void repair(Duration time, const Lateness& arrived, const Lateness& complete, Kind kind = Kind::Video,
              Duration pace = kPictures) {
    const auto end = at + time;
    const std::uint32_t ssrc = kind == Kind::Video ? 1 : 2;
    if (begun.insert(ssrc).second) delay.begin(ssrc, kind);
    for (int number = 0; at < end; ++number, at += pace) {
      delay.arrived(ssrc, Duration(arrived(number)), at);
      if (delay.frame(ssrc, Duration(complete(number)), decoding, at)) ++changes;
    }
  }
  auto value() const { return delay.value().count(); }
};

int onTime(int) {
  return 1;
}

/// Every `nth` frame is so late, the others come in time.
Path::Lateness nowAndThen(int nth, int late) {
  return [=](int number) { return number % nth == nth - 1 ? late : 1; };
}

}  // namespace

RTC_TEST(a_path_without_jitter_costs_nothing_after_two_seconds) {
  Path path;
  RTC_ASSERT_EQ(path.value(), PlayoutDelay::kFirst.count());
  path.play(Duration(2'000), onTime);
  RTC_ASSERT_EQ(path.value(), 1);
  path.play(Duration(60'000), onTime);
  RTC_ASSERT_EQ(path.changes, 1);
}

RTC_TEST(what_was_held_at_the_beginning_says_nothing_of_the_path) {
  Path path;
  path.play(Duration(500), [](int) { return 300; });
  path.play(Duration(3'000), onTime);
  RTC_ASSERT_EQ(path.value(), 1);
}

RTC_TEST(a_turbulent_beginning_is_forgotten_within_a_few_seconds) {
  Path path;
  path.play(Duration(2'500), nowAndThen(3, 20));
  RTC_ASSERT(path.value() >= 20);
  path.play(Duration(5'500), onTime);
  RTC_ASSERT(path.value() <= 5);
}

RTC_TEST(jitter_that_begins_is_met_within_a_second) {
  Path path;
  path.play(Duration(20'000), onTime);
  path.play(Duration(1'000), [](int number) { return 10 + 40 * (number % 2); });
  RTC_ASSERT(path.value() >= 50);
  RTC_ASSERT(path.value() <= 60);
}

RTC_TEST(a_path_on_which_one_picture_in_ten_is_late_is_waited_for) {
  Path path;
  path.play(Duration(10'000), nowAndThen(10, 90));
  RTC_ASSERT(path.value() >= 90);
}

RTC_TEST(pictures_of_which_one_in_ten_had_to_be_sent_again_do_not_wait_for_those) {
  Path path;
  path.delay.count(PlayoutDelay::Late::Shown);
  path.repair(Duration(20'000), nowAndThen(10, 30), nowAndThen(10, 110));
  RTC_ASSERT(path.value() >= 30);
  RTC_ASSERT(path.value() <= 40);
}

RTC_TEST(where_a_late_picture_would_be_lost_all_wait_for_those_that_had_to_be_sent_again) {
  Path path;
  path.repair(Duration(20'000), nowAndThen(10, 30), nowAndThen(10, 110));
  RTC_ASSERT(path.value() >= 110);
}

RTC_TEST(where_every_second_picture_had_to_be_sent_again_all_wait_for_those) {
  Path path;
  path.delay.count(PlayoutDelay::Late::Shown);
  path.repair(Duration(20'000), onTime, nowAndThen(2, 110));
  RTC_ASSERT(path.value() >= 110);
}

RTC_TEST(what_decoding_takes_is_waited_for) {
  Path path;
  path.decoding = Duration(25);
  path.play(Duration(20'000), nowAndThen(2, 30));
  RTC_ASSERT(path.value() >= 55);
  RTC_ASSERT(path.value() <= 65);
}

RTC_TEST(sound_that_came_too_late_to_get_through_is_waited_for_as_well) {
  Path path;
  path.repair(Duration(5'000), nowAndThen(4, 70), onTime, Kind::Audio, kPackets);
  RTC_ASSERT(path.value() >= 70);
}

RTC_TEST(one_late_picture_in_fifty_delays_no_other) {
  Path path;
  path.play(Duration(5'000), onTime);
  path.play(Duration(30'000), nowAndThen(50, 300));
  RTC_ASSERT(path.value() <= 2);
}

RTC_TEST(sound_is_waited_for_more_patiently) {
  Path path;
  path.play(Duration(5'000), onTime, Kind::Audio, kPackets);
  path.play(Duration(20'000), nowAndThen(50, 100), Kind::Audio, kPackets);
  RTC_ASSERT(path.value() >= 100);
}

RTC_TEST(sound_that_is_lost_holds_up_what_follows_and_is_not_waited_for_the_longer) {
  Path path;
  path.play(
      Duration(5'000), [](int) { return 90; }, Kind::Audio, kPackets);
  path.repair(Duration(60'000), onTime, nowAndThen(20, 80), Kind::Audio, kPackets);
  RTC_ASSERT(path.value() >= 30);
  RTC_ASSERT(path.value() <= 40);
}

RTC_TEST(all_streams_of_a_peer_wait_for_the_latest_so_that_sound_and_picture_stay_together) {
  Path path;
  for (int second = 0; second < 10; ++second) {
    path.play(Duration(500), [](int) { return 60; });
    path.play(Duration(500), onTime, Kind::Audio, kPackets);
  }
  RTC_ASSERT(path.value() >= 60);
}

RTC_TEST(a_path_that_became_better_is_followed_slowly_and_in_small_steps) {
  Path path;
  path.play(Duration(10'000), [](int) { return 100; });
  RTC_ASSERT(path.value() >= 100);
  path.play(Duration(9'000), onTime);
  RTC_ASSERT(path.value() >= 100);
  auto last = path.value();
  for (int second = 0; second < 30; ++second) {
    path.play(Duration(1'000), onTime);
    RTC_ASSERT(last - path.value() <= 35);
    last = path.value();
  }
  RTC_ASSERT(path.value() <= 5);
}

RTC_TEST(no_path_is_waited_for_longer_than_a_conversation_bears) {
  Path path;
  path.play(Duration(20'000), [](int) { return 3'000; });
  RTC_ASSERT_EQ(path.value(), PlayoutDelay::kMost.count());
}

RTC_TEST(a_missing_packet_is_waited_for_as_long_as_two_requests_may_take) {
  RTC_ASSERT_EQ(core::repairTime(Duration(1)).count(), 104);
  RTC_ASSERT_EQ(core::repairTime(Duration(40)).count(), 260);
  RTC_ASSERT_EQ(core::repairTime(Duration(5'000)).count(), 1'000);
  RTC_ASSERT_EQ(core::repairTime(std::nullopt).count(), 300);
}

RTC_TEST(what_follows_a_packet_that_is_lost_for_good_still_comes_in_time) {
  RTC_ASSERT_EQ(core::overtakenTime(Duration(5)).count(), 50);
  RTC_ASSERT_EQ(core::overtakenTime(Duration(80)).count(), 95);
}
