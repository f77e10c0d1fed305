// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call_uri.hpp"

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

std::string parsed(std::string_view text) {
  const auto uri = parseCallUri(text);
  if (!uri) return uri.error().message;
  const auto& [server, user, token, peer, shown] = uri.value();
  RTC_ASSERT(token.empty() || shown.find(token) == std::string::npos);
  return server + " " + user + "/" + token + " calls " + peer;
}

}  // namespace

RTC_TEST(a_uri_names_the_service_the_users_and_the_proof) {
  RTC_ASSERT_EQ(parsed("rtc://viewer@192.0.2.1:9000/cam"), "ws://192.0.2.1:9000 viewer/ calls cam");
  RTC_ASSERT_EQ(parsed("rtcs://viewer:to.ke-n@rtc.example/cam"), "wss://rtc.example:8888 viewer/to.ke-n calls cam");
  RTC_ASSERT_EQ(parsed("rtc://[2001:db8::1]/cam"), "ws://[2001:db8::1]:8888 / calls cam");
  RTC_ASSERT_EQ(parsed("rtc://[2001:db8::1]:1/@support"), "ws://[2001:db8::1]:1 / calls @support");
}

RTC_TEST(names_are_percent_encoded_where_they_must_be) {
  RTC_ASSERT_EQ(parsed("rtc://a%40b%3Ac@host/K%C3%A4the%2F1"), "ws://host:8888 a@b:c/ calls K\xc3\xa4the/1");
  RTC_ASSERT_EQ(parsed("rtc://a@b@host/cam"), "ws://host:8888 a@b/ calls cam");
}

RTC_TEST(what_is_no_call_is_refused_with_its_reason) {
  for (const char* text : {"", "http://host/cam", "rtc:/host/cam", "RTC://host/cam"}) {
    RTC_ASSERT_EQ(parsed(text), "the URI does not start with rtc:// or rtcs://");
  }
  for (const char* text : {"rtc:///cam", "rtc://user@/cam", "rtc://host:/cam", "rtc://host:http/cam",
                           "rtc://host:123456/cam", "rtc://[::1/cam", "rtc://[::1]x/cam", "rtc://ho st/cam"}) {
    RTC_ASSERT_EQ(parsed(text), "the URI has no host, or a port that is none: rtc://HOST:PORT/PEER is wanted");
  }
  for (const char* text : {"rtc://host", "rtc://host/"}) {
    RTC_ASSERT_EQ(parsed(text), "the URI does not say whom to call: rtc://HOST:PORT/PEER is wanted");
  }
  for (const char* text : {"rtc://host/%", "rtc://host/%4", "rtc://host/%zz", "rtc://host/%00", "rtc://%-1@host/c"}) {
    RTC_ASSERT_EQ(parsed(text), "a % in the URI is not followed by two hexadecimal digits");
  }
}
