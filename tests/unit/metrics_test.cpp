// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/metrics.hpp"

#include <set>
#include <sstream>
#include <string>

#include "tests/support/check.hpp"

using namespace rtc::signaling;

RTC_TEST(each_limit_has_a_counter_of_its_own_name) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kClosings; ++i) words.insert(word(static_cast<Closing>(i)));
  RTC_ASSERT_EQ(words.size(), kClosings);
  RTC_ASSERT_EQ(word(Closing::BadFrame), "bad_frame");
  Metrics metrics;
  metrics.closedBy(Closing::Flood) = 7;
  RTC_ASSERT(prometheusText(metrics, {}, "1").find("rtc_signald_closed_total{reason=\"flood\"} 7\n") !=
             std::string::npos);
}

RTC_TEST(the_page_is_prometheus_text) {
  Metrics metrics;
  metrics.requests[101] = 2;
  HubCounters hub;
  hub.calls_ended[static_cast<std::size_t>(Reason::Busy)] = 3;
  const auto text = prometheusText(metrics, hub, "1.2.3");
  RTC_ASSERT(text.find("rtc_signald_calls_ended_total{reason=\"busy\"} 3\n") != std::string::npos);
  std::istringstream page(text);
  std::string announced;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("# TYPE ")) announced = line.substr(7, line.find(' ', 7) - 7);
    if (line.starts_with('#')) continue;
    ck_assert_msg(line.starts_with(announced + " ") || line.starts_with(announced + "{"), "%s", line.c_str());
    RTC_ASSERT(line.find_last_of("0123456789") == line.size() - 1);
  }
}
