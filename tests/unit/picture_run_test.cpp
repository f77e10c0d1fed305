// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/picture_run.hpp"

#include <vector>

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

using Payload = std::vector<std::uint8_t>;

/// RFC 7741 section 4.2, with a number of 15 bits.
Payload vp8(unsigned number, bool begins = true) {
  return {static_cast<std::uint8_t>(begins ? 0x90 : 0x80), 0x80, static_cast<std::uint8_t>(0x80 | number >> 8),
          static_cast<std::uint8_t>(number & 0xff), 0};
}

/// RFC 9628 section 4.2, with a number of 7 bits.
Payload vp9(unsigned number, bool begins = true) {
  return {static_cast<std::uint8_t>(begins ? 0x88 : 0x80), static_cast<std::uint8_t>(number), 0};
}

}  // namespace

RTC_TEST(a_picture_follows_the_one_that_has_ended_and_has_the_number_before) {
  PictureRun run(Codec::Vp8);
  ck_assert(!run.follows(vp8(7), false));
  ck_assert(!run.follows(vp8(7, false), true));
  ck_assert(run.follows(vp8(8), true));
  ck_assert(run.follows(vp8(9), true));
}

RTC_TEST(a_picture_does_not_follow_one_whose_end_is_missing_nor_one_that_is_two_before) {
  PictureRun run(Codec::Vp8);
  run.follows(vp8(7), false);
  ck_assert(!run.follows(vp8(8), true));
  ck_assert(!run.follows(vp8(10), true));
}

RTC_TEST(the_rest_of_a_picture_follows_nothing) {
  PictureRun run(Codec::Vp8);
  run.follows(vp8(7), true);
  ck_assert(!run.follows(vp8(8, false), true));
  // Its second partition begins no picture either.
  run.follows(vp8(8), true);
  ck_assert(!run.follows(Payload{0x91, 0x80, 0x80, 9, 0}, true));
}

RTC_TEST(numbers_begin_again_after_the_last) {
  PictureRun run(Codec::Vp8);
  run.follows(vp8(0x7fff), true);
  ck_assert(run.follows(vp8(0), true));
  PictureRun short_run(Codec::Vp9);
  short_run.follows(vp9(0x7f), true);
  ck_assert(short_run.follows(vp9(0), true));
}

RTC_TEST(vp9_is_read_likewise) {
  PictureRun run(Codec::Vp9);
  run.follows(vp9(3), false);
  ck_assert(!run.follows(vp9(3, false), true));
  ck_assert(run.follows(vp9(4), true));
  ck_assert(!run.follows(vp9(6), true));
}

RTC_TEST(packets_without_a_number_or_cut_short_follow_nothing) {
  for (const auto& packet : {Payload{}, Payload{0x90}, Payload{0x90, 0x80}, Payload{0x90, 0x80, 0x80}, Payload{0x10, 0},
                             Payload{0x90, 0x40, 1}}) {
    PictureRun run(Codec::Vp8);
    run.follows(vp8(0), true);
    ck_assert(!run.follows(packet, true));
    ck_assert(!run.follows(vp8(1), true));
  }
}
