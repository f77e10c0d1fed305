// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Book clients and full clients with each other. Bert and Bella read the book; Fay and Finn are full clients.
#include "tests/unit/hub_stage.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using rtc::testing::HubStage;

namespace {

constexpr auto kLeave = R"({"type":"leave"})";
constexpr auto kOk = R"({"type":"ok","id":"r"})";

/// Bert has called Fay, who has not answered. The service chose the id.
struct BookCalls {
  explicit BookCalls(HubStage& stage) : bert(stage.bookUser("bert")), fay(stage.fullUser("fay")) {
    stage.say(bert, R"({"type":"offer","offer":{"sdp":"x"},"name":"fay"})");
    RTC_HEARS(stage, fay, R"({"type":"call","call":"token-2","from":"bert","media":{"audio":true,"video":true}})");
  }
  ClientId bert;
  ClientId fay;
};

/// Fay has called Bert, and sent her offer.
struct FullCalls {
  explicit FullCalls(HubStage& stage) : bert(stage.bookUser("bert")), fay(stage.fullUser("fay")) {
    RTC_ASSERT_EQ(stage.ask(fay, R"({"type":"call","id":"r","call":"c","to":"bert"})"), kOk);
    RTC_HEARS(stage, fay, R"({"type":"accept","call":"c","from":"bert"})");
    stage.say(fay, R"({"type":"offer","call":"c","offer":{"sdp":"x"}})");
    RTC_HEARS(stage, bert, R"({"type":"offer","offer":{"sdp":"x"},"name":"fay"})");
  }
  ClientId bert;
  ClientId fay;
};

}  // namespace

// --- A book client calls a full one ----------------------------------------------------------------------------------

RTC_TEST(a_book_clients_offer_rings_and_waits_for_the_acceptance) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.bert, R"({"type":"candidate","candidate":1,"name":"fay"})");
  stage.say(two.bert, R"({"type":"candidate","candidate":2,"name":"fay"})");
  stage.say(two.fay, R"({"type":"ringing","call":"token-2"})");
  RTC_HEARS_NOTHING(stage, two.bert);
  RTC_HEARS_NOTHING(stage, two.fay);
  RTC_ASSERT_EQ(stage.ask(two.fay, R"({"type":"accept","id":"r","call":"token-2"})"), kOk);
  RTC_HEARS(stage, two.fay, R"({"type":"offer","call":"token-2","from":"bert","offer":{"sdp":"x"}})");
  RTC_HEARS(stage, two.fay, R"({"type":"candidate","call":"token-2","from":"bert","candidate":1})");
  RTC_HEARS(stage, two.fay, R"({"type":"candidate","call":"token-2","from":"bert","candidate":2})");
  stage.say(two.fay, R"({"type":"answer","call":"token-2","answer":{"sdp":"y"}})");
  RTC_HEARS(stage, two.bert, R"({"type":"answer","answer":{"sdp":"y"}})");
  stage.say(two.fay, R"({"type":"candidate","call":"token-2","candidate":{"candidate":"z"}})");
  RTC_HEARS(stage, two.bert, R"({"type":"candidate","candidate":{"candidate":"z"}})");
  stage.say(two.bert, R"({"type":"candidate","candidate":3,"name":"fay"})");
  RTC_HEARS(stage, two.fay, R"({"type":"candidate","call":"token-2","from":"bert","candidate":3})");
}

RTC_TEST(a_full_clients_connected_counts_for_both) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.fay, R"({"type":"accept","call":"token-2"})");
  RTC_ASSERT(stage.hub().nextDeadline().has_value());
  stage.say(two.fay, R"({"type":"connected","call":"token-2"})");
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(a_declined_call_is_a_leave_to_the_book_client) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.fay, R"({"type":"decline","call":"token-2"})");
  RTC_HEARS(stage, two.bert, kLeave);
}

RTC_TEST(a_call_of_a_book_client_that_nobody_answers_is_a_leave) {
  HubStage stage;
  const BookCalls two(stage);
  stage.pass(Duration{60'000});
  RTC_HEARS(stage, two.bert, kLeave);
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"token-2","reason":"timeout"})");
}

RTC_TEST(a_book_clients_leave_before_the_answer_cancels) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.bert, R"({"type":"leave","name":"fay"})");
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"token-2","reason":"cancelled","by":"bert"})");
  RTC_HEARS_NOTHING(stage, two.bert);
}

RTC_TEST(a_book_client_that_closes_during_a_call_is_lost_at_once) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.fay, R"({"type":"accept","call":"token-2"})");
  stage.hear(two.fay);
  stage.close(two.bert);
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"token-2","reason":"peer_lost","by":"bert"})");
}

RTC_TEST(a_second_offer_before_the_answer_replaces_the_first) {
  HubStage stage;
  const BookCalls two(stage);
  stage.say(two.bert, R"({"type":"offer","offer":"new","name":"fay"})");
  RTC_HEARS_NOTHING(stage, two.fay);
  stage.say(two.fay, R"({"type":"accept","call":"token-2"})");
  RTC_HEARS(stage, two.fay, R"({"type":"offer","call":"token-2","from":"bert","offer":"new"})");
}

RTC_TEST(held_candidates_are_bounded) {
  HubStage stage;
  const BookCalls two(stage);
  for (int i = 0; i < 1000; ++i) stage.say(two.bert, R"({"type":"candidate","candidate":1,"name":"fay"})");
  stage.say(two.fay, R"({"type":"accept","call":"token-2"})");
  int heard = 0;
  while (stage.hear(two.fay) != "(nothing)") ++heard;
  RTC_ASSERT_EQ(heard, 1 + 64);
}

RTC_TEST(so_are_they_in_bytes) {
  HubStage stage;
  const BookCalls two(stage);
  const std::string large = "\"" + std::string(30'000, 'x') + "\"";
  for (int i = 0; i < 5; ++i) {
    stage.say(two.bert, R"({"type":"candidate","candidate":)" + large + R"(,"name":"fay"})");
  }
  stage.say(two.fay, R"({"type":"accept","call":"token-2"})");
  int heard = 0;
  while (stage.hear(two.fay) != "(nothing)") ++heard;
  RTC_ASSERT_EQ(heard, 1 + 2);
}

RTC_TEST(one_without_a_name_cannot_call_a_full_client) {
  HubStage stage;
  const auto fay = stage.fullUser("fay");
  const auto stranger = stage.connect();
  for (const char* type : {"offer", "answer", "candidate", "leave"}) {
    stage.say(stranger, std::string(R"({"type":")") + type + R"(",")" + type + R"(":1,"name":"fay"})");
  }
  RTC_HEARS_NOTHING(stage, fay);
  RTC_HEARS_NOTHING(stage, stranger);
}

RTC_TEST(a_book_caller_has_no_word_for_a_new_connection) {
  HubStage stage;
  const BookCalls two(stage);
  RTC_ASSERT_EQ(stage.ask(two.fay, R"({"type":"accept","id":"r","call":"token-2"})"), kOk);
  stage.hear(two.bert);
  stage.hear(two.fay);
  RTC_ASSERT_EQ(stage.ask(two.fay, R"({"type":"reconnect","id":"r","call":"token-2","connection":2})"), kOk);
  RTC_HEARS_NOTHING(stage, two.bert);
}

RTC_TEST(a_book_client_without_a_call_has_no_say_with_a_full_one) {
  HubStage stage;
  const auto fay = stage.fullUser("fay");
  const auto bert = stage.bookUser("bert");
  for (const char* type : {"answer", "candidate", "leave"}) {
    stage.say(bert, std::string(R"({"type":")") + type + R"(",")" + type + R"(":1,"name":"fay"})");
  }
  stage.say(bert, R"({"type":"offer","name":"fay"})");
  RTC_HEARS_NOTHING(stage, fay);
}

// --- A full client calls a book one ----------------------------------------------------------------------------------

RTC_TEST(a_full_clients_call_is_the_books_offer) {
  HubStage stage;
  const FullCalls two(stage);
  stage.say(two.bert, R"({"type":"answer","answer":{"sdp":"y"},"name":"fay"})");
  RTC_HEARS(stage, two.fay, R"({"type":"answer","call":"c","from":"bert","answer":{"sdp":"y"}})");
  stage.say(two.fay, R"({"type":"candidate","call":"c","candidate":{"candidate":""}})");
  RTC_HEARS(stage, two.bert, R"({"type":"candidate","candidate":{"candidate":""}})");
  stage.say(two.fay, R"({"type":"candidate","call":"c","candidate":null})");
  RTC_HEARS_NOTHING(stage, two.bert);
  stage.say(two.fay, R"({"type":"leave","call":"c"})");
  RTC_HEARS(stage, two.bert, kLeave);
}

RTC_TEST(a_book_callees_leave_is_a_hangup) {
  HubStage stage;
  const FullCalls two(stage);
  stage.say(two.bert, R"({"type":"leave","name":"fay"})");
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"c","reason":"hangup","by":"bert"})");
}

RTC_TEST(a_book_callee_that_never_answers_ends_with_the_setup_time) {
  HubStage stage;
  const FullCalls two(stage);
  stage.pass(Duration{15'000});
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"c","reason":"ice_failed"})");
  RTC_HEARS(stage, two.bert, kLeave);
}

RTC_TEST(a_book_client_that_talks_is_busy) {
  HubStage stage;
  const FullCalls two(stage);
  const auto finn = stage.fullUser("finn");
  RTC_ASSERT_EQ(stage.ask(finn, R"({"type":"call","id":"r","call":"d","to":"bert"})"), kOk);
  RTC_HEARS(stage, finn, R"({"type":"ended","call":"d","reason":"busy","by":"bert"})");
  RTC_HEARS_NOTHING(stage, two.bert);
}

RTC_TEST(a_book_client_that_talks_with_another_one_is_busy_until_that_ends) {
  HubStage stage;
  const auto bert = stage.bookUser("bert");
  const auto bella = stage.bookUser("bella");
  const auto fay = stage.fullUser("fay");
  stage.say(bert, R"({"type":"offer","offer":1,"name":"bella"})");
  stage.say(fay, R"({"type":"call","call":"c","to":"bert"})");
  RTC_HEARS(stage, fay, R"({"type":"ended","call":"c","reason":"busy","by":"bert"})");
  stage.close(bella);
  stage.say(fay, R"({"type":"call","call":"d","to":"bert"})");
  RTC_HEARS(stage, fay, R"({"type":"accept","call":"d","from":"bert"})");
}

RTC_TEST(a_full_client_that_is_lost_during_a_call_comes_back) {
  HubStage stage;
  const FullCalls two(stage);
  stage.say(two.fay, R"({"type":"connected","call":"c"})");
  stage.close(two.fay);
  RTC_HEARS_NOTHING(stage, two.bert);
  stage.say(two.bert, R"({"type":"candidate","candidate":1,"name":"fay"})");
  const auto fay = stage.connect();
  stage.ask(fay, R"({"type":"login","id":"l","name":"fay","version":1,"resume":"token-1"})");
  RTC_HEARS(stage, fay, R"({"type":"candidate","call":"c","from":"bert","candidate":1})");
  stage.close(fay);
  stage.pass(Duration{30'000});
  RTC_HEARS(stage, two.bert, kLeave);
}

// --- Turning to somebody else ----------------------------------------------------------------------------------------

RTC_TEST(a_book_client_that_answers_somebody_else_has_left) {
  HubStage stage;
  const FullCalls two(stage);
  const auto bella = stage.bookUser("bella");
  stage.say(bella, R"({"type":"offer","offer":1,"name":"bert"})");
  RTC_HEARS(stage, two.bert, R"({"type":"offer","offer":1,"name":"bella"})");
  RTC_HEARS_NOTHING(stage, two.fay);
  stage.say(two.bert, R"({"type":"answer","answer":1,"name":"bella"})");
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"c","reason":"replaced","by":"bert"})");
  RTC_HEARS_NOTHING(stage, two.bert);
}

RTC_TEST(a_book_client_that_calls_another_full_one_has_left_the_first) {
  HubStage stage;
  const BookCalls two(stage);
  const auto finn = stage.fullUser("finn");
  stage.say(two.bert, R"({"type":"offer","offer":1,"name":"finn"})");
  RTC_HEARS(stage, two.fay, R"({"type":"ended","call":"token-2","reason":"replaced","by":"bert"})");
  RTC_ASSERT(stage.hear(finn).starts_with(R"({"type":"call",)"));
  RTC_HEARS_NOTHING(stage, two.bert);
}

RTC_TEST(a_stray_leave_does_not_end_a_mixed_call) {
  HubStage stage;
  const FullCalls two(stage);
  const auto bella = stage.bookUser("bella");
  stage.say(bella, R"({"type":"leave","name":"bert"})");
  stage.say(bella, R"({"type":"leave","name":"fay"})");
  stage.close(bella);
  RTC_HEARS_NOTHING(stage, two.bert);
  RTC_HEARS_NOTHING(stage, two.fay);
}

RTC_TEST(a_book_callees_own_offer_does_not_confuse_the_call) {
  HubStage stage;
  const FullCalls two(stage);
  stage.say(two.bert, R"({"type":"offer","offer":1,"name":"fay"})");
  RTC_HEARS_NOTHING(stage, two.fay);
  stage.say(two.bert, R"({"type":"answer","answer":1,"name":"fay"})");
  RTC_HEARS(stage, two.fay, R"({"type":"answer","call":"c","from":"bert","answer":1})");
}
