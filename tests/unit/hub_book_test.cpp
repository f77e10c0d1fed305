// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The book's table, row by row, and each input that its server did not survive or answered wrongly.
#include "tests/unit/hub_stage.hpp"

using rtc::signaling::ClientId;
using rtc::testing::HubStage;

namespace {

constexpr auto kLeave = R"({"type":"leave"})";
constexpr auto kRefused = R"({"type":"login","success":false})";
constexpr auto kDone = R"({"type":"login","success":true})";

std::string relayed(const std::string& type, const std::string& to) {
  return R"({"type":")" + type + R"(",")" + type + R"(":"hello","name":")" + to + R"("})";
}

std::string leaveTo(const std::string& name) {
  return R"({"type":"leave","name":")" + name + R"("})";
}

/// The two talk; nobody has unheard messages.
void talk(HubStage& stage, ClientId caller, const std::string& caller_name, ClientId callee,
          const std::string& callee_name) {
  stage.say(caller, relayed("offer", callee_name));
  RTC_HEARS(stage, callee, R"({"type":"offer","offer":"hello","name":")" + caller_name + R"("})");
  stage.say(callee, relayed("answer", caller_name));
  RTC_HEARS(stage, caller, R"({"type":"answer","answer":"hello"})");
}

}  // namespace

RTC_TEST(connecting_says_nothing) {
  HubStage stage;
  RTC_HEARS_NOTHING(stage, stage.connect());
}

RTC_TEST(a_taken_name_is_refused_also_to_its_owner) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  RTC_ASSERT_EQ(stage.ask(stage.connect(), R"({"type":"login","name":"alice"})"), kRefused);
  RTC_ASSERT_EQ(stage.ask(alice, R"({"type":"login","name":"alice"})"), kRefused);
}

RTC_TEST(descriptions_and_candidates_are_relayed_and_not_replied_to) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  talk(stage, alice, "alice", bob, "bob");
  stage.say(alice, relayed("candidate", "bob"));
  RTC_HEARS(stage, bob, R"({"type":"candidate","candidate":"hello"})");
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(a_message_without_its_payload_is_relayed_without_it) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  stage.say(alice, R"({"type":"offer","name":"bob"})");
  RTC_HEARS(stage, bob, R"({"type":"offer","name":"alice"})");
}

RTC_TEST(messages_to_unknown_names_are_answered_with_silence) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  for (const char* type : {"offer", "answer", "candidate", "leave"}) {
    stage.say(alice, relayed(type, "nobody"));
    stage.say(alice, relayed(type, "constructor"));
    stage.say(alice, std::string(R"({"type":")") + type + "\"}");
  }
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(one_who_is_not_logged_in_is_relayed_without_a_name) {
  HubStage stage;
  const auto bob = stage.bookUser("bob");
  const auto stranger = stage.connect();
  stage.say(stranger, relayed("offer", "bob"));
  RTC_HEARS(stage, bob, R"({"type":"offer","offer":"hello"})");
  stage.say(stranger, relayed("candidate", "bob"));
  RTC_HEARS(stage, bob, R"({"type":"candidate","candidate":"hello"})");
  stage.close(stranger);
  RTC_HEARS_NOTHING(stage, bob);
}

RTC_TEST(commands_of_the_full_dialect_are_unrecognized) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  for (const char* type : {"users", "call", "ringing", "accept", "decline", "cancel", "connected", "dance"}) {
    RTC_ASSERT_EQ(stage.ask(alice, std::string(R"({"type":")") + type + R"(","id":"1","call":"c"})"),
                  std::string(R"({"type":"error","message":"Unrecognized command: )") + type + "\"}");
  }
}

RTC_TEST(a_leave_reaches_the_peer_once) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  talk(stage, alice, "alice", bob, "bob");
  stage.say(alice, leaveTo("bob"));
  RTC_HEARS(stage, bob, kLeave);
  stage.close(alice);
  RTC_HEARS_NOTHING(stage, bob);
}

RTC_TEST(a_leave_before_any_call_reaches_an_idle_user) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  stage.say(alice, leaveTo("bob"));
  RTC_HEARS(stage, bob, kLeave);
}

RTC_TEST(a_closed_connection_is_a_leave_to_the_peer_and_frees_the_name) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  talk(stage, alice, "alice", bob, "bob");
  stage.close(alice);
  RTC_HEARS(stage, bob, kLeave);
  stage.bookUser("alice");
}

RTC_TEST(a_callee_that_did_not_answer_yet_hears_that_the_caller_closed) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  stage.say(alice, relayed("offer", "bob"));
  stage.hear(bob);
  stage.close(alice);
  RTC_HEARS(stage, bob, kLeave);
}

RTC_TEST(a_second_login_moves_to_the_new_name) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  RTC_ASSERT_EQ(stage.ask(alice, R"({"type":"login","name":"carol"})"), kDone);
  const auto other = stage.bookUser("alice");
  stage.close(alice);
  stage.bookUser("carol");
  RTC_HEARS_NOTHING(stage, other);
}

RTC_TEST(a_login_without_a_proper_name_is_refused) {
  HubStage stage;
  const auto client = stage.connect();
  const std::string long_name(65, 'x');
  for (const std::string& name : {std::string(R"("")"), std::string("null"), std::string("5"), std::string(R"("a\nb")"),
                                  "\"" + long_name + "\""}) {
    RTC_ASSERT_EQ(stage.ask(client, R"({"type":"login","name":)" + name + "}"), kRefused);
  }
  RTC_ASSERT_EQ(stage.ask(client, R"({"type":"login"})"), kRefused);
}

RTC_TEST(names_of_javascripts_own_members_are_free) {
  HubStage stage;
  for (const char* name : {"constructor", "__proto__", "toString", "hasOwnProperty"}) stage.bookUser(name);
}

RTC_TEST(a_callee_that_never_answered_closes_first_and_then_the_caller) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  stage.say(alice, relayed("offer", "bob"));
  stage.close(bob);
  const auto new_bob = stage.bookUser("bob");
  stage.close(alice);
  RTC_HEARS_NOTHING(stage, new_bob);
}

RTC_TEST(no_leave_ends_a_call_with_somebody_else) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  const auto carol = stage.bookUser("carol");
  talk(stage, alice, "alice", bob, "bob");
  stage.say(alice, leaveTo("bob"));
  RTC_HEARS(stage, bob, kLeave);
  talk(stage, bob, "bob", carol, "carol");
  stage.say(alice, leaveTo("bob"));
  stage.say(stage.connect(), leaveTo("bob"));
  stage.close(alice);
  RTC_HEARS_NOTHING(stage, bob);
  stage.close(carol);
  RTC_HEARS(stage, bob, kLeave);
}

RTC_TEST(an_offer_during_a_call_is_delivered_and_the_answer_turns_to_its_sender) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  const auto bob = stage.bookUser("bob");
  const auto carol = stage.bookUser("carol");
  talk(stage, alice, "alice", bob, "bob");
  talk(stage, carol, "carol", bob, "bob");
  stage.close(alice);
  RTC_HEARS_NOTHING(stage, bob);
  stage.close(bob);
  RTC_HEARS(stage, carol, kLeave);
}

RTC_TEST(a_call_with_oneself_is_the_clients_own_affair) {
  HubStage stage;
  const auto alice = stage.bookUser("alice");
  stage.say(alice, relayed("offer", "alice"));
  RTC_HEARS(stage, alice, R"({"type":"offer","offer":"hello","name":"alice"})");
  stage.close(alice);
  stage.bookUser("alice");
}

RTC_TEST(an_unknown_client_is_ignored) {
  HubStage stage;
  stage.say(77, R"({"type":"login","name":"alice"})");
  stage.close(77);
  stage.bookUser("alice");
}
