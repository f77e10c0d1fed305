// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where names are proved by tokens: who gets in, as whom, with which permissions, and for how long.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

const WordOfMouth kWord;

std::string login(const std::string& name, const std::string& token, const std::string& more = "") {
  return R"({"type":"login","id":"r","name":")" + name + R"(","version":1)" +
         (token.empty() ? "" : R"(,"token":")" + token + "\"") + more + "}";
}

bool succeeded(const std::string& reply) {
  return reply.starts_with(R"({"type":"ok","id":"r","user":")");
}

}  // namespace

RTC_TEST(a_name_is_had_by_its_token_only) {
  HubStage stage({.authenticator = &kWord});
  RTC_REFUSES(stage, stage.connect(), login("alice", ""), "unauthorized");
  RTC_REFUSES(stage, stage.connect(), login("alice", "nonsense"), "unauthorized");
  RTC_REFUSES(stage, stage.connect(), login("alice", "of bob"), "unauthorized");
  RTC_ASSERT(succeeded(stage.ask(stage.connect(), login("alice", "of alice"))));
  // The token may say the name alone, and may come in the header of the handshake.
  RTC_ASSERT(succeeded(stage.ask(stage.connect(), login("", "of carol"))));
  RTC_ASSERT(succeeded(stage.ask(stage.connect({"", "of dora"}), login("dora", ""))));
  RTC_REFUSES(stage, stage.connect({"", "of dora"}), login("alice", ""), "unauthorized");
  RTC_ASSERT_EQ(stage.hub().counters().tokens_refused, 4U);
}

RTC_TEST(a_name_does_not_begin_like_a_group) {
  HubStage stage;
  RTC_REFUSES(stage, stage.connect(), login("@support", ""), "bad_request");
}

RTC_TEST(a_resume_secret_needs_the_token_too) {
  HubStage stage({.authenticator = &kWord});
  const auto alice = stage.device("alice");
  const auto bob = stage.device("bob");
  stage.say(alice, call("c", "bob"));
  stage.say(bob, about("accept", "c"));
  stage.close(bob);
  RTC_REFUSES(stage, stage.connect(), login("bob", "", R"(,"resume":"token-2")"), "unauthorized");
  RTC_REFUSES(stage, stage.connect(), login("bob", "of alice", R"(,"resume":"token-2")"), "unauthorized");
  RTC_ASSERT(stage.ask(stage.connect(), login("bob", "of bob", R"(,"resume":"token-2")")).find("resumed") !=
             std::string::npos);
}

RTC_TEST(what_people_call_a_user_is_told_to_the_called) {
  HubStage stage({.authenticator = &kWord});
  const auto alice = stage.connect();
  stage.ask(alice, login("alice", "of alice called Ally"));
  const auto bob = stage.device("bob");
  stage.say(alice, call("c", "bob"));
  RTC_HEARS(stage, bob, incoming("c", "alice", R"(,"display":"Ally")"));
  RTC_ASSERT(stage.ask(bob, R"({"type":"users","id":"r"})").find(R"("display":"Ally")") != std::string::npos);
}

RTC_TEST(a_token_without_the_permission_does_not_call) {
  HubStage stage({.authenticator = &kWord});
  const auto guest = stage.connect();
  stage.ask(guest, login("guest", "of guest may watch"));
  const auto bob = stage.device("bob");
  RTC_REFUSES(stage, guest, call("c", "bob"), "forbidden");
  RTC_HEARS_NOTHING(stage, bob);
  RTC_ASSERT_EQ(stage.ask(bob, call("d", "guest")), kOk);
}

RTC_TEST(a_book_client_proves_its_name_by_the_header) {
  HubStage stage({.authenticator = &kWord});
  const auto stranger = stage.connect();
  RTC_ASSERT_EQ(stage.ask(stranger, R"({"type":"login","name":"bert"})"), R"({"type":"login","success":false})");
  const auto bert = stage.connect({"", "of bert"});
  RTC_ASSERT_EQ(stage.ask(bert, R"({"type":"login","name":"bert"})"), R"({"type":"login","success":true})");
  stage.say(stranger, R"({"type":"offer","offer":1,"name":"bert"})");
  RTC_HEARS_NOTHING(stage, bert);
  RTC_REFUSES(stage, stage.connect(), login("bert", "of bert"), "name_taken");
}

RTC_TEST(a_token_that_expires_is_announced_and_renewed) {
  HubStage stage({.authenticator = &kWord});
  const auto alice = stage.connect();
  RTC_ASSERT(stage.ask(alice, login("alice", "of alice for 90")).ends_with(R"("expires_s":90})"));
  stage.pass(Duration{29'999});
  RTC_HEARS_NOTHING(stage, alice);
  stage.pass(Duration{1});
  RTC_HEARS(stage, alice, R"({"type":"token_expires","in_s":60})");
  RTC_REFUSES(stage, alice, R"({"type":"token","id":"r","token":"of bob for 90"})", "unauthorized");
  RTC_ASSERT_EQ(stage.ask(alice, R"({"type":"token","id":"r","token":"of alice for 600"})"),
                R"({"type":"ok","id":"r","expires_s":600})");
  stage.pass(Duration{500'000});
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(an_expired_login_ends_and_a_call_is_let_finish_before) {
  HubStage stage({.authenticator = &kWord});
  const auto alice = stage.connect();
  stage.ask(alice, login("alice", "of alice for 90"));
  const auto bob = stage.device("bob");
  stage.say(alice, call("c", "bob"));
  stage.say(bob, about("accept", "c"));
  for (const auto client : {alice, bob}) stage.say(client, R"({"type":"connected","call":"c"})");
  stage.pass(Duration{30'000});
  stage.pass(Duration{60'000});
  stage.forgetHeard();
  RTC_REFUSES(stage, alice, call("d", "bob"), "unauthorized");
  RTC_REFUSES(stage, alice, R"({"type":"users","id":"r"})", "unauthorized");
  RTC_REFUSES(stage, bob, call("e", "alice"), "unavailable");
  stage.say(bob, R"({"type":"leave","call":"c"})");
  RTC_HEARS(stage, alice, ended("c", "hangup", "bob"));
  stage.pass(Duration{5'000});
  RTC_HEARS(stage, alice, "(close 4003)");
  stage.close(alice);
  RTC_ASSERT_EQ(stage.hub().counters().tokens_expired, 1U);
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(a_storm_of_wrong_tokens_is_slowed_down_and_its_connections_closed) {
  HubStage stage({.authenticator = &kWord});
  const rtc::signaling::Origin mallory{"192.0.2.7", ""};
  const auto client = stage.connect(mallory);
  for (int i = 0; i < 3; ++i) RTC_REFUSES(stage, client, login("alice", "guess"), "unauthorized");
  RTC_HEARS(stage, client, "(close 4005)");
  const auto second = stage.connect(mallory);
  for (int i = 0; i < 2; ++i) RTC_REFUSES(stage, second, login("alice", "guess"), "unauthorized");
  RTC_ASSERT_EQ(
      stage.ask(second, login("alice", "of alice")),
      R"({"type":"error","id":"r","code":"rate_limited","message":"too many wrong tokens came from your address","retry_ms":1000})");
  RTC_ASSERT(succeeded(stage.ask(stage.connect({"192.0.2.8", ""}), login("alice", "of alice"))));
  stage.pass(Duration{1'000});
  RTC_ASSERT(succeeded(stage.ask(second, login("alice", "of alice"))));
}
