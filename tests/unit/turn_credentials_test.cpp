// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/turn_credentials.hpp"

#include "tests/support/check.hpp"

using namespace rtc;
using namespace rtc::signaling;

namespace {

std::vector<IceServer> serversFor(const std::string& user, Duration lifetime = Duration{3'600'000}) {
  const TurnCredentials source({{{"stun:s"}, "", ""}}, {{"turn:t:3478", "turns:t"}, "north", lifetime},
                               [] { return 1'433'895'918.5; });
  return source.serversFor(user);
}

}  // namespace

RTC_TEST(the_name_says_until_when_and_for_whom_and_the_password_proves_it) {
  const auto servers = serversFor("alice");
  RTC_ASSERT_EQ(servers.size(), 2U);
  RTC_ASSERT_EQ(servers[0].urls[0], "stun:s");
  RTC_ASSERT_EQ(servers[1].urls[1], "turns:t");
  RTC_ASSERT_EQ(servers[1].username, "1433899518:alice");
  // printf 1433899518:alice | openssl dgst -sha1 -hmac north -binary | base64
  RTC_ASSERT_EQ(servers[1].credential, "jEHuL9ht43de/wGgPxmLLLJDFk0=");
}

RTC_TEST(each_user_has_credentials_of_its_own) {
  RTC_ASSERT(serversFor("alice")[1].credential != serversFor("bob")[1].credential);
  RTC_ASSERT_EQ(serversFor("a:b c\nd/é")[1].username, "1433899518:a_b_c_d___");
}

RTC_TEST(the_lifetime_is_as_it_was_set) {
  RTC_ASSERT_EQ(serversFor("alice", Duration{60'000})[1].username, "1433895978:alice");
}
