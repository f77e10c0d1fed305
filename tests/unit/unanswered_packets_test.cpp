// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/unanswered_packets.hpp"

#include "tests/support/check.hpp"

using namespace rtc;
using core::UnansweredPackets;
using Bytes = UnansweredPackets::Bytes;

namespace {

constexpr Instant kBegin{};

/// A record of DTLS with this number.
Bytes record(std::uint8_t number) {
  return {23, 254, 253, 0, 1, 0, 0, 0, 0, 0, number, 0, 1, 7};
}

Instant at(int milliseconds) {
  return kBegin + Duration(milliseconds);
}

}  // namespace

RTC_TEST(what_is_not_answered_is_sent_three_times_more_as_it_was) {
  UnansweredPackets packets;
  packets.sent(record(1), at(0));
  RTC_ASSERT(packets.due(at(59)).empty());
  for (const int time : {60, 180, 420}) {
    RTC_ASSERT(packets.next() == at(time));
    RTC_ASSERT(packets.due(at(time)) == std::vector<Bytes>{record(1)});
  }
  RTC_ASSERT(!packets.next());
}

RTC_TEST(what_is_answered_is_not_sent_again) {
  UnansweredPackets packets;
  packets.sent(record(1), at(0));
  packets.sent(record(2), at(1));
  packets.received(record(1));
  RTC_ASSERT(!packets.next());
  packets.sent(record(3), at(30));
  RTC_ASSERT(packets.due(at(90)) == std::vector<Bytes>{record(3)});
}

RTC_TEST(a_peer_that_repeats_itself_has_heard_nothing) {
  UnansweredPackets packets;
  packets.received(record(1));
  packets.sent(record(1), at(0));
  packets.received(record(1));
  RTC_ASSERT(packets.next() == at(60));
}

RTC_TEST(only_the_first_packets_are_sent_again) {
  UnansweredPackets packets;
  for (int i = 0; i < UnansweredPackets::kFirst; ++i) {
    packets.sent(record(static_cast<std::uint8_t>(i)), at(0));
    packets.received(record(static_cast<std::uint8_t>(i)));
  }
  packets.sent(record(200), at(0));
  RTC_ASSERT(!packets.next());
}

RTC_TEST(a_flood_of_the_peers_is_not_kept) {
  UnansweredPackets packets;
  for (int i = 0; i < 100'000; ++i)
    packets.received(Bytes{23, 254, 253, 0, 1, 0, 0, static_cast<std::uint8_t>(i >> 16),
                           static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i), 0});
  // What came when there was no more room is not remembered, and so is new each time.
  packets.sent(record(1), at(0));
  packets.received(Bytes{23, 254, 253, 0, 1, 0, 0, 1, 0, 0, 0});
  RTC_ASSERT(!packets.next());
}

RTC_TEST(only_what_carries_data_may_be_sent_again_as_it_was) {
  RTC_ASSERT(UnansweredPackets::carries(record(1)));
  for (const auto& other : {Bytes{0}, Bytes{20}, Bytes{22}, Bytes{24}, Bytes{128}, Bytes{}}) {
    RTC_ASSERT(!UnansweredPackets::carries(other));
  }
}
