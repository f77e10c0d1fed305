// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/nested_context.hpp"

#include <thread>

#include "base/task_thread.hpp"
#include "tests/support/check.hpp"
#include "tests/support/wait.hpp"

using namespace rtc;
using namespace rtc::testing;
using rtc::signaling::NestedContext;

RTC_TEST(the_threads_own_loop_serves_what_is_nested) {
  const NestedContext nested;
  bool fired = false;
  const Timer timer(nested.get(), Duration{20}, [&] { fired = true; });
  // No heart beats here: the outer loop must wake up by itself.
  const Timer guard(nullptr, Duration{5'000}, [] {});
  while (!fired && guard.pending()) g_main_context_iteration(nullptr, TRUE);
  RTC_ASSERT(fired);
}

RTC_TEST(a_call_from_another_thread_wakes_the_outer_loop) {
  const NestedContext nested;
  bool called = false;
  std::thread other([&] {
    g_main_context_invoke(
        nested.get(),
        [](gpointer flag) -> gboolean {
          *static_cast<bool*>(flag) = true;
          return G_SOURCE_REMOVE;
        },
        &called);
  });
  const Timer guard(nullptr, Duration{5'000}, [] {});
  while (!called && guard.pending()) g_main_context_iteration(nullptr, TRUE);
  other.join();
  RTC_ASSERT(called);
}

RTC_TEST(serving_it_alone_runs_nothing_of_the_outer_loop) {
  const NestedContext nested;
  bool outer = false;
  bool inner = false;
  const Timer outer_timer(nullptr, Duration{0}, [&] { outer = true; });
  const Timer inner_timer(nested.get(), Duration{30}, [&] { inner = true; });
  nested.serveUntil([&] { return inner; }, Duration{5'000});
  RTC_ASSERT(inner);
  RTC_ASSERT(!outer);
}

RTC_TEST(serving_it_alone_ends_at_the_limit) {
  const NestedContext nested;
  const Instant start = SteadyClock().now();
  nested.serveUntil([] { return false; }, Duration{50});
  const auto took = (SteadyClock().now() - start).count();
  RTC_ASSERT(took >= 50 && took < 2'000);
}

RTC_TEST(an_idle_nested_context_does_not_keep_the_outer_loop_busy) {
  const NestedContext nested;
  int rounds = 0;
  const Timer guard(nullptr, Duration{200}, [] {});
  while (guard.pending()) {
    g_main_context_iteration(nullptr, TRUE);
    ++rounds;
  }
  ck_assert_msg(rounds < 20, "%d rounds", rounds);
}
