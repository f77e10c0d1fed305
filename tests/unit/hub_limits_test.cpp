// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one client may ask of the hub, and what it has no say in.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using namespace rtc::testing;

RTC_TEST(a_user_who_calls_without_end_is_told_when_to_go_on) {
  HubStage stage({.limits = {.calls = {0.5, 3}}});
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  for (const char* id : {"c1", "c2", "c3"}) {
    RTC_ASSERT_EQ(stage.ask(alice, call(id, "bob")), kOk);
    stage.say(alice, about("cancel", id));
  }
  stage.forgetHeard();
  RTC_ASSERT_EQ(stage.ask(alice, call("c4", "bob")),
                R"({"type":"error","id":"r","code":"rate_limited","message":"you call too often","retry_ms":2000})");
  // A new login does not help.
  stage.close(alice);
  const auto again = stage.fullUser("alice");
  RTC_REFUSES(stage, again, call("c4", "bob"), "rate_limited");
  RTC_HEARS_NOTHING(stage, bob);
  stage.pass(Duration{2'000});
  RTC_ASSERT_EQ(stage.ask(again, call("c5", "bob")), kOk);
  RTC_ASSERT_EQ(stage.hub().counters().calls_limited, 2U);
}

RTC_TEST(a_book_client_that_calls_without_end_is_left) {
  HubStage stage({.limits = {.calls = {0.5, 1}}});
  const auto bert = stage.bookUser("bert");
  const auto fay = stage.fullUser("fay");
  stage.say(bert, R"({"type":"offer","offer":1,"name":"fay"})");
  stage.say(bert, R"({"type":"leave","name":"fay"})");
  stage.forgetHeard();
  stage.say(bert, R"({"type":"offer","offer":1,"name":"fay"})");
  RTC_HEARS(stage, bert, R"({"type":"leave"})");
  RTC_HEARS_NOTHING(stage, fay);
}

RTC_TEST(calls_at_once_are_bounded) {
  HubStage stage({.limits = {.calls_at_once = 2}});
  const auto alice = stage.fullUser("alice");
  for (const char* user : {"bob", "carol", "dora"}) stage.fullUser(user);
  stage.say(alice, call("c1", "bob"));
  stage.say(alice, call("c2", "carol"));
  stage.forgetHeard();
  RTC_REFUSES(stage, alice, call("c3", "dora"), "rate_limited");
  stage.say(alice, about("cancel", "c1"));
  stage.forgetHeard();
  RTC_ASSERT_EQ(stage.ask(alice, call("c3", "dora")), kOk);
}

RTC_TEST(a_flood_of_messages_is_refused_and_in_the_end_closed) {
  HubStage stage({.limits = {.messages = {1, 5}}});
  const auto alice = stage.fullUser("alice");
  for (int i = 0; i < 4; ++i)
    RTC_ASSERT(stage.ask(alice, R"({"type":"users","id":"r"})").starts_with(R"({"type":"ok")"));
  for (int i = 0; i < 5; ++i) RTC_REFUSES(stage, alice, R"({"type":"users","id":"r"})", "rate_limited");
  RTC_ASSERT_EQ(stage.ask(alice, R"({"type":"users","id":"r"})"), "(close 4004)");
  RTC_ASSERT_EQ(stage.ask(alice, R"({"type":"users","id":"r"})"), "(nothing)");
  RTC_ASSERT_EQ(stage.hub().counters().floods_closed, 1U);
  RTC_ASSERT_EQ(stage.hub().counters().messages_limited, 7U);
}

RTC_TEST(a_number_that_cannot_be_said_back_is_a_bad_request) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  for (const char* number :
       {"18446744073709551616", "99999999999999999999999", "-9223372036854775809", "1e30", "1.5", "2147483648"}) {
    const auto reply = stage.ask(alice, R"({"type":"users","id":)" + std::string(number) + "}");
    ck_assert_msg(reply.starts_with(R"({"type":"error","code":"bad_request")"), "%s: %s", number, reply.c_str());
  }
  const auto reply = stage.ask(alice, R"({"type":"users","id":")" + std::string(65, 'x') + "\"}");
  RTC_ASSERT(reply.starts_with(R"({"type":"error","code":"bad_request")"));
  RTC_ASSERT(stage.ask(alice, R"({"type":"users","id":2147483647})").starts_with(R"({"type":"ok","id":"2147483647")"));
}

RTC_TEST(the_sender_is_who_it_is_whatever_it_says) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, R"({"type":"call","call":"c","to":"bob","from":"the boss","display":"the boss"})");
  RTC_HEARS(stage, bob, incoming("c", "alice"));
  RTC_REFUSES(stage, stage.fullUser("mallory"), about("accept", "c"), "no_such_call");
  RTC_ASSERT_EQ(stage.hub().counters().foreign_calls, 1U);
}
