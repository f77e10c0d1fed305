// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/ice_servers.hpp"

#include <string>

#include "plugins/session/turn_tunnel.hpp"
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

RTC_TEST(a_turn_server_over_tls_is_reached_through_a_port_of_this_host) {
  const auto found = servers({"turns:turn.example?transport=tcp"}, "ann@here", "p/w");
  RTC_ASSERT_EQ(listed(found.turn), "[turns://ann%40here:p%2Fw@turn.example?transport=tcp]");
  TurnTunnels tunnels("");
  std::vector<std::string> refused;
  const auto reached = tunnels.reach({found.turn.front(), "turn://a:b@one"}, refused);
  RTC_ASSERT_EQ(reached.size(), 3U);
  RTC_ASSERT(reached[0].starts_with("turn://ann%40here:p%2Fw@127.0.0.1:") && reached[0].ends_with("?transport=tcp"));
  RTC_ASSERT(reached[1].starts_with("turn://ann%40here:p%2Fw@[::1]:"));
  RTC_ASSERT_EQ(reached[2], "turn://a:b@one");
  RTC_ASSERT(refused.empty());
  // The same server has one tunnel, whoever asks for it.
  RTC_ASSERT_EQ(
      tunnels.reach({"turns://x:y@turn.example:5349"}, refused).front().substr(std::string("turn://x:y").size()),
      reached[0].substr(std::string("turn://ann%40here:p%2Fw").size()));
}

RTC_TEST(what_no_tunnel_can_do_is_refused_with_the_reason_and_without_the_password) {
  TurnTunnels tunnels("/nowhere/ca.pem");
  std::vector<std::string> refused;
  const auto reached =
      tunnels.reach({"turns://a:secret@one?transport=udp", "turns://a:secret@two", "turns:nonsense"}, refused);
  RTC_ASSERT(reached.empty());
  RTC_ASSERT_EQ(refused.size(), 3U);
  RTC_ASSERT(refused[0].starts_with("turns:one:5349 (TURN over DTLS"));
  RTC_ASSERT(refused[1].starts_with("turns:two:5349 (the certificates in tls-ca-file cannot be used"));
  for (const auto& each : refused) RTC_ASSERT(each.find("secret") == std::string::npos);
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
