// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much one lane keeps under way, on paths of several kinds.
#include "plugins/core/file/lane_window.hpp"

#include <algorithm>
#include <deque>

#include "tests/support/check.hpp"

using namespace rtc;
namespace file = rtc::core::file;

namespace {

/// A window on a path that carries `bytes_a_second`, and takes 20 ms. Gives the longest that anything waited in the
/// end.
Duration queueOf(file::LaneWindow& window, double bytes_a_second, Duration span) {
  Instant now{};
  struct Wire {
    std::uint64_t total;
    double at;
  };
  std::deque<Wire> wire;
  std::uint64_t sent = 0;
  double free_at = 0;
  Duration longest{0};
  for (; now.time_since_epoch() < span; now += Duration(1)) {
    const auto at = static_cast<double>(now.time_since_epoch().count());
    for (; window.room(); sent += window.step()) {
      window.sent(window.step(), now);
      free_at = std::max(free_at, at) + static_cast<double>(window.step()) * 1'000 / bytes_a_second;
      wire.push_back({sent + window.step(), free_at + 20});
      if (now.time_since_epoch() > span / 2) longest = std::max(longest, Duration(static_cast<int>(free_at - at)));
    }
    for (; !wire.empty() && wire.front().at <= at; wire.pop_front()) {
      RTC_ASSERT(window.arrived(wire.front().total, now));
    }
  }
  return longest;
}

}  // namespace

RTC_TEST(a_path_that_becomes_longer_is_used_again) {
  file::LaneWindow window;
  Instant now{};
  std::uint64_t arrived = 0;
  const auto rounds = [&](int count, Duration round_trip) {
    for (int i = 0; i < count; ++i) {
      const auto before = arrived;
      for (; window.room(); arrived += file::kDataSize) window.sent(file::kDataSize, now);
      now += round_trip;
      RTC_ASSERT(arrived > before && window.arrived(arrived, now));
    }
  };
  rounds(20, Duration(5));
  RTC_ASSERT(window.size() > 500'000);
  rounds(40, Duration(800));
  RTC_ASSERT(window.size() > 500'000);
}

RTC_TEST(beside_a_call_a_lane_uses_the_path_and_leaves_its_queue_short) {
  file::LaneWindow window;
  window.yield(true);
  RTC_ASSERT(window.size() <= 16'384);
  const auto longest = queueOf(window, 500e3, Duration(10'000)).count();
  ck_assert_msg(longest <= 60, "%lld ms waited", static_cast<long long>(longest));
  RTC_ASSERT(window.rate() > 400e3);
}
