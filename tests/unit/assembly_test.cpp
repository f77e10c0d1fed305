// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A client's bytes to messages: the case groups of the usual WebSocket conformance suites (framing, pings, reserved
// bits, opcodes, fragmentation, UTF-8, closing, limits), each case whole and byte by byte.
#include "signaling/server/wire/assembly.hpp"

#include <string>
#include <vector>

#include "signaling/server/wire/assembly_pool.hpp"
#include "tests/support/check.hpp"
#include "tests/support/client_frame.hpp"

using namespace rtc::signaling;
using rtc::testing::ClientFrame;
using rtc::testing::closeFrame;
using rtc::testing::textFrame;

namespace {

constexpr std::size_t kMost = 65'536;

/// Writes down what it is told: `text:hello ping:x fail:1002`.
class Notes final : public MessageSink {
 public:
  bool onFrame() override {
    ++frames;
    return frames <= most_frames;
  }
  bool onText(std::string_view text) override { return note("text:" + std::string(text)); }
  bool onPing(std::string_view payload) override { return note("ping:" + std::string(payload)); }
  bool onPong() override { return note("pong"); }
  void onClose(std::uint16_t code) override { note("close:" + std::to_string(code)); }
  void onViolation(CloseCode code, std::string_view) override {
    note("fail:" + std::to_string(static_cast<int>(code)));
  }

  std::string all;
  int frames = 0;
  int most_frames = 1'000'000;

 private:
  bool note(const std::string& word) {
    all += (all.empty() ? "" : " ") + word;
    return true;
  }
};

std::string heard(const std::string& bytes, std::size_t step) {
  Assembly assembly(kMost);
  Notes notes;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    if (!assembly.feed(std::string_view(bytes).substr(at, step), notes)) break;
  }
  return notes.all;
}

/// However the bytes are cut, the same comes out.
void assertHears(const std::string& bytes, const std::string& expected) {
  for (const std::size_t step : {bytes.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{4096}}) {
    const auto all = heard(bytes, step);
    ck_assert_msg(all == expected, "in steps of %zu: %.200s, expected %.200s", step, all.c_str(), expected.c_str());
  }
}

std::string fragment(int opcode, const std::string& payload, bool final) {
  return ClientFrame{opcode, payload, final}.bytes();
}

std::string ping(const std::string& payload = "") {
  return ClientFrame{9, payload}.bytes();
}

}  // namespace

// --- Framing ---------------------------------------------------------------------------------------------------------

RTC_TEST(text_of_every_length_class_comes_whole) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 128U, 4'095U, 4'096U, 65'535U, 65'536U}) {
    const std::string text(size, 'x');
    assertHears(textFrame(text), "text:" + text);
  }
}

RTC_TEST(messages_that_come_together_are_told_apart) {
  assertHears(textFrame("a") + textFrame("") + textFrame("b"), "text:a text: text:b");
}

RTC_TEST(a_frame_without_a_mask_fails) {
  assertHears(ClientFrame{1, "hello", true, 0, false}.bytes(), "fail:1002");
  assertHears(ClientFrame{1, "", true, 0, false}.bytes(), "fail:1002");
}

RTC_TEST(a_length_that_is_not_the_shortest_form_fails) {
  assertHears(ClientFrame{1, "hello", true, 0, true, 2}.bytes(), "fail:1002");
  assertHears(ClientFrame{1, "hello", true, 0, true, 8}.bytes(), "fail:1002");
  assertHears(ClientFrame{1, std::string(300, 'x'), true, 0, true, 8}.bytes(), "fail:1002");
}

RTC_TEST(a_length_with_its_highest_bit_set_fails) {
  assertHears(ClientFrame{1, "x", true, 0, true, 8, 1ULL << 63}.bytes(), "fail:1002");
  assertHears(ClientFrame{1, "x", true, 0, true, 8, UINT64_MAX - 1}.bytes(), "fail:1002");
}

RTC_TEST(a_message_that_is_too_large_fails_before_it_is_there) {
  assertHears(ClientFrame{1, "x", true, 0, true, 8, kMost + 1}.bytes(), "fail:1009");
  assertHears(ClientFrame{1, "x", true, 0, true, 8, (1ULL << 63) - 1}.bytes(), "fail:1009");
  const std::string half(kMost / 2, 'x');
  assertHears(fragment(1, half, false) + fragment(0, half, true), "text:" + half + half);
  assertHears(fragment(1, half, false) + fragment(0, half, false) + fragment(0, "x", true), "fail:1009");
}

// --- Opcodes and reserved bits ---------------------------------------------------------------------------------------

RTC_TEST(reserved_bits_fail) {
  for (int bits = 1; bits < 8; ++bits) {
    for (const int opcode : {0, 1, 2, 8, 9, 10}) {
      assertHears(textFrame("a") + ClientFrame{opcode, "x", true, bits}.bytes(), "text:a fail:1002");
    }
  }
}

RTC_TEST(unknown_opcodes_fail) {
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    assertHears(ClientFrame{opcode, ""}.bytes(), "fail:1002");
    assertHears(ClientFrame{opcode, "x"}.bytes() + ping(), "fail:1002");
  }
}

RTC_TEST(binary_messages_are_unsupported) {
  assertHears(ClientFrame{2, "x"}.bytes(), "fail:1003");
  assertHears(fragment(2, "x", false), "fail:1003");
}

// --- Pings -----------------------------------------------------------------------------------------------------------

RTC_TEST(pings_and_pongs_come_with_any_payload_up_to_125) {
  for (const std::size_t size : {0U, 1U, 125U}) {
    const std::string payload(size, '\xfe');
    assertHears(ping(payload), "ping:" + payload);
    assertHears(ClientFrame{10, payload}.bytes(), "pong");
  }
}

RTC_TEST(control_frames_that_are_long_or_in_pieces_fail) {
  for (const int opcode : {8, 9, 10}) {
    assertHears(ClientFrame{opcode, std::string(126, 'x')}.bytes(), "fail:1002");
    assertHears(fragment(opcode, "x", false), "fail:1002");
  }
}

// --- Fragments -------------------------------------------------------------------------------------------------------

RTC_TEST(fragments_are_put_together_and_control_frames_come_between_them) {
  assertHears(fragment(1, "he", false) + ping("p") + fragment(0, "l", false) + ClientFrame{10, ""}.bytes() +
                  fragment(0, "lo", true) + textFrame("next"),
              "ping:p pong text:hello text:next");
}

RTC_TEST(empty_fragments_are_fragments_too) {
  assertHears(fragment(1, "", false) + fragment(0, "", false) + fragment(0, "", true), "text:");
  assertHears(fragment(1, "", false) + fragment(0, "x", false) + fragment(0, "", true), "text:x");
}

RTC_TEST(fragments_out_of_order_fail) {
  assertHears(fragment(0, "x", true), "fail:1002");
  assertHears(fragment(0, "x", false), "fail:1002");
  assertHears(fragment(1, "a", false) + fragment(1, "b", true), "fail:1002");
  assertHears(fragment(1, "a", false) + fragment(0, "b", true) + fragment(0, "c", true), "text:ab fail:1002");
}

RTC_TEST(each_frame_is_announced_so_that_tiny_ones_can_be_counted) {
  Assembly assembly(kMost);
  Notes notes;
  notes.most_frames = 3;
  std::string flood = fragment(1, "", false);
  for (int i = 0; i < 10; ++i) flood += fragment(0, "", false);
  RTC_ASSERT(!assembly.feed(flood, notes));
  RTC_ASSERT_EQ(notes.frames, 4);
}

// --- UTF-8 -----------------------------------------------------------------------------------------------------------

RTC_TEST(valid_text_passes) {
  for (const std::string text :
       {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    assertHears(textFrame(text), "text:" + text);
    // A character may be cut anywhere between two fragments.
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      assertHears(fragment(1, text.substr(0, cut), false) + fragment(0, text.substr(cut), true), "text:" + text);
    }
  }
  assertHears(textFrame(std::string("a\0b", 3)), "text:" + std::string("a\0b", 3));
}

RTC_TEST(invalid_text_fails) {
  for (const std::string text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xe1\x80", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "ok\xce\xba\xed\xa0\x80 ok"}) {
    assertHears(textFrame(text), "fail:1007");
    assertHears(fragment(1, text, false) + fragment(0, "", true), "fail:1007");
  }
}

RTC_TEST(invalid_text_fails_at_its_first_wrong_byte) {
  assertHears(fragment(1, "\xf4\x90", false), "fail:1007");
}

// --- Closing ---------------------------------------------------------------------------------------------------------

RTC_TEST(a_close_frame_is_the_last) {
  assertHears(ClientFrame{8, ""}.bytes() + textFrame("late"), "close:0");
  assertHears(closeFrame(1000) + ping(), "close:1000");
  assertHears(closeFrame(1001, "bye \xe2\x82\xac"), "close:1001");
  assertHears(closeFrame(1000, std::string(123, 'x')), "close:1000");
  assertHears(fragment(1, "half", false) + closeFrame(1000), "close:1000");
}

RTC_TEST(close_codes_are_those_of_the_standard) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
    assertHears(closeFrame(code), "close:" + std::to_string(code));
  }
  for (const int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    assertHears(closeFrame(code), "fail:1002");
  }
}

RTC_TEST(half_a_close_code_and_a_reason_that_is_no_text_fail) {
  assertHears(ClientFrame{8, "x"}.bytes(), "fail:1002");
  assertHears(closeFrame(1000, "\xce\xba\xed\xa0\x80"), "fail:1007");
  assertHears(closeFrame(1000, "\xc2"), "fail:1007");
}

// --- Lending ---------------------------------------------------------------------------------------------------------

RTC_TEST(an_assembly_is_at_rest_exactly_between_two_messages) {
  Assembly assembly(kMost);
  Notes notes;
  const std::string bytes = fragment(1, "abc", false) + ping("x") + fragment(0, std::string(300, 'y'), true);
  RTC_ASSERT(assembly.atRest());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    RTC_ASSERT(assembly.feed(bytes.substr(i, 1), notes));
    RTC_ASSERT_EQ(assembly.atRest(), i + 1 == bytes.size());
  }
}

RTC_TEST(a_pool_lends_one_assembly_again_and_again) {
  AssemblyPool pool(kMost);
  auto first = pool.take();
  Assembly* const address = first.get();
  Notes notes;
  RTC_ASSERT(first->feed(textFrame("one"), notes));
  pool.give(std::move(first));
  auto second = pool.take();
  RTC_ASSERT(second.get() == address);
  RTC_ASSERT(second->feed(textFrame("two"), notes));
  RTC_ASSERT_EQ(notes.all, "text:one text:two");
}
