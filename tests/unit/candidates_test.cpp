// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/candidates.hpp"

#include "tests/support/check.hpp"

using namespace rtc::core;

RTC_TEST(a_foundation_tells_the_kind_of_its_candidates) {
  Candidates known;
  known.add("candidate:1 1 UDP 2015363327 192.0.2.1 40000 typ host");
  known.add("a=candidate:7 1 TCP 1015021823 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 0 tcptype active");
  RTC_ASSERT(known.kindOf("1") == (CandidateKind{"host", "udp"}));
  RTC_ASSERT(known.kindOf("7") == (CandidateKind{"relay", "tcp"}));
  // Found by its packets, and told by nobody.
  RTC_ASSERT(known.kindOf("remote1") == (CandidateKind{"prflx", ""}));
}

RTC_TEST(what_is_no_candidate_is_left_out) {
  Candidates known;
  for (const char* line : {"", "candidate:", "candidate:1 1 UDP 1 192.0.2.1 40000 host", "a=mid:0",
                           "candidate:1 1 UDP 1 192.0.2.1 40000 type host"}) {
    known.add(line);
  }
  RTC_ASSERT_EQ(known.kindOf("1").type, "prflx");
}
