// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/ice_server_option.hpp"

#include "tests/support/check.hpp"

using namespace rtc::signaling;

RTC_TEST(a_stun_server_is_its_uri) {
  for (const char* text : {"stun:192.0.2.1:3478", "stuns:example.net", "stun:[2001:db8::1]:3478"}) {
    const auto server = parseIceServer(text);
    RTC_ASSERT(server.ok());
    RTC_ASSERT_EQ(server.value().urls.front(), text);
    RTC_ASSERT(server.value().username.empty() && server.value().credential.empty());
  }
  RTC_ASSERT_EQ(parseIceServer("stun://example.net").value().urls.front(), "stun:example.net");
}

RTC_TEST(a_turn_server_has_a_user_and_a_password) {
  const auto server = parseIceServer("turn:al%3Aice:p@ss:w%40rd@192.0.2.1:3478?transport=tcp");
  RTC_ASSERT(server.ok());
  RTC_ASSERT_EQ(server.value().urls.front(), "turn:192.0.2.1:3478?transport=tcp");
  RTC_ASSERT_EQ(server.value().username, "al:ice");
  RTC_ASSERT_EQ(server.value().credential, "p@ss:w@rd");
}

RTC_TEST(what_is_no_ice_server_is_refused_without_repeating_it) {
  for (const char* text : {"", "stun", "stun:", "stun::3478", "http://example.net", "turn:example.net",
                           "turn:user@example.net", "turn::p@example.net", "turn:u:secret@", "turn:u:sec%zz@host",
                           "stun:u:secret@host", "stun:a b", "stun:\"x\""}) {
    const auto server = parseIceServer(text);
    ck_assert_msg(!server.ok(), "taken for a server: %s", text);
    RTC_ASSERT(server.error().message.find("secret") == std::string::npos);
  }
}
