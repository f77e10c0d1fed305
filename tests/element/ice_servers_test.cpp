// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/ice_servers.hpp"

#include <string>

#include "tests/support/check.hpp"

using namespace rtc;

namespace {

std::string listed(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += '[' + text + ']';
  return out;
}

IceServers servers(std::vector<std::string> urls, std::string user = "ann", std::string password = "pw") {
  return iceServersFor({{std::move(urls), std::move(user), std::move(password)}});
}

}  // namespace

RTC_TEST(no_servers_are_none) {
  const auto none = iceServersFor({});
  RTC_ASSERT_EQ(none.stun, "");
  RTC_ASSERT(none.turn.empty());
  RTC_ASSERT(none.refused.empty());
}

RTC_TEST(urls_take_the_form_that_webrtcbin_reads) {
  const auto found = servers({"stun:stun.example:3478", "turn:turn.example:3478?transport=udp", "turn:[::1]:3478"});
  RTC_ASSERT_EQ(found.stun, "stun://stun.example:3478");
  RTC_ASSERT_EQ(listed(found.turn), "[turn://ann:pw@turn.example:3478?transport=udp][turn://ann:pw@[::1]:3478]");
  RTC_ASSERT(found.refused.empty());
}

RTC_TEST(the_first_stun_server_is_taken) {
  const auto found = iceServersFor({{{"stun:one"}, {}, {}}, {{"stun:two"}, {}, {}}});
  RTC_ASSERT_EQ(found.stun, "stun://one");
}

RTC_TEST(each_turn_server_has_its_own_credentials) {
  const auto found = iceServersFor({{{"turn:one"}, "a", "b"}, {{"turn:two"}, "c", "d"}});
  RTC_ASSERT_EQ(listed(found.turn), "[turn://a:b@one][turn://c:d@two]");
}

RTC_TEST(credentials_cannot_leave_their_place_in_the_uri) {
  const auto found = servers({"turn:turn.example"}, "1700000000:ann@here", "p/w?x=#%&+ =");
  RTC_ASSERT_EQ(listed(found.turn), "[turn://1700000000%3Aann%40here:p%2Fw%3Fx%3D%23%25%26%2B%20%3D@turn.example]");
}

RTC_TEST(a_turn_server_over_tls_is_refused_with_the_reason_and_without_the_password) {
  const auto found = servers({"turns:turn.example:5349"}, "ann", "secret");
  RTC_ASSERT(found.turn.empty());
  RTC_ASSERT_EQ(listed(found.refused), "[turns:turn.example:5349 (libnice speaks no TLS to a TURN server)]");
}

RTC_TEST(a_turn_server_without_a_username_is_refused) {
  const auto found = servers({"turn:turn.example"}, "", "");
  RTC_ASSERT(found.turn.empty());
  RTC_ASSERT_EQ(listed(found.refused), "[turn:turn.example (a TURN server needs a username, and none came with it)]");
}

RTC_TEST(what_is_neither_stun_nor_turn_is_refused) {
  const auto found = servers({"http://example", "nonsense", "", "stuns:example", "stun:"});
  RTC_ASSERT_EQ(found.stun, "");
  RTC_ASSERT(found.turn.empty());
  RTC_ASSERT_EQ(found.refused.size(), 5U);
}
