// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Clients that count: what a lost connection had on its way is said again, once; and calls outlive the service.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

/// Says `login` with its members; the reply must be the one that a client who counts gets.
std::string logIn(HubStage& stage, ClientId client, const std::string& name, const std::string& more) {
  return stage.ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1,)" + more + "}");
}

ClientId counting(HubStage& stage, const std::string& name) {
  const auto client = stage.connect();
  const auto reply = logIn(stage, client, name, R"("ack":0)");
  ck_assert_msg(reply.ends_with(R"("ack":0})"), "%s", reply.c_str());
  return client;
}

/// Alice and Bob, who both count, in a connected call `c`. Each heard two messages (call and ticket, accept and
/// ticket); Alice said two, Bob two.
struct Counted {
  explicit Counted(HubStage& stage) : alice(counting(stage, "alice")), bob(counting(stage, "bob")) {
    stage.say(alice, R"({"type":"call","seq":1,"call":"c","to":"bob"})");
    RTC_HEARS(stage, bob, R"({"type":"call","call":"c","from":"alice","media":{"audio":true,"video":true},"seq":1})");
    stage.say(bob, R"({"type":"accept","seq":1,"ack":1,"call":"c"})");
    RTC_HEARS(stage, alice, R"({"type":"accept","call":"c","from":"bob","seq":1,"ack":1})");
    RTC_HEARS(stage, alice,
              R"({"type":"ticket","call":"c","with":"bob","role":"caller","secret":"token-3","seq":2,"ack":1})");
    RTC_HEARS(stage, bob,
              R"({"type":"ticket","call":"c","with":"alice","role":"callee","secret":"token-3","seq":2,"ack":1})");
    stage.say(alice, R"({"type":"connected","seq":2,"ack":2,"call":"c"})");
    stage.say(bob, R"({"type":"connected","seq":2,"ack":2,"call":"c"})");
  }
  ClientId alice;
  ClientId bob;
};

std::string claim(const std::string& with, const std::string& role,
                  const std::string& secret = "secret-of-22-characters") {
  return R"({"type":"reattach","id":"r","call":"c","with":")" + with + R"(","role":")" + role + R"(","secret":")" +
         secret + "\"}";
}

}  // namespace

RTC_TEST(a_lost_client_keeps_its_name_until_its_calls_are_over) {
  HubStage stage;
  const Counted two(stage);
  stage.close(two.alice);
  const auto reloaded = stage.connect();
  const auto refused = logIn(stage, reloaded, "alice", R"("ack":0)");
  ck_assert_msg(refused.find("name_taken") != std::string::npos, "%s", refused.c_str());
  stage.say(two.bob, R"({"type":"leave","seq":3,"ack":2,"call":"c","reason":"hangup"})");
  const auto reply = logIn(stage, reloaded, "alice", R"("ack":0)");
  ck_assert_msg(reply.ends_with(R"("ack":0})"), "%s", reply.c_str());
}

RTC_TEST(what_was_on_its_way_is_said_again_and_nothing_twice) {
  HubStage stage;
  const Counted two(stage);
  stage.say(two.alice, R"({"type":"candidate","seq":3,"call":"c","candidate":1})");
  RTC_HEARS(stage, two.bob, R"({"type":"candidate","call":"c","from":"alice","candidate":1,"seq":3,"ack":2})");
  stage.say(two.alice, R"({"type":"candidate","seq":4,"call":"c","candidate":2})");
  RTC_HEARS(stage, two.bob, R"({"type":"candidate","call":"c","from":"alice","candidate":2,"seq":4,"ack":2})");
  // Bob heard the first, and not the second; and the service never heard his third.
  stage.close(two.bob);
  stage.say(two.alice, R"({"type":"candidate","seq":5,"call":"c","candidate":3})");
  const auto bob = stage.connect();
  RTC_ASSERT_EQ(logIn(stage, bob, "bob", R"("resume":"token-2","ack":3)"),
                R"({"type":"ok","id":"l","user":"bob","resume":"token-4","ice_servers":[],"resumed":true,"ack":2})");
  RTC_HEARS(stage, bob, R"({"type":"candidate","call":"c","from":"alice","candidate":2,"seq":4,"ack":2})");
  RTC_HEARS(stage, bob, R"({"type":"candidate","call":"c","from":"alice","candidate":3,"seq":5,"ack":2})");
  stage.say(bob, R"({"type":"connected","seq":2,"call":"c"})");
  stage.say(bob, R"({"type":"leave","id":"x","seq":3,"call":"c"})");
  RTC_HEARS(stage, bob, R"({"type":"ok","id":"x","seq":6,"ack":3})");
  RTC_HEARS(stage, two.alice, R"({"type":"ended","call":"c","reason":"hangup","by":"bob","seq":3,"ack":5})");
  stage.say(bob, R"({"type":"leave","id":"x","seq":3,"call":"c"})");
  RTC_HEARS_NOTHING(stage, bob);
}

RTC_TEST(the_reply_to_a_request_comes_after_the_return) {
  HubStage stage;
  const Counted two(stage);
  stage.say(two.bob, R"({"type":"leave","id":"7","seq":3,"call":"c"})");
  stage.forgetHeard();
  stage.say(two.alice, R"({"type":"call","seq":3,"call":"d","to":"bob"})");
  stage.say(two.bob, R"({"type":"accept","seq":4,"call":"d"})");
  stage.close(two.bob);
  const auto bob = stage.connect();
  RTC_ASSERT(logIn(stage, bob, "bob", R"("resume":"token-2","ack":2)").find(R"("resumed":true,"ack":4)") !=
             std::string::npos);
  RTC_HEARS(stage, bob, R"({"type":"ok","id":"7","seq":3,"ack":4})");
  RTC_ASSERT(stage.hear(bob).starts_with(R"({"type":"call","call":"d")"));
}

RTC_TEST(a_gap_is_a_bad_request_and_is_not_carried_out) {
  HubStage stage;
  const Counted two(stage);
  const auto reply = stage.ask(two.bob, R"({"type":"leave","id":"r","seq":4,"call":"c"})");
  ck_assert_msg(reply.starts_with(error("bad_request")), "%s", reply.c_str());
  RTC_HEARS_NOTHING(stage, two.alice);
  RTC_ASSERT(stage.ask(two.bob, R"({"type":"leave","id":"r","seq":3,"call":"c"})").starts_with(R"({"type":"ok")"));
}

RTC_TEST(one_who_only_speaks_is_told_now_and_then_what_was_heard) {
  HubStage stage;
  const Counted two(stage);
  int words = 0;
  for (int seq = 3; seq < 3 + 32; ++seq) {
    stage.say(two.bob, R"({"type":"candidate","seq":)" + std::to_string(seq) + R"(,"call":"c","candidate":1})");
    const auto heard = stage.hear(two.bob);
    if (heard == "(nothing)") continue;
    ++words;
    RTC_ASSERT(heard.starts_with(R"({"type":"ack","ack":)"));
  }
  RTC_ASSERT_EQ(words, 2);
}

RTC_TEST(one_who_confirms_nothing_is_not_resumed_and_costs_no_more) {
  HubStage stage({.limits = {.messages = {1000, 1000}}});
  const Counted two(stage);
  for (int seq = 3; seq < 3 + 300; ++seq) {
    stage.say(two.alice, R"({"type":"candidate","seq":)" + std::to_string(seq) + R"(,"call":"c","candidate":1})");
  }
  RTC_ASSERT_EQ(stage.hub().counters().outboxes_overflown, 1U);
  stage.close(two.bob);
  RTC_ASSERT_EQ(stage.hub().counters().sessions, 1U);
  const auto late = logIn(stage, stage.connect(), "bob", R"("resume":"token-2","ack":2)");
  RTC_ASSERT(late.find("resumed") == std::string::npos);
}

RTC_TEST(kept_payloads_are_bounded_by_their_size) {
  HubStage stage;
  const Counted two(stage);
  const std::string large(60'000, 'x');
  for (int seq = 3; seq < 8; ++seq) {
    stage.say(two.alice,
              R"({"type":"offer","seq":)" + std::to_string(seq) + R"(,"call":"c","offer":")" + large + "\"}");
  }
  RTC_ASSERT_EQ(stage.hub().counters().outboxes_overflown, 1U);
}

// --- After a restart -------------------------------------------------------------------------------------------------

RTC_TEST(a_call_goes_on_when_both_parties_claim_it) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  RTC_ASSERT_EQ(stage.ask(bob, claim("alice", "callee")), kOk);
  RTC_REFUSES(stage, bob, R"({"type":"candidate","id":"r","call":"c","candidate":1})", "no_such_call");
  RTC_ASSERT_EQ(stage.ask(alice, claim("bob", "caller")), kOk);
  RTC_ASSERT(!stage.hub().nextDeadline());
  RTC_ASSERT_EQ(stage.ask(alice, claim("bob", "caller")), kOk);
  stage.say(alice, R"({"type":"offer","call":"c","offer":1})");
  RTC_HEARS(stage, bob, R"({"type":"offer","call":"c","from":"alice","offer":1})");
  stage.say(bob, R"({"type":"leave","call":"c"})");
  RTC_HEARS(stage, alice, ended("c", "hangup", "bob"));
  RTC_ASSERT_EQ(stage.hub().counters().calls_reattached, 1U);
}

RTC_TEST(a_stranger_cannot_claim_a_call) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  const auto mallory = stage.fullUser("mallory");
  stage.ask(alice, claim("bob", "caller"));
  // The id is known, the secret is not; and the secret is of no use to another name, nor in the other role.
  for (const auto& attempt : {claim("alice", "callee"), claim("bob", "caller"), claim("alice", "caller")}) {
    stage.ask(mallory, attempt);
  }
  stage.ask(bob, claim("alice", "callee", "guess-of-22-characters"));
  stage.ask(bob, claim("alice", "caller"));
  RTC_ASSERT_EQ(stage.hub().counters().calls_reattached, 0U);
  RTC_REFUSES(stage, mallory, R"({"type":"candidate","id":"r","call":"c","candidate":1})", "no_such_call");
  RTC_HEARS_NOTHING(stage, alice);
  stage.ask(bob, claim("alice", "callee"));
  RTC_ASSERT_EQ(stage.hub().counters().calls_reattached, 1U);
  RTC_REFUSES(stage, mallory, claim("alice", "callee"), "no_such_call");
}

RTC_TEST(of_one_call_a_client_has_one_claim) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.ask(alice, claim("bob", "callee"));
  stage.ask(bob, claim("alice", "callee"));
  // The other way round it fits; what bob said before does not wait any more.
  RTC_ASSERT_EQ(stage.ask(bob, claim("alice", "caller")), kOk);
  RTC_ASSERT_EQ(stage.hub().counters().calls_reattached, 1U);
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(one_whose_peer_never_claims_the_call_is_told_so) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  stage.ask(alice, claim("bob", "caller"));
  stage.pass(Duration{59'999});
  RTC_HEARS_NOTHING(stage, alice);
  stage.pass(Duration{1});
  RTC_HEARS(stage, alice, ended("c", "peer_lost", "bob"));
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(an_id_that_is_claimed_is_free_for_no_other_call) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto mallory = stage.fullUser("mallory");
  stage.ask(alice, claim("bob", "caller"));
  RTC_REFUSES(stage, mallory, call("c", "alice"), "call_exists");
  RTC_HEARS_NOTHING(stage, alice);
  stage.pass(Duration{60'000});
  RTC_ASSERT_EQ(stage.ask(mallory, call("c", "alice")), kOk);
}

RTC_TEST(one_who_hung_up_meanwhile_says_so_by_a_claim) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  stage.ask(alice, claim("bob", "caller"));
  RTC_ASSERT_EQ(stage.ask(alice, about("leave", "c")), kOk);
  stage.close(alice);
  const auto bob = stage.fullUser("bob");
  RTC_ASSERT_EQ(stage.ask(bob, claim("alice", "callee")), kOk);
  RTC_HEARS(stage, bob, ended("c", "hangup", "alice"));
}

RTC_TEST(claims_are_bounded_and_go_with_their_connection) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  for (int i = 0; i < 16; ++i) {
    stage.ask(alice, R"({"type":"reattach","id":"r","call":"c)" + std::to_string(i) +
                         R"(","with":"bob","role":"caller","secret":"secret-of-22-characters"})");
  }
  RTC_REFUSES(stage, alice, claim("bob", "caller"), "rate_limited");
  stage.close(alice);
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(a_claim_that_is_not_whole_is_a_bad_request) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_REFUSES(stage, alice, claim("bob", "caller", "short"), "bad_request");
  RTC_REFUSES(stage, alice, claim("", "caller"), "bad_request");
  RTC_REFUSES(stage, alice, claim("alice", "caller"), "bad_request");
}
