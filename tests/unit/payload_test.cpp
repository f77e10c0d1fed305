// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/payload.hpp"

#include "tests/support/check.hpp"

using namespace rtc::signaling;

RTC_TEST(a_description_comes_back_as_it_went) {
  const auto json = toJson(Description{"offer", "v=0\r\no=- \"1\"\r\n"});
  RTC_ASSERT_EQ(json.text, R"({"type":"offer","sdp":"v=0\r\no=- \"1\"\r\n"})");
  const auto description = descriptionFrom(json);
  RTC_ASSERT(description.ok());
  RTC_ASSERT_EQ(description.value().type, "offer");
  RTC_ASSERT_EQ(description.value().sdp, "v=0\r\no=- \"1\"\r\n");
}

RTC_TEST(a_candidate_comes_back_as_it_went) {
  const auto json = toJson(IceCandidate{"candidate:1 1 UDP 1 10.0.0.1 9 typ host", "audio0", 1});
  RTC_ASSERT_EQ(json.text,
                R"({"candidate":"candidate:1 1 UDP 1 10.0.0.1 9 typ host","sdpMid":"audio0","sdpMLineIndex":1})");
  const auto candidate = candidateFrom(json);
  RTC_ASSERT(candidate.ok());
  RTC_ASSERT_EQ(candidate.value().candidate, "candidate:1 1 UDP 1 10.0.0.1 9 typ host");
  RTC_ASSERT_EQ(candidate.value().sdp_mid, "audio0");
  RTC_ASSERT_EQ(candidate.value().sdp_m_line_index, 1);
}

RTC_TEST(the_number_of_a_connection_is_said_where_there_is_one) {
  const auto description = toJson(Description{"offer", "v=0", 2});
  RTC_ASSERT_EQ(description.text, R"({"type":"offer","sdp":"v=0","connection":2})");
  RTC_ASSERT_EQ(*descriptionFrom(description).value().connection, 2);
  const auto candidate = toJson(IceCandidate{"candidate:1", "0", 0, 3});
  RTC_ASSERT_EQ(candidate.text, R"({"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0,"connection":3})");
  RTC_ASSERT_EQ(*candidateFrom(candidate).value().connection, 3);
  for (const char* none : {R"({"sdp":"v=0"})", R"({"sdp":"v=0","connection":0})", R"({"sdp":"v=0","connection":"2"})",
                           R"({"sdp":"v=0","connection":-7})", R"({"sdp":"v=0","connection":99999999999})"}) {
    RTC_ASSERT(!descriptionFrom({none}).value().connection);
  }
}

RTC_TEST(null_and_an_empty_candidate_both_end_the_candidates) {
  for (const char* text : {"null", "{}", R"({"candidate":""})", R"({"candidate":null})"}) {
    const auto candidate = candidateFrom({text});
    RTC_ASSERT(candidate.ok());
    RTC_ASSERT_EQ(candidate.value().candidate, "");
  }
}

RTC_TEST(foreign_payloads_are_errors_and_not_crashes) {
  for (const char* text : {"", "{", "\"hello\"", "1", "null", "{}", R"({"type":"offer"})", R"({"sdp":5})"}) {
    RTC_ASSERT(!descriptionFrom({text}));
  }
  for (const char* text : {"", "{", "\"hello\"", "1", "[]"}) RTC_ASSERT(!candidateFrom({text}));
}
