// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/av1_packets.hpp"

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

Bytes obu(unsigned type, std::size_t size, std::uint8_t fill) {
  Bytes made{static_cast<std::uint8_t>(type << 3 | 2)};
  auto rest = size;
  do {
    made.push_back(static_cast<std::uint8_t>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
    rest >>= 7;
  } while (rest != 0);
  made.insert(made.end(), size, fill);
  return made;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const Bytes kDelimiter = {0x12, 0x00};

/// A sequence header and a frame, as an encoder gives a key frame.
Bytes keyUnit(std::size_t frame_size) {
  return joined({kDelimiter, obu(1, 11, 0xaa), obu(6, frame_size, 0xbb)});
}

std::optional<Av1Assembly::Unit> through(Av1Assembly& assembly, const std::vector<Bytes>& packets) {
  std::optional<Av1Assembly::Unit> unit;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    auto made = assembly.take(packets[i], i + 1 == packets.size(), false);
    if (made) unit = std::move(made);
  }
  return unit;
}

}  // namespace

RTC_TEST(a_unit_of_any_size_comes_out_as_it_went_in) {
  for (const std::size_t size :
       {1U, 2U, 50U, 84U, 85U, 86U, 87U, 88U, 89U, 90U, 100U, 126U, 127U, 128U, 129U, 1000U, 20'000U}) {
    for (const std::size_t room : {100U, 131U, 1'188U}) {
      const auto unit = keyUnit(size);
      const auto packets = av1Packets(unit, true, room);
      for (const auto& packet : packets) RTC_ASSERT(packet.size() <= room);
      Av1Assembly assembly;
      const auto out = through(assembly, packets);
      ck_assert_msg(out.has_value(), "a frame of %zu bytes in packets of %zu is lost", size, room);
      RTC_ASSERT(out->data == unit);
      RTC_ASSERT(out->key);
    }
  }
}

RTC_TEST(a_small_unit_is_one_packet_that_says_so) {
  const auto packets = av1Packets(joined({kDelimiter, obu(6, 3, 7)}), false, 100);
  RTC_ASSERT(packets == (std::vector<Bytes>{{0x00, 0x04, 0x30, 7, 7, 7}}));
  const auto key = av1Packets(joined({kDelimiter, obu(6, 1, 7)}), true, 100);
  RTC_ASSERT(key == (std::vector<Bytes>{{0x08, 0x02, 0x30, 7}}));
}

RTC_TEST(delimiters_padding_and_tile_lists_stay_at_home) {
  const auto packets = av1Packets(joined({kDelimiter, obu(15, 9, 0), obu(8, 9, 0), obu(6, 1, 7)}), false, 100);
  RTC_ASSERT(packets == (std::vector<Bytes>{{0x00, 0x02, 0x30, 7}}));
}

RTC_TEST(what_is_broken_makes_no_packet) {
  RTC_ASSERT(av1Packets({}, true, 100).empty());
  RTC_ASSERT(av1Packets(Bytes{0x32}, false, 100).empty());
  RTC_ASSERT(av1Packets(Bytes{0x32, 0x05, 1}, false, 100).empty());
  RTC_ASSERT(av1Packets(Bytes{0x36}, false, 100).empty());
}

RTC_TEST(counted_elements_are_understood_as_browsers_send_them) {
  // Two elements: the first with its length, the last without.
  Av1Assembly assembly;
  const auto unit = assembly.take(Bytes{0x28, 0x02, 0x08, 0xaa, 0x30, 1, 2}, true, false);
  RTC_ASSERT(unit->data == joined({kDelimiter, {0x0a, 0x01, 0xaa}, {0x32, 0x02, 1, 2}}));
}

RTC_TEST(elements_may_have_their_size_already_and_delimiters_between_them) {
  // Three elements with their lengths: a delimiter, and two OBUs that have their sizes.
  Av1Assembly assembly;
  const auto unit =
      assembly.take(Bytes{0x08, 0x02, 0x12, 0x00, 0x03, 0x0a, 0x01, 0xaa, 0x04, 0x32, 0x02, 1, 2}, true, false);
  RTC_ASSERT(unit->data == joined({kDelimiter, {0x0a, 0x01, 0xaa}, {0x32, 0x02, 1, 2}}));
}

RTC_TEST(a_unit_of_elements_without_end_is_given_up) {
  Av1Assembly assembly;
  Bytes packet{0x00};
  for (int i = 0; i < 500; ++i) packet.insert(packet.end(), {1, 0x30});
  packet[0] = 0x08;
  for (int i = 0; i < 1'000; ++i) {
    assembly.take(packet, false, false);
    packet[0] = 0x00;
  }
  RTC_ASSERT(!assembly.take(packet, true, false));
}

RTC_TEST(nothing_passes_before_the_first_key_frame) {
  Av1Assembly assembly;
  RTC_ASSERT(assembly.waits());
  RTC_ASSERT(!assembly.take(Bytes{0x10, 0x30, 1}, true, false));
  RTC_ASSERT(assembly.take(Bytes{0x18, 0x30, 1}, true, false));
  RTC_ASSERT(!assembly.waits());
  RTC_ASSERT(!assembly.take(Bytes{0x10, 0x30, 1}, true, false)->key);
}

RTC_TEST(after_a_loss_nothing_passes_up_to_a_key_frame) {
  Av1Assembly assembly;
  through(assembly, av1Packets(keyUnit(10), true, 100));
  RTC_ASSERT(!assembly.take(Bytes{0x10, 0x30, 1}, true, true));
  RTC_ASSERT(assembly.waits());
  RTC_ASSERT(!assembly.take(Bytes{0x10, 0x30, 1}, true, false));
  RTC_ASSERT(through(assembly, av1Packets(keyUnit(10), true, 100)));
}

RTC_TEST(a_unit_with_a_hole_is_not_passed_on) {
  auto packets = av1Packets(keyUnit(500), true, 100);
  packets.erase(packets.begin() + 2);
  Av1Assembly assembly;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    RTC_ASSERT(!assembly.take(packets[i], i + 1 == packets.size(), i == 2));
  }
  RTC_ASSERT(assembly.waits());
  // Also where the sequence numbers tell nothing of it.
  packets = av1Packets(keyUnit(500), true, 100);
  packets.pop_back();
  RTC_ASSERT(!through(assembly, packets));
}

RTC_TEST(any_bytes_at_all_do_no_harm) {
  std::uint32_t state = 1;
  const auto next = [&state] { return static_cast<std::uint8_t>((state = state * 1'664'525 + 1'013'904'223) >> 24); };
  Av1Assembly assembly;
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(next() % 12);
    for (auto& byte : bytes) byte = next();
    static_cast<void>(assembly.take(bytes, next() % 3 == 0, next() % 9 == 0));
    static_cast<void>(av1Packets(bytes, round % 2 == 0, 16));
  }
}
