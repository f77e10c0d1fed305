// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who gets how much of a path's room, and what an encoder for several aims at.
#include <algorithm>
#include <optional>
#include <vector>

#include "plugins/core/bitrate/expected_loss.hpp"
#include "plugins/core/bitrate/frame_budget.hpp"
#include "plugins/core/bitrate/path_meter.hpp"
#include "plugins/core/bitrate/picture_share.hpp"
#include "plugins/core/bitrate/shared_target.hpp"
#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::BitrateBounds;
using rtc::core::ExpectedLoss;
using rtc::core::FrameBudget;
using rtc::core::Microseconds;
using rtc::core::PacketFate;
using rtc::core::PathMeter;
using rtc::core::PictureShare;
using rtc::core::sharedTarget;
using rtc::core::Thinning;

namespace {

constexpr Instant at(int milliseconds) {
  return Instant(Duration(100'000 + milliseconds));
}

}  // namespace

RTC_TEST(an_encoder_aims_at_what_half_of_its_watchers_or_more_bear) {
  RTC_ASSERT_EQ(sharedTarget({}, 1'000), 1'000u);
  RTC_ASSERT_EQ(sharedTarget({std::nullopt}, 1'000), 1'000u);
  RTC_ASSERT_EQ(sharedTarget({300u}, 1'000), 300u);
  RTC_ASSERT_EQ(sharedTarget({5'000u}, 1'000), 1'000u);
  RTC_ASSERT_EQ(sharedTarget({300u, std::nullopt}, 1'000), 1'000u);
  RTC_ASSERT_EQ(sharedTarget({300u, std::nullopt, 200u}, 1'000), 300u);
  RTC_ASSERT_EQ(sharedTarget({0u, 0u, 200u}, 1'000), 200u);
  RTC_ASSERT_EQ(sharedTarget({0u, 0u}, 1'000), 0u);
}

RTC_TEST(pictures_share_equally_what_they_can_use) {
  PictureShare share;
  const std::vector<BitrateBounds> pictures{{50, 1'000}, {50, 200}};
  RTC_ASSERT(share.of(300, pictures) == (std::vector<unsigned>{150, 150}));
  RTC_ASSERT(share.of(900, pictures) == (std::vector<unsigned>{700, 200}));
  RTC_ASSERT(share.of(5'000, pictures) == (std::vector<unsigned>{1'000, 200}));
}

RTC_TEST(the_later_picture_rests_first_and_comes_back_with_something_to_spare) {
  PictureShare share;
  const std::vector<BitrateBounds> pictures{{100, 1'000}, {100, 1'000}};
  RTC_ASSERT(share.of(200, pictures) == (std::vector<unsigned>{100, 100}));
  RTC_ASSERT(share.of(199, pictures) == (std::vector<unsigned>{199, 0}));
  RTC_ASSERT(share.of(240, pictures) == (std::vector<unsigned>{240, 0}));
  RTC_ASSERT(share.of(250, pictures) == (std::vector<unsigned>{125, 125}));
  RTC_ASSERT(share.of(50, pictures) == (std::vector<unsigned>{0, 0}));
  RTC_ASSERT(share.of(-20, pictures) == (std::vector<unsigned>{0, 0}));
}

RTC_TEST(a_least_above_the_most_counts_as_the_most) {
  PictureShare share;
  RTC_ASSERT(share.of(500, {{900, 400}}) == (std::vector<unsigned>{400}));
}

RTC_TEST(a_budget_is_used_up_by_frames_and_filled_by_time) {
  FrameBudget budget(Duration(500));
  budget.spend(1'000'000, at(0));
  RTC_ASSERT(!budget.isUsedUp(at(0)));
  budget.allow(80'000u, at(0));
  RTC_ASSERT(!budget.isUsedUp(at(0)));
  budget.spend(6'000, at(0));  // 600 ms of it
  RTC_ASSERT(budget.isUsedUp(at(50)));
  RTC_ASSERT(!budget.isUsedUp(at(150)));
  RTC_ASSERT(!budget.isWhole(at(550)));
  RTC_ASSERT(budget.isWhole(at(600)));
  budget.allow(0u, at(600));
  RTC_ASSERT(budget.isUsedUp(at(10'000)));
}

RTC_TEST(who_is_thinned_wishes_for_few_key_frames) {
  Thinning thinning;
  RTC_ASSERT(thinning.mayWish(at(0)));
  RTC_ASSERT(thinning.mayWish(at(1)));
  thinning.allow(80'000u, at(10));
  RTC_ASSERT(thinning.pass(15'000, at(10)));
  RTC_ASSERT(!thinning.pass(1'000, at(20)));
  RTC_ASSERT(!thinning.mayWish(at(1'000)));
  RTC_ASSERT(thinning.mayWish(at(1'600)));
  RTC_ASSERT(!thinning.mayWish(at(6'000)));
  RTC_ASSERT(thinning.mayWish(at(6'700)));
  thinning.allow(std::nullopt, at(6'800));
  RTC_ASSERT(thinning.mayWish(at(6'801)));
}

RTC_TEST(expected_loss_rises_at_once_falls_slowly_and_has_its_bounds) {
  ExpectedLoss loss;
  RTC_ASSERT_EQ(loss.percent(), 5u);
  loss.note(0.3);
  RTC_ASSERT(loss.percent() > 15);
  loss.note(0);
  RTC_ASSERT(loss.percent() > 12);
  for (int second = 0; second < 60; ++second) loss.note(0);
  RTC_ASSERT_EQ(loss.percent(), 1u);
  for (int second = 0; second < 60; ++second) loss.note(0.9);
  RTC_ASSERT_EQ(loss.percent(), 25u);
}

RTC_TEST(a_path_is_measured_whatever_the_clocks_say) {
  PathMeter meter;
  std::vector<PacketFate> fates;
  for (int i = 0; i < 100; ++i) {
    const Microseconds sent(i * 10'000);
    // From the middle on each takes 2 ms longer than the one before; one in ten is lost.
    const Microseconds arrived(900'000'000 + sent.count() + 30'000 + std::max(0, i - 50) * 2'000);
    fates.push_back({static_cast<std::uint16_t>(65'500 + i), sent,
                     i % 10 == 5 ? std::nullopt : std::optional<Microseconds>(arrived), 1'000});
  }
  RTC_ASSERT(!meter.sample(at(0)));
  meter.note(fates);
  meter.note(fates);  // told twice
  const auto sample = meter.sample(at(0));
  RTC_ASSERT(sample.has_value());
  RTC_ASSERT_EQ(sample->sent, 800'000.0);
  RTC_ASSERT(sample->received > 500'000 && sample->received < 750'000);
  RTC_ASSERT(sample->loss > 0.09 && sample->loss < 0.11);
  RTC_ASSERT(sample->queue > 40 && sample->queue < 60);
  RTC_ASSERT(sample->trend > 180 && sample->trend < 220);
}

RTC_TEST(a_clock_that_is_set_is_no_queue) {
  PathMeter meter;
  std::uint16_t number = 0;
  const auto run = [&](int from, std::int64_t clock) {
    std::vector<PacketFate> fates;
    for (int i = 0; i < 100; ++i) {
      const Microseconds sent((from + i * 10) * 1'000);
      fates.push_back({number++, sent, sent + Microseconds(clock), 1'000});
    }
    meter.note(fates);
  };
  run(0, 1'000'000);
  run(1'000, 900'000'000);
  RTC_ASSERT_EQ(meter.sample(at(0))->queue, 0.0);
}
