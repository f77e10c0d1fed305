// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/protected_run.hpp"

#include <vector>

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

using Payload = std::vector<std::uint8_t>;
using Numbers = ProtectedRun::Numbers;

/// RFC 7741 section 4.2, with a number of 15 bits.
Payload vp8(unsigned number, bool begins = true) {
  return {static_cast<std::uint8_t>(begins ? 0x90 : 0x80), 0x80, static_cast<std::uint8_t>(0x80 | number >> 8),
          static_cast<std::uint8_t>(number & 0xff), 0};
}

/// RFC 9628 section 4.2, with a number of 7 bits.
Payload vp9(unsigned number, bool begins = true) {
  return {static_cast<std::uint8_t>(begins ? 0x88 : 0x80), static_cast<std::uint8_t>(number), 0};
}

/// What is found idle when of these two packets the second one is 2 behind the first.
Numbers between(Codec codec, const Payload& before, bool ends, const Payload& behind) {
  ProtectedRun run(codec);
  run.picture(10, before, ends);
  return run.picture(12, behind, true).idle;
}

}  // namespace

RTC_TEST(what_is_missing_may_be_computed_once_redundancy_has_come) {
  ProtectedRun run(Codec::Vp8);
  run.picture(10, vp8(7), false);
  RTC_ASSERT(run.picture(13, vp8(7, false), true).computable.empty());
  RTC_ASSERT(run.redundancy(14).computable == (Numbers{11, 12}));
  RTC_ASSERT(run.isMissing(11));
  RTC_ASSERT(!run.isMissing(13));
}

RTC_TEST(each_late_or_computed_packet_may_make_others_computable) {
  ProtectedRun run(Codec::Vp8);
  run.picture(10, vp8(7), false);
  run.redundancy(14);
  RTC_ASSERT(run.picture(12, vp8(7, false), false).computable == (Numbers{11, 13}));
  RTC_ASSERT(run.picture(11, vp8(7, false), false).computable == (Numbers{13}));
  RTC_ASSERT(run.picture(13, vp8(7, false), true).computable.empty());
}

RTC_TEST(a_packet_that_is_ahead_of_all_redundancy_makes_nothing_computable) {
  ProtectedRun run(Codec::Vp8);
  run.picture(10, vp8(7), false);
  run.redundancy(12);
  RTC_ASSERT(run.picture(14, vp8(8, false), true).computable.empty());
}

RTC_TEST(what_was_before_the_first_packet_is_not_missing) {
  ProtectedRun run(Codec::Vp8);
  RTC_ASSERT(run.redundancy(14).computable.empty());
  RTC_ASSERT(!run.isMissing(13));
  RTC_ASSERT(!run.isMissing(14));
  RTC_ASSERT(!run.isMissing(15));
}

RTC_TEST(no_more_is_looked_for_than_redundancy_may_speak_of) {
  ProtectedRun run(Codec::Vp8);
  run.picture(100, vp8(7), false);
  run.picture(102, vp8(7, false), false);
  run.picture(140, vp8(8, false), false);
  RTC_ASSERT_EQ(run.redundancy(149).computable.front(), 103);
  RTC_ASSERT(!run.isMissing(101));
}

RTC_TEST(numbers_of_packets_begin_again_after_the_last) {
  ProtectedRun run(Codec::Vp8);
  run.picture(65534, vp8(7), false);
  RTC_ASSERT(run.redundancy(2).computable == (Numbers{65535, 0, 1}));
  RTC_ASSERT(run.picture(0, vp8(7, false), true).computable == (Numbers{65535, 1}));
  RTC_ASSERT(run.picture(3, vp8(8), true).idle == (Numbers{1}));
}

RTC_TEST(a_stream_that_begins_anew_has_lost_nothing) {
  for (const auto number : {std::uint16_t{200}, std::uint16_t{65000}}) {
    ProtectedRun run(Codec::Vp8);
    run.picture(10, vp8(7), true);
    run.redundancy(12);
    RTC_ASSERT(run.picture(number, vp8(8), true).idle.empty());
    RTC_ASSERT(!run.isMissing(11));
    RTC_ASSERT(run.redundancy(static_cast<std::uint16_t>(number + 2)).computable.size() == 1);
  }
}

RTC_TEST(a_packet_that_is_too_old_tells_nothing) {
  ProtectedRun run(Codec::Vp8);
  run.picture(100, vp8(7), true);
  run.picture(140, vp8(8), true);
  run.picture(180, vp8(9), true);
  RTC_ASSERT(run.picture(101, vp8(8), true).idle.empty());
  RTC_ASSERT(run.redundancy(102).computable.empty());
}

RTC_TEST(between_pictures_that_follow_each_other_there_is_nothing_but_redundancy) {
  RTC_ASSERT(between(Codec::Vp8, vp8(7), true, vp8(8)) == (Numbers{11}));
  RTC_ASSERT(between(Codec::Vp9, vp9(3, false), true, vp9(4)) == (Numbers{11}));
  // A number in its place, after the last.
  RTC_ASSERT(between(Codec::Vp8, vp8(0x7fff), true, vp8(0)) == (Numbers{11}));
  RTC_ASSERT(between(Codec::Vp9, vp9(0x7f), true, vp9(0)) == (Numbers{11}));
}

RTC_TEST(what_may_be_a_part_of_a_picture_is_waited_for) {
  RTC_ASSERT(between(Codec::Vp8, vp8(7), false, vp8(8)).empty());
  RTC_ASSERT(between(Codec::Vp8, vp8(7), true, vp8(9)).empty());
  RTC_ASSERT(between(Codec::Vp8, vp8(7), true, vp8(8, false)).empty());
  RTC_ASSERT(between(Codec::Vp9, vp9(3), true, vp9(4, false)).empty());
  // Its second partition begins no picture either.
  RTC_ASSERT(between(Codec::Vp8, vp8(7), true, Payload{0x91, 0x80, 0x80, 8, 0}).empty());
}

RTC_TEST(packets_without_a_number_or_cut_short_follow_nothing) {
  for (const auto& packet : {Payload{}, Payload{0x90}, Payload{0x90, 0x80}, Payload{0x90, 0x80, 0x80}, Payload{0x10, 0},
                             Payload{0x90, 0x40, 1}}) {
    RTC_ASSERT(between(Codec::Vp8, vp8(0), true, packet).empty());
    RTC_ASSERT(between(Codec::Vp8, packet, true, vp8(1)).empty());
  }
}

RTC_TEST(what_is_idle_is_told_once_and_counts_as_come) {
  ProtectedRun run(Codec::Vp8);
  run.picture(10, vp8(7), true);
  run.redundancy(12);
  RTC_ASSERT(run.picture(15, vp8(8), true).idle == (Numbers{11, 13, 14}));
  RTC_ASSERT(!run.isMissing(13));
  RTC_ASSERT(run.redundancy(16).computable.empty());
  RTC_ASSERT(run.picture(15, vp8(8), true).idle.empty());
}

RTC_TEST(a_packet_that_was_overtaken_tells_both_ways) {
  ProtectedRun run(Codec::Vp8);
  run.picture(10, vp8(7), true);
  run.picture(14, vp8(9), true);
  RTC_ASSERT(run.picture(12, vp8(8), true).idle == (Numbers{11, 13}));
}
