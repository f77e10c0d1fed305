// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Attacks on the service from real sockets. Each must end the attacker's connection for the reason that the metrics
// name, and leave everybody else alone.
#include <string>
#include <vector>

#include "tests/support/check.hpp"
#include "tests/support/client_frame.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using rtc::Duration;
using rtc::testing::ClientFrame;
using rtc::testing::closeFrame;
using rtc::testing::RawClient;
using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;
using rtc::testing::textFrame;
using rtc::testing::waitFor;

namespace {

/// A service with an admin port, and a user who must not notice any of the attacks.
class Target {
 public:
  explicit Target(std::vector<std::string> options = {})
      : service(withAdmin(std::move(options))), bystander_(service.uri()) {
    bystander_.ask(R"({"type":"login","name":"bystander"})");
  }
  ~Target() { RTC_ASSERT(bystander_.hearsNothing()); }

  int port() const { return service.port(); }
  /// The value of a line of the metrics; -1 if there is none.
  long metric(const std::string& name) {
    RawClient client(service.adminPort());
    client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto page = client.untilClosed().value_or("");
    const auto line = page.find("\nrtc_signald_" + name + " ");
    return line == std::string::npos ? -1 : std::atol(page.c_str() + line + name.size() + 14);
  }
  long closed(const std::string& reason) { return metric("closed_total{reason=\"" + reason + "\"}"); }
  bool closedOnce(const std::string& reason) {
    return waitFor([&] { return closed(reason) == 1; });
  }

  SignaldProcess service;

 private:
  static std::vector<std::string> withAdmin(std::vector<std::string> options) {
    options.insert(options.end(), {"--admin-port", "0"});
    return options;
  }

  SocketClient bystander_;
};

/// An attacker with an open WebSocket.
class Opened : public RawClient {
 public:
  explicit Opened(const Target& target, int receive_buffer = 0)
      : RawClient(target.port(), "127.0.0.1", receive_buffer) {
    RTC_ASSERT(upgrade().starts_with("HTTP/1.1 101 "));
  }
};

std::string status(const std::string& response) {
  return response.substr(std::string("HTTP/1.1 ").size(), 3);
}

std::string loginAs(const std::string& name) {
  return textFrame(R"({"type":"login","name":")" + name + R"("})");
}

}  // namespace

// --- Slowness --------------------------------------------------------------------------------------------------------

RTC_TEST(a_slow_request_is_cut_off_however_steadily_it_drips) {
  Target target({"--header-timeout", "1"});
  RawClient client(target.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n");
  // A byte at a time must not put the deadline off.
  waitFor([&] { return !client.send("X") || client.untilClosed(Duration{50}).has_value(); });
  RTC_ASSERT(target.closedOnce("head_timeout"));
}

RTC_TEST(a_connection_that_says_nothing_is_cut_off) {
  Target target({"--header-timeout", "1"});
  RawClient client(target.port());
  RTC_ASSERT_EQ(client.untilClosed().value_or("(open)"), "");
  RTC_ASSERT(target.closedOnce("head_timeout"));
}

RTC_TEST(a_connection_that_is_kept_alive_is_not_kept_for_ever) {
  Target target({"--header-timeout", "1"});
  RawClient client(target.port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    RTC_ASSERT_EQ(status(client.until("Not Found\n")), "404");
  }
  RTC_ASSERT_EQ(client.untilClosed().value_or("(open)"), "");
  RTC_ASSERT_EQ(target.closed("head_timeout"), 0);
}

RTC_TEST(whoever_does_not_log_in_is_sent_away) {
  Target target({"--login-timeout", "2"});
  Opened stranger(target);
  Opened user(target);
  user.send(loginAs("alice"));
  RTC_ASSERT_EQ(stranger.closeCode(), 4006);
  RTC_ASSERT(target.closedOnce("login_timeout"));
  user.send(ClientFrame{9, "still there"}.bytes());
  RTC_ASSERT_EQ(user.frame()->opcode, 1);
  RTC_ASSERT_EQ(user.frame()->payload, "still there");
}

RTC_TEST(a_message_that_never_ends_is_cut_off) {
  Target target({"--message-timeout", "0.5"});
  Opened client(target);
  client.send(ClientFrame{1, "half", false}.bytes());
  // Whatever comes between its fragments does not put the deadline off.
  int code = 0;
  waitFor([&] {
    client.send(ClientFrame{9, ""}.bytes());
    code = client.closeCode(Duration{100});
    return code != -1;
  });
  RTC_ASSERT_EQ(code, 1008);
  RTC_ASSERT(target.closedOnce("message_timeout"));
}

RTC_TEST(half_a_frame_is_a_message_that_never_ends) {
  Target target({"--message-timeout", "0.5"});
  Opened client(target);
  client.send(ClientFrame{1, "x", true, 0, true, 8, 60'000}.bytes());
  RTC_ASSERT_EQ(client.closeCode(), 1002);
  Opened other(target);
  other.send(textFrame(std::string(1'000, 'x')).substr(0, 3));
  RTC_ASSERT_EQ(other.closeCode(), 1008);
}

RTC_TEST(a_client_that_never_reads_is_given_up) {
  Target target(
      {"--queue-size", "65536", "--message-rate", "100000", "--message-burst", "100000", "--frame-rate", "0"});
  Opened deaf(target, 4'096);
  deaf.send(loginAs("deaf"));
  Opened talker(target);
  talker.send(loginAs("talker"));
  const auto offer = textFrame(R"({"type":"offer","offer":")" + std::string(60'000, 'x') + R"(","name":"deaf"})");
  // The kernel's buffers take the first megabytes.
  for (int i = 0; i < 400 && target.closed("queue_full") == 0; ++i) RTC_ASSERT(talker.send(offer));
  RTC_ASSERT(target.closedOnce("queue_full"));
  talker.send(ClientFrame{9, "still there"}.bytes());
  RTC_ASSERT_EQ(talker.frame()->opcode, 1);
  RTC_ASSERT(waitFor([&] { return talker.frame()->payload == "still there"; }));
}

RTC_TEST(a_client_that_stops_reading_is_given_up_after_a_while) {
  Target target({"--write-timeout", "0.5", "--message-rate", "100000", "--message-burst", "100000", "--frame-rate", "0",
                 "--queue-size", "16000000"});
  Opened deaf(target, 4'096);
  deaf.send(loginAs("deaf"));
  Opened talker(target);
  talker.send(loginAs("talker"));
  const auto offer = textFrame(R"({"type":"offer","offer":")" + std::string(60'000, 'x') + R"(","name":"deaf"})");
  // More than the kernel's buffers take, and less than the queue.
  for (int i = 0; i < 150; ++i) RTC_ASSERT(talker.send(offer));
  RTC_ASSERT(target.closedOnce("write_stall"));
}

RTC_TEST(a_slow_reader_hears_everything_up_to_the_bound_and_then_why) {
  Target target(
      {"--queue-size", "65536", "--message-rate", "100000", "--message-burst", "100000", "--frame-rate", "0"});
  Opened slow(target, 4'096);
  slow.send(loginAs("slow"));
  Opened talker(target);
  talker.send(loginAs("talker"));
  const auto offer = textFrame(R"({"type":"offer","offer":")" + std::string(60'000, 'x') + R"(","name":"slow"})");
  for (int i = 0; i < 400 && target.closed("queue_full") == 0 && target.metric("websockets") == 3; ++i) {
    RTC_ASSERT(talker.send(offer));
  }
  RTC_ASSERT_EQ(slow.closeCode(), 4002);
}

// --- Sizes and floods ------------------------------------------------------------------------------------------------

RTC_TEST(a_request_that_is_too_large_is_refused) {
  Target target({"--header-size", "2048"});
  RawClient client(target.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(4'096, 'x'));
  RTC_ASSERT_EQ(status(client.until("\n")), "431");
  RTC_ASSERT(target.closedOnce("bad_request"));
}

RTC_TEST(requests_that_two_programs_could_read_in_two_ways_are_refused) {
  Target target;
  for (const std::string request :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "\x16\x03\x01\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
    RawClient client(target.port());
    client.send(request);
    const auto code = status(client.untilClosed().value_or(""));
    ck_assert_msg(code == "400" || code == "505", "%s: %s", request.c_str(), code.c_str());
  }
  RawClient nul(target.port());
  nul.send(std::string("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 35));
  RTC_ASSERT_EQ(status(nul.untilClosed().value_or("")), "400");
}

RTC_TEST(a_body_is_never_read_as_the_next_request) {
  Target target;
  RawClient client(target.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto response = client.untilClosed().value_or("");
  RTC_ASSERT_EQ(status(response), "405");
  RTC_ASSERT(response.find("HTTP/1.1", 1) == std::string::npos);
}

RTC_TEST(pipelined_requests_are_answered_in_turn_and_without_recursion) {
  Target target;
  RawClient client(target.port());
  std::string requests;
  for (int i = 0; i < 5'000; ++i) requests += "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  RTC_ASSERT(client.send(requests + "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  const auto responses = client.untilClosed().value_or("");
  std::size_t count = 0;
  for (std::size_t at = 0; (at = responses.find("HTTP/1.1 404", at)) != std::string::npos; ++at) ++count;
  RTC_ASSERT_EQ(count, 5'001U);
}

RTC_TEST(a_64_bit_length_is_refused_at_once) {
  Target target;
  for (const std::uint64_t length : {std::uint64_t{65'537}, std::uint64_t{1} << 32, (std::uint64_t{1} << 63) - 1}) {
    Opened client(target);
    client.send(ClientFrame{1, "x", true, 0, true, 8, length}.bytes());
    RTC_ASSERT_EQ(client.closeCode(), 1009);
  }
  RTC_ASSERT(waitFor([&] { return target.closed("too_big") == 3; }));
  Opened client(target);
  client.send(ClientFrame{1, "x", true, 0, true, 8, std::uint64_t{1} << 63}.bytes());
  RTC_ASSERT_EQ(client.closeCode(), 1002);
}

RTC_TEST(a_message_is_measured_over_its_fragments) {
  Target target({"--message-rate", "100000", "--message-burst", "100000", "--frame-rate", "0"});
  Opened client(target);
  const std::string piece(1'000, 'x');
  client.send(ClientFrame{1, piece, false}.bytes());
  std::string pieces;
  for (int i = 0; i < 100; ++i) pieces += ClientFrame{0, piece, false}.bytes();
  client.send(pieces);
  RTC_ASSERT_EQ(client.closeCode(), 1009);
  RTC_ASSERT(target.closedOnce("too_big"));
}

RTC_TEST(a_flood_of_tiny_fragments_is_a_flood) {
  Target target;
  Opened client(target);
  client.send(ClientFrame{1, "", false}.bytes());
  std::string fragments;
  for (int i = 0; i < 100'000; ++i) fragments += ClientFrame{0, i % 2 == 0 ? "" : "x", false}.bytes();
  client.send(fragments);
  RTC_ASSERT_EQ(client.closeCode(), 4004);
  RTC_ASSERT(target.closedOnce("flood"));
}

RTC_TEST(a_flood_of_messages_or_of_pings_is_a_flood) {
  Target target({"--frame-burst", "50"});
  for (const auto& frame : {textFrame("{}"), ClientFrame{9, "x"}.bytes(), ClientFrame{10, ""}.bytes()}) {
    Opened client(target);
    std::string flood;
    for (int i = 0; i < 5'000; ++i) flood += frame;
    client.send(flood);
    RTC_ASSERT_EQ(client.closeCode(), 4004);
  }
  RTC_ASSERT(waitFor([&] { return target.closed("flood") == 3; }));
}

RTC_TEST(after_the_end_what_still_comes_is_not_read_for_ever) {
  Target target;
  Opened client(target);
  client.send(ClientFrame{2, "x"}.bytes());
  const std::string megabyte(1'048'576, 'x');
  RTC_ASSERT(waitFor([&] { return !client.send(megabyte, Duration{1'000}); }));
  RTC_ASSERT(target.closedOnce("binary"));
}

// --- Frames ----------------------------------------------------------------------------------------------------------

RTC_TEST(broken_frames_fail_the_connection_with_the_right_code) {
  Target target;
  const std::pair<std::string, int> attacks[] = {{ClientFrame{1, "x", true, 0, false}.bytes(), 1002},
                                                 {ClientFrame{1, "x", true, 4}.bytes(), 1002},
                                                 {ClientFrame{3, ""}.bytes(), 1002},
                                                 {ClientFrame{9, std::string(126, 'x')}.bytes(), 1002},
                                                 {ClientFrame{0, "x"}.bytes(), 1002},
                                                 {textFrame("\xc3\x28"), 1007},
                                                 {ClientFrame{2, "x"}.bytes(), 1003},
                                                 {closeFrame(999), 1002},
                                                 {ClientFrame{8, "x"}.bytes(), 1002},
                                                 {textFrame("\xed\xa0\x80"), 1007}};
  for (const auto& [bytes, code] : attacks) {
    Opened client(target);
    client.send(bytes + textFrame(R"({"type":"login","name":"late"})"));
    RTC_ASSERT_EQ(client.closeCode(), code);
    RTC_ASSERT(client.untilClosed().has_value());
  }
  RTC_ASSERT(waitFor([&] { return target.closed("bad_frame") == 7 && target.closed("bad_text") == 2; }));
  RTC_ASSERT_EQ(target.metric("users"), 1);
}

RTC_TEST(a_goodbye_is_said_back_with_its_code) {
  Target target;
  for (const int code : {1000, 1001, 3000, 4999}) {
    Opened client(target);
    client.send(closeFrame(code, "bye"));
    RTC_ASSERT_EQ(client.closeCode(), code);
  }
  Opened wordless(target);
  wordless.send(ClientFrame{8, ""}.bytes());
  const auto reply = wordless.frame();
  RTC_ASSERT(reply && reply->opcode == 8 && reply->payload.empty());
  RTC_ASSERT(wordless.untilClosed().has_value());
}

RTC_TEST(compression_is_never_agreed_to) {
  Target target;
  RawClient client(target.port());
  const auto head = client.upgrade("Sec-WebSocket-Extensions: permessage-deflate, constructor\r\n");
  RTC_ASSERT(head.starts_with("HTTP/1.1 101 "));
  RTC_ASSERT(head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  RTC_ASSERT(head.find("Extensions") == std::string::npos);
}

RTC_TEST(frames_right_behind_the_handshake_are_heard) {
  Target target;
  RawClient client(target.port());
  client.send(
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      loginAs("early"));
  client.until("\r\n\r\n");
  RTC_ASSERT_EQ(client.frame()->payload, R"({"type":"login","success":true})");
}

// --- Who may come in -------------------------------------------------------------------------------------------------

RTC_TEST(connections_are_capped_in_all) {
  Target target({"--max-connections", "3"});
  Opened one(target);
  Opened two(target);
  RawClient three(target.port());
  RTC_ASSERT_EQ(three.untilClosed().value_or("(open)"), "");
  RTC_ASSERT_EQ(target.metric("refused_total{limit=\"max_connections\"}"), 1);
  one.send(closeFrame(1000));
  RTC_ASSERT(one.untilClosed().has_value());
  RTC_ASSERT(waitFor([&] { return target.metric("connections") == 2; }));
  Opened four(target);
}

RTC_TEST(connections_of_one_address_are_capped) {
  Target target({"--max-connections-per-address", "2"});
  Opened one(target);
  RawClient two(target.port());
  RTC_ASSERT_EQ(two.untilClosed().value_or("(open)"), "");
  RTC_ASSERT_EQ(target.metric("refused_total{limit=\"max_connections_per_address\"}"), 1);
  RawClient other(target.port(), "127.0.0.2");
  RTC_ASSERT(other.upgrade().starts_with("HTTP/1.1 101 "));
}

RTC_TEST(an_address_that_connects_too_fast_waits) {
  Target target({"--accept-rate", "1", "--accept-burst", "5"});
  for (int i = 0; i < 20; ++i) RawClient client(target.port());
  RTC_ASSERT(waitFor([&] { return target.metric("refused_total{limit=\"accept_rate\"}") >= 15; }));
  RawClient other(target.port(), "127.0.0.2");
  RTC_ASSERT(other.upgrade().starts_with("HTTP/1.1 101 "));
}

RTC_TEST(a_proxy_speaks_for_its_clients_only_if_it_is_trusted) {
  Target trusting({"--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "1"});
  RawClient one(trusting.port());
  RTC_ASSERT(one.upgrade("X-Forwarded-For: 192.0.2.1\r\n").starts_with("HTTP/1.1 101 "));
  RawClient again(trusting.port());
  RTC_ASSERT_EQ(status(again.upgrade("X-Forwarded-For: 192.0.2.1\r\n")), "429");
  RawClient two(trusting.port());
  RTC_ASSERT(two.upgrade("X-Forwarded-For: 192.0.2.2\r\n").starts_with("HTTP/1.1 101 "));
  Target wary({"--max-connections-per-address", "2"});
  RawClient forger(wary.port());
  RTC_ASSERT(forger.upgrade("X-Forwarded-For: 192.0.2.1\r\n").starts_with("HTTP/1.1 101 "));
  RawClient next(wary.port());
  RTC_ASSERT_EQ(next.untilClosed().value_or("(open)"), "");
}

RTC_TEST(a_strange_page_may_not_connect) {
  Target target;
  for (const char* origin : {"https://evil.example", "null", "http://localhost.evil.example"}) {
    RawClient client(target.port());
    RTC_ASSERT_EQ(status(client.upgrade("Origin: " + std::string(origin) + "\r\n")), "403");
  }
  RawClient own(target.port());
  RTC_ASSERT(own.upgrade("Origin: http://localhost:8080\r\n").starts_with("HTTP/1.1 101 "));
  RTC_ASSERT_EQ(target.metric("refused_total{limit=\"origin\"}"), 3);
  Target open({"--allow-origin", "https://a.example", "--allow-origin", "null"});
  RawClient listed(open.port());
  RTC_ASSERT(listed.upgrade("Origin: null\r\n").starts_with("HTTP/1.1 101 "));
  RawClient unlisted(open.port());
  RTC_ASSERT_EQ(status(unlisted.upgrade("Origin: http://localhost\r\n")), "403");
}
