// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many lanes a transfer wants, by what each number of them brings.
#include "plugins/core/file/lane_count.hpp"

#include <functional>
#include <vector>

#include "tests/support/check.hpp"

using namespace rtc;
namespace file = rtc::core::file;

namespace {

using Numbers = std::vector<std::size_t>;

/// The numbers that are wanted one after the other in ten seconds, where so many lanes carry so much in a second.
Numbers wanted(const std::function<double(std::size_t)>& rate_of, Duration round_trip) {
  file::LaneCount count(8);
  Numbers seen{count.wanted()};
  double bytes = 0;
  for (Instant now{}; now.time_since_epoch() < Duration(10'000); now += Duration(50)) {
    bytes += rate_of(count.wanted()) * 0.05;
    count.look(static_cast<std::uint64_t>(bytes), count.wanted(), false, round_trip, now);
    if (count.wanted() != seen.back()) seen.push_back(count.wanted());
  }
  return seen;
}

double withLanes(std::size_t lanes) {
  return 0.4e6 * static_cast<double>(lanes);
}

}  // namespace

RTC_TEST(lanes_are_doubled_while_they_help) {
  RTC_ASSERT(wanted(withLanes, Duration(1)) == (Numbers{1, 2, 4, 8}));
  RTC_ASSERT(wanted(withLanes, Duration(50)) == (Numbers{1, 2, 4, 8}));
  RTC_ASSERT(wanted([](std::size_t lanes) { return withLanes(std::min<std::size_t>(lanes, 2)); }, Duration(50)) ==
             (Numbers{1, 2, 4}));
}

RTC_TEST(lanes_that_cost_something_are_taken_back) {
  const auto slower = [](std::size_t lanes) { return 2e6 / static_cast<double>(lanes); };
  RTC_ASSERT(wanted(slower, Duration(1)) == (Numbers{1, 2, 1}));
  RTC_ASSERT(wanted(slower, Duration(50)) == (Numbers{1, 2, 1}));
  RTC_ASSERT(wanted([](std::size_t) { return 2e6; }, Duration(1)) == (Numbers{1, 2}));
}

RTC_TEST(a_short_way_that_carries_plenty_is_left_to_one) {
  const auto plenty = [](std::size_t lanes) { return 5e6 * static_cast<double>(lanes); };
  RTC_ASSERT(wanted(plenty, Duration(1)) == (Numbers{1}));
  RTC_ASSERT(wanted(plenty, Duration(20)) == (Numbers{1, 2, 4, 8}));
}

RTC_TEST(what_is_there_is_used_until_a_step_was_taken_back) {
  file::LaneCount count(4);
  RTC_ASSERT_EQ(count.used(), 4u);
  std::uint64_t bytes = 0;
  Instant now{};
  for (; count.wanted() == 1; now += Duration(50)) count.look(bytes += 100'000, 1, false, Duration(50), now);
  for (; count.wanted() == 2; now += Duration(50)) count.look(bytes += 1'000, 2, false, Duration(50), now);
  RTC_ASSERT_EQ(count.used(), 1u);
}

RTC_TEST(a_short_way_is_looked_at_until_its_rate_stands_still) {
  file::LaneCount count(8);
  double bytes = 0;
  double rate = 1e6;
  for (Instant now{}; now.time_since_epoch() < Duration(4'000); now += Duration(50)) {
    bytes += (rate *= 1.03) * 0.05;
    count.look(static_cast<std::uint64_t>(bytes), 1, false, Duration(1), now);
    RTC_ASSERT_EQ(count.wanted(), 1u);
  }
}
