// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service as a server of RFC 6455, over real sockets: the cases of the Autobahn test suite, by its sections, as far
// as they concern a server of text without extensions. What the service says of an unknown type repeats that type,
// which makes it an echo.
#include <string>
#include <vector>

#include "tests/support/check.hpp"
#include "tests/support/client_frame.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::ClientFrame;
using rtc::testing::closeFrame;
using rtc::testing::RawClient;
using rtc::testing::SignaldProcess;
using rtc::testing::textFrame;

namespace {

constexpr int kText = 1;
constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

/// One service for all cases of a test, each on a connection of its own.
const std::vector<std::string> kUnhurried{"--frame-rate",    "0",      "--message-rate", "100000",
                                          "--message-burst", "100000", "--accept-rate",  "0"};

class Endpoint : public RawClient {
 public:
  explicit Endpoint(const SignaldProcess& service) : RawClient(service.port()) {
    RTC_ASSERT(upgrade().starts_with("HTTP/1.1 101 "));
  }

  void hearsEcho(const std::string& text) {
    const auto heard = frame();
    ck_assert_msg(heard && heard->opcode == kText, "no echo of %zu bytes", text.size());
    RTC_ASSERT_EQ(heard->payload, R"({"type":"error","message":"Unrecognized command: )" + text + "\"}");
  }
  void hearsPong(const std::string& payload) {
    const auto heard = frame();
    ck_assert_msg(heard && heard->opcode == kPong, "no pong");
    RTC_ASSERT_EQ(heard->payload, payload);
  }
  /// The next frame is a close frame with this code, and the connection ends behind it.
  void fails(int code, const std::string& what) {
    const auto heard = frame();
    const int opcode = heard ? heard->opcode : -1;
    ck_assert_msg(opcode == kClose, "%s: heard a frame of kind %d and not a close frame", what.c_str(), opcode);
    ck_assert_msg(heard->closeCode() == code, "%s: closed with %d and not %d", what.c_str(), heard->closeCode(), code);
    ck_assert_msg(untilClosed() == "", "%s: not closed, or more was said", what.c_str());
  }
};

std::string typed(const std::string& type) {
  return R"({"type":")" + type + "\"}";
}

/// The text in fragments of so many bytes.
std::vector<std::string> fragments(const std::string& text, std::size_t size) {
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < text.size(); at += size) {
    frames.push_back(ClientFrame{at == 0 ? kText : 0, text.substr(at, size), at + size >= text.size()}.bytes());
  }
  return frames;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) all += part;
  return all;
}

}  // namespace

// --- 1: framing (RFC 6455 5.2) ---------------------------------------------------------------------------------------

RTC_TEST(case_1_text_of_every_length_class_comes_whole_however_it_is_cut) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  for (const std::size_t size :
       {0U, 1U, 114U, 115U, 116U, 117U, 65'525U - 20U}) {  // 125, 126, 127 and 128 bytes of payload among them
    const std::string text(size, 'x');
    client.send(textFrame(typed(text)));
    client.hearsEcho(text);
  }
  // The largest there may be, in pieces of a TCP stream that know nothing of frames.
  const std::string largest(65'536 - typed("").size(), 'x');
  const auto bytes = textFrame(typed(largest));
  for (std::size_t at = 0; at < bytes.size(); at += 997) client.send(bytes.substr(at, 997));
  client.hearsEcho(largest);
  const auto small = textFrame(typed("small"));
  for (const char byte : small) client.send(std::string(1, byte));
  client.hearsEcho("small");
}

RTC_TEST(case_1_an_empty_message_is_one) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(textFrame(""));
  client.hearsEcho("undefined");
}

RTC_TEST(case_1_binary_messages_are_of_no_use_here_whatever_their_length) {
  const SignaldProcess service(kUnhurried);
  for (const std::size_t size : {0U, 125U, 126U, 127U, 128U, 65'535U, 65'536U}) {
    Endpoint client(service);
    client.send(ClientFrame{2, std::string(size, '\xfe')}.bytes());
    client.fails(1003, "binary of " + std::to_string(size));
  }
}

// --- 2: pings and pongs (5.5.2, 5.5.3) -------------------------------------------------------------------------------

RTC_TEST(case_2_a_ping_is_answered_with_its_payload) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  for (const std::string& payload : {std::string(), std::string("Hello"),
                                     std::string("\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8), std::string(125, '\xfe')}) {
    client.send(ClientFrame{kPing, payload}.bytes());
    client.hearsPong(payload);
  }
  const auto drip = ClientFrame{kPing, std::string(125, '\xfe')}.bytes();
  for (const char byte : drip) client.send(std::string(1, byte));
  client.hearsPong(std::string(125, '\xfe'));
}

RTC_TEST(case_2_a_ping_of_126_bytes_fails) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(ClientFrame{kPing, std::string(126, 'x')}.bytes());
  client.fails(1002, "a long ping");
}

RTC_TEST(case_2_pongs_that_nobody_asked_for_are_passed_over) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(ClientFrame{kPong, ""}.bytes() + ClientFrame{kPong, "unasked"}.bytes() + ClientFrame{kPing, "p"}.bytes());
  client.hearsPong("p");
}

RTC_TEST(case_2_ten_pings_have_ten_pongs_in_their_order) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  std::string pings;
  for (int i = 0; i < 10; ++i) pings += ClientFrame{kPing, "payload-" + std::to_string(i)}.bytes();
  client.send(pings);
  for (int i = 0; i < 10; ++i) client.hearsPong("payload-" + std::to_string(i));
}

// --- 3 and 4: reserved bits and opcodes (5.2) ------------------------------------------------------------------------

RTC_TEST(case_3_a_reserved_bit_fails_on_any_frame_and_what_came_before_it_counts) {
  const SignaldProcess service(kUnhurried);
  for (int reserved = 1; reserved <= 7; ++reserved) {
    for (const int opcode : {kText, kPing, kClose}) {
      Endpoint client(service);
      client.send(textFrame(typed("before")) + ClientFrame{opcode, "", true, reserved}.bytes() +
                  ClientFrame{kPing, "after"}.bytes());
      client.hearsEcho("before");
      client.fails(1002, "reserved bits " + std::to_string(reserved) + " of opcode " + std::to_string(opcode));
    }
  }
}

RTC_TEST(case_4_an_unknown_opcode_fails) {
  const SignaldProcess service(kUnhurried);
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    for (const std::string payload : {"", "reserved"}) {
      Endpoint client(service);
      client.send(textFrame(typed("before")) + ClientFrame{opcode, payload}.bytes() + ClientFrame{kPing, ""}.bytes());
      client.hearsEcho("before");
      client.fails(1002, "opcode " + std::to_string(opcode));
    }
  }
}

RTC_TEST(case_5_1_masking_is_a_must) {
  const SignaldProcess service(kUnhurried);
  for (const int opcode : {kText, kPing, kPong, kClose}) {
    Endpoint client(service);
    client.send(ClientFrame{opcode, "", true, 0, false}.bytes());
    client.fails(1002, "an unmasked frame of opcode " + std::to_string(opcode));
  }
}

RTC_TEST(case_5_2_a_length_is_said_in_the_shortest_form) {
  const SignaldProcess service(kUnhurried);
  for (const int bytes : {2, 8}) {
    Endpoint client(service);
    client.send(ClientFrame{kText, "{}", true, 0, true, bytes}.bytes());
    client.fails(1002, "a length of " + std::to_string(bytes) + " bytes");
  }
}

// --- 5: fragmentation (5.4) ------------------------------------------------------------------------------------------

RTC_TEST(case_5_control_frames_are_not_cut) {
  const SignaldProcess service(kUnhurried);
  for (const int opcode : {kPing, kPong, kClose}) {
    Endpoint client(service);
    client.send(ClientFrame{opcode, "frag", false}.bytes() + ClientFrame{0, "ment"}.bytes());
    client.fails(1002, "a fragment of opcode " + std::to_string(opcode));
  }
}

RTC_TEST(case_5_fragments_come_together_whatever_comes_between_them) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  const auto text = typed("fragment1fragment2");
  for (const std::size_t size : {text.size() / 2 + 1, std::size_t{5}, std::size_t{1}}) {
    const auto frames = fragments(text, size);
    client.send(joined(frames));
    client.hearsEcho("fragment1fragment2");
    // A pong for each ping, at once, and the message after them.
    for (const auto& frame : frames) client.send(ClientFrame{kPing, "between"}.bytes() + frame);
    for (std::size_t i = 0; i < frames.size(); ++i) client.hearsPong("between");
    client.hearsEcho("fragment1fragment2");
  }
}

RTC_TEST(case_5_empty_fragments_count_as_fragments) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(ClientFrame{kText, "", false}.bytes() + ClientFrame{0, typed("middle"), false}.bytes() +
              ClientFrame{0, ""}.bytes());
  client.hearsEcho("middle");
  client.send(ClientFrame{kText, "", false}.bytes() + ClientFrame{0, "", false}.bytes() + ClientFrame{0, ""}.bytes());
  client.hearsEcho("undefined");
}

RTC_TEST(case_5_a_continuation_of_nothing_fails) {
  const SignaldProcess service(kUnhurried);
  for (const bool last : {true, false}) {
    Endpoint first(service);
    first.send(ClientFrame{0, "non-continuation", last}.bytes() + textFrame(typed("after")));
    first.fails(1002, "a continuation at the start");
    Endpoint second(service);
    second.send(joined(fragments(typed("whole"), 3)) + ClientFrame{0, "more", last}.bytes());
    second.hearsEcho("whole");
    second.fails(1002, "a continuation after the end");
  }
}

RTC_TEST(case_5_a_message_within_a_message_fails) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(ClientFrame{kText, "first", false}.bytes() + textFrame("second"));
  client.fails(1002, "a message within a message");
}

// --- 6: UTF-8 (8.1) --------------------------------------------------------------------------------------------------

RTC_TEST(case_6_valid_text_passes_whole_and_byte_by_byte) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  const std::string texts[] = {"Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!",
                               "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",  // Autobahn's own word
                               "\xc2\x80",
                               "\xdf\xbf",
                               "\xe0\xa0\x80",
                               "\xed\x9f\xbf",
                               "\xee\x80\x80",
                               "\xef\xbf\xbd",
                               "\xef\xbf\xbe",
                               "\xef\xbf\xbf",  // noncharacters are characters here
                               "\xf0\x90\x80\x80",
                               "\xf0\x9f\xbf\xbf",
                               "\xf4\x8f\xbf\xbe",
                               "\xf4\x8f\xbf\xbf"};
  for (const auto& text : texts) {
    client.send(textFrame(typed(text)));
    client.hearsEcho(text);
    client.send(joined(fragments(typed(text), 1)));
    client.hearsEcho(text);
  }
}

RTC_TEST(case_6_invalid_text_fails) {
  const SignaldProcess service(kUnhurried);
  const std::string texts[] = {"\x80",
                               "\xbf",
                               "\x80\xbf",
                               "\xfe",
                               "\xff",
                               "\xfe\xfe\xff\xff",  // impossible, or out of place
                               "\xc3",
                               "\xe0\xa0",
                               "\xe2\x82",
                               "\xf0\x90\x80",
                               "\xf0\x9f\x98",  // cut short
                               "\xc3\x28",
                               "\xe2\x28\xa1",
                               "\xe2\x82\x28",
                               "\xf0\x28\x8c\xbc",  // broken off
                               "\xc0\xaf",
                               "\xc1\xbf",
                               "\xe0\x80\xaf",
                               "\xe0\x9f\xbf",
                               "\xf0\x80\x80\xaf",
                               "\xf0\x8f\xbf\xbf",  // overlong
                               "\xf8\x88\x80\x80\x80",
                               "\xfc\x84\x80\x80\x80\x80",
                               "\xf4\x90\x80\x80",
                               "\xf5\x80\x80\x80",  // beyond U+10FFFF
                               "\xed\xa0\x80",
                               "\xed\xad\xbf",
                               "\xed\xae\x80",
                               "\xed\xbf\xbf",
                               "\xed\xa0\x80\xed\xb0\x80"};  // surrogates
  for (const auto& text : texts) {
    Endpoint whole(service);
    whole.send(textFrame(text));
    whole.fails(1007, "text " + text);
    Endpoint cut(service);
    cut.send(joined(fragments(text, 1)));
    cut.fails(1007, "text in pieces " + text);
  }
}

RTC_TEST(case_6_4_invalid_text_fails_before_its_message_ends) {
  const SignaldProcess service(kUnhurried);
  Endpoint in_fragments(service);
  in_fragments.send(ClientFrame{kText, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5", false}.bytes() +
                    ClientFrame{0, "\xf4\x90\x80\x80", false}.bytes());
  in_fragments.fails(1007, "in a fragment that is not the last");
  // Within a frame that is still on its way.
  Endpoint in_frame(service);
  const auto frame = textFrame("\xce\xba\xf4\x90" + std::string(1'000, 'x'));
  in_frame.send(frame.substr(0, 20));
  in_frame.fails(1007, "in half a frame");
}

// --- 7: the close handshake (5.5.1, 7.4) -----------------------------------------------------------------------------

RTC_TEST(case_7_a_close_is_said_back_and_nothing_after_it_is_heard) {
  const SignaldProcess service(kUnhurried);
  for (const std::string& after : {ClientFrame{kPing, "x"}.bytes(), closeFrame(1000), textFrame(typed("late"))}) {
    Endpoint client(service);
    client.send(textFrame(typed("before")) + closeFrame(1000) + after);
    client.hearsEcho("before");
    client.fails(1000, "something after the close");
  }
  Endpoint in_a_message(service);
  in_a_message.send(ClientFrame{kText, "half", false}.bytes() + closeFrame(1000));
  in_a_message.fails(1000, "a close within a message");
}

RTC_TEST(case_7_3_a_close_may_have_no_payload_or_a_reason_of_123_bytes_and_no_more) {
  const SignaldProcess service(kUnhurried);
  Endpoint wordless(service);
  wordless.send(ClientFrame{kClose, ""}.bytes());
  wordless.fails(0, "an empty close");
  Endpoint half(service);
  half.send(ClientFrame{kClose, "a"}.bytes());
  half.fails(1002, "half a close code");
  for (const std::string& reason : {std::string("Hello World!"), std::string(123, '*')}) {
    Endpoint client(service);
    client.send(closeFrame(1000, reason));
    client.fails(1000, "a reason of " + std::to_string(reason.size()));
  }
  Endpoint long_one(service);
  long_one.send(closeFrame(1000, std::string(124, '*')));
  long_one.fails(1002, "a reason of 124");
}

RTC_TEST(case_7_5_a_reason_is_text) {
  const SignaldProcess service(kUnhurried);
  Endpoint client(service);
  client.send(closeFrame(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"));
  client.fails(1007, "a reason with a surrogate");
}

RTC_TEST(case_7_7_codes_that_may_be_said_are_said_back) {
  const SignaldProcess service(kUnhurried);
  for (const int code :
       {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
    Endpoint client(service);
    client.send(closeFrame(code));
    client.fails(code, "a good code");
  }
}

RTC_TEST(case_7_9_codes_that_may_not_be_said_fail) {
  const SignaldProcess service(kUnhurried);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65'535}) {
    Endpoint client(service);
    client.send(closeFrame(code));
    client.fails(1002, "the code " + std::to_string(code));
  }
}

// --- 9: limits -------------------------------------------------------------------------------------------------------

RTC_TEST(case_9_the_largest_message_in_fragments_of_any_size_passes_and_one_byte_more_does_not) {
  const SignaldProcess service(kUnhurried);
  const std::string text(65'536 - typed("").size(), '*');
  Endpoint client(service);
  for (const std::size_t size : {64U, 1'024U, 4'096U, 65'536U}) {
    client.send(joined(fragments(typed(text), size)));
    client.hearsEcho(text);
  }
  client.send(joined(fragments(typed(text + "*"), 4'096)));
  client.fails(1009, "one byte more");
}

// --- 12 and 13: compression ------------------------------------------------------------------------------------------

RTC_TEST(case_12_whatever_compression_is_offered_none_is_agreed_to) {
  const SignaldProcess service(kUnhurried);
  for (const std::string offer :
       {"permessage-deflate", "permessage-deflate; client_no_context_takeover; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=8, permessage-deflate", "x-webkit-deflate-frame"}) {
    RawClient client(service.port());
    const auto head = client.upgrade("Sec-WebSocket-Extensions: " + offer + "\r\n");
    RTC_ASSERT(head.starts_with("HTTP/1.1 101 "));
    RTC_ASSERT(head.find("Sec-WebSocket-Extensions") == std::string::npos);
    client.send(ClientFrame{kText, "\xaa\x56\x2a\xa9", true, 4}.bytes());
    RTC_ASSERT_EQ(client.closeCode(), 1002);
  }
}
