// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Full clients with each other.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

/// Alice and Bob in a call `c`, accepted; nobody has unheard messages.
struct Accepted {
  explicit Accepted(HubStage& stage) : alice(stage.fullUser("alice")), bob(stage.fullUser("bob")) {
    RTC_ASSERT_EQ(stage.ask(alice, call("c", "bob")), kOk);
    RTC_HEARS(stage, bob, incoming("c", "alice"));
    RTC_ASSERT_EQ(stage.ask(bob, about("accept", "c")), kOk);
    RTC_HEARS(stage, alice, R"({"type":"accept","call":"c","from":"bob"})");
  }
  ClientId alice;
  ClientId bob;
};

struct Connected : Accepted {
  explicit Connected(HubStage& stage) : Accepted(stage) {
    stage.say(alice, R"({"type":"connected","call":"c"})");
    stage.say(bob, R"({"type":"connected","call":"c"})");
  }
};

std::string resumed(const std::string& name, const std::string& secret) {
  return R"({"type":"login","id":"l","name":")" + name + R"(","version":1,"resume":")" + secret + "\"}";
}

}  // namespace

// --- Logins and users ------------------------------------------------------------------------------------------------

RTC_TEST(a_login_is_told_its_name_its_secret_and_the_ice_servers) {
  HubStage stage({{}, {{{"turn:t"}, "u", "p"}}, 1000});
  RTC_ASSERT_EQ(
      stage.ask(stage.connect(), R"({"type":"login","id":"1","name":"alice","version":1})"),
      R"({"type":"ok","id":"1","user":"alice","resume":"token-1","ice_servers":[{"urls":["turn:t"],"username":"u","credential":"p"}]})");
}

RTC_TEST(a_login_that_cannot_be_is_refused_and_may_be_tried_again) {
  HubStage stage;
  stage.fullUser("alice");
  const auto client = stage.connect();
  RTC_REFUSES(stage, client, R"({"type":"login","id":"r","name":"alice","version":1})", "name_taken");
  RTC_REFUSES(stage, client, R"({"type":"login","id":"r","name":"bob","version":2})", "version");
  RTC_REFUSES(stage, client, R"({"type":"login","id":"r","name":"bob","version":"1"})", "version");
  RTC_REFUSES(stage, client, R"({"type":"login","id":"r","name":"","version":1})", "bad_request");
  RTC_ASSERT(stage.ask(client, R"({"type":"login","id":"r","name":"bob","version":1})").starts_with(R"({"type":"ok")"));
}

RTC_TEST(one_connection_logs_in_once) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_REFUSES(stage, alice, R"({"type":"login","id":"r","name":"carol","version":1})", "wrong_state");
  RTC_REFUSES(stage, alice, R"({"type":"login","id":"r","name":"carol"})", "wrong_state");
  const auto book = stage.bookUser("book");
  RTC_REFUSES(stage, book, R"({"type":"login","id":"r","name":"carol","version":1})", "wrong_state");
}

RTC_TEST(nothing_goes_before_the_login) {
  HubStage stage;
  const auto client = stage.connect();
  RTC_REFUSES(stage, client, R"({"type":"users","id":"r"})", "not_logged_in");
  RTC_REFUSES(stage, client, call("c", "bob"), "not_logged_in");
  RTC_ASSERT(
      stage.ask(client, R"({"type":"accept","call":"c"})").starts_with(R"({"type":"error","code":"not_logged_in")"));
}

RTC_TEST(the_list_of_users_tells_who_can_be_called_and_who_is_busy) {
  HubStage stage;
  const Accepted two(stage);
  const auto carol = stage.fullUser("carol");
  stage.bookUser("dave");
  stage.connect();
  RTC_ASSERT_EQ(
      stage.ask(carol, R"({"type":"users","id":"r"})"),
      R"({"type":"ok","id":"r","users":[{"name":"alice","busy":true},{"name":"bob","busy":true},{"name":"dave","busy":false}]})");
  stage.close(two.bob);
  RTC_ASSERT_EQ(stage.ask(carol, R"({"type":"users","id":"r"})"),
                R"({"type":"ok","id":"r","users":[{"name":"alice","busy":true},{"name":"dave","busy":false}]})");
}

RTC_TEST(what_is_no_message_is_a_bad_request) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_ASSERT(stage.ask(alice, "not JSON").starts_with(R"({"type":"error","code":"bad_request")"));
  RTC_REFUSES(stage, alice, R"({"type":"dance","id":"r"})", "bad_request");
  RTC_REFUSES(stage, alice, R"({"type":"accept","id":"r"})", "bad_request");
  RTC_REFUSES(stage, alice, R"({"type":"offer","id":"r","name":"bob","offer":1})", "bad_request");
}

// --- A call ----------------------------------------------------------------------------------------------------------

RTC_TEST(a_call_from_its_first_word_to_its_last) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, R"({"type":"call","id":"1","call":"c","to":"bob","media":{"audio":true,"video":false}})");
  RTC_HEARS(stage, alice, R"({"type":"ok","id":"1"})");
  RTC_HEARS(stage, bob, R"({"type":"call","call":"c","from":"alice","media":{"audio":true,"video":false}})");
  stage.say(bob, R"({"type":"ringing","call":"c"})");
  RTC_HEARS(stage, alice, R"({"type":"ringing","call":"c","from":"bob"})");
  stage.say(bob, R"({"type":"ringing","call":"c"})");
  RTC_HEARS_NOTHING(stage, alice);
  stage.say(bob, R"({"type":"accept","id":"2","call":"c"})");
  RTC_HEARS(stage, bob, R"({"type":"ok","id":"2"})");
  RTC_HEARS(stage, alice, R"({"type":"accept","call":"c","from":"bob"})");
  stage.say(alice, R"({"type":"offer","call":"c","from":"mallory","offer":{"type":"offer","sdp":"x"}})");
  RTC_HEARS(stage, bob, R"({"type":"offer","call":"c","from":"alice","offer":{"type":"offer","sdp":"x"}})");
  stage.say(bob, R"({"type":"answer","call":"c","answer":{"type":"answer","sdp":"y"}})");
  RTC_HEARS(stage, alice, R"({"type":"answer","call":"c","from":"bob","answer":{"type":"answer","sdp":"y"}})");
  stage.say(bob, R"({"type":"candidate","call":"c","candidate":null})");
  RTC_HEARS(stage, alice, R"({"type":"candidate","call":"c","from":"bob","candidate":null})");
  stage.say(alice, R"({"type":"connected","call":"c"})");
  stage.say(bob, R"({"type":"connected","call":"c"})");
  RTC_ASSERT(!stage.hub().nextDeadline());
  stage.say(bob, R"({"type":"leave","id":"3","call":"c","reason":"fingerprint_mismatch"})");
  RTC_HEARS(stage, bob, R"({"type":"ok","id":"3"})");
  RTC_HEARS(stage, alice, ended("c", "fingerprint_mismatch", "bob"));
  RTC_HEARS_NOTHING(stage, alice);
  RTC_HEARS_NOTHING(stage, bob);
  RTC_REFUSES(stage, alice, about("leave", "c"), "no_such_call");
}

RTC_TEST(a_call_that_cannot_be_is_refused) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_REFUSES(stage, alice, call("c", "nobody"), "unavailable");
  RTC_REFUSES(stage, alice, call("c", "alice"), "bad_request");
  RTC_REFUSES(stage, alice, call("c", ""), "bad_request");
  for (const auto& id : {std::string(), std::string("a b"), std::string("é"), std::string(65, 'x')}) {
    RTC_REFUSES(stage, alice, call(id, "bob"), "bad_request");
  }
}

RTC_TEST(a_call_said_twice_rings_once) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  const auto carol = stage.fullUser("carol");
  stage.say(alice, call("c", "bob"));
  RTC_HEARS(stage, bob, incoming("c", "alice"));
  stage.hear(alice);
  RTC_ASSERT_EQ(stage.ask(alice, call("c", "bob")), kOk);
  RTC_HEARS_NOTHING(stage, bob);
  RTC_REFUSES(stage, alice, call("c", "carol"), "call_exists");
  RTC_REFUSES(stage, carol, call("c", "bob"), "call_exists");
}

RTC_TEST(only_the_parties_of_a_call_speak_in_it) {
  HubStage stage;
  const Accepted two(stage);
  const auto mallory = stage.fullUser("mallory");
  for (const char* type : {"ringing", "accept", "decline", "cancel", "connected", "leave"}) {
    RTC_REFUSES(stage, mallory, about(type, "c"), "no_such_call");
  }
  for (const char* type : {"offer", "answer", "candidate"}) {
    RTC_REFUSES(stage, mallory, std::string(R"({"type":")") + type + R"(","id":"r","call":"c",")" + type + R"(":{}})",
                "no_such_call");
  }
  RTC_HEARS_NOTHING(stage, two.alice);
  RTC_HEARS_NOTHING(stage, two.bob);
}

RTC_TEST(descriptions_wait_for_the_acceptance_and_have_a_direction) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(alice);
  stage.hear(bob);
  RTC_REFUSES(stage, alice, R"({"type":"offer","id":"r","call":"c","offer":{}})", "wrong_state");
  stage.say(bob, about("accept", "c"));
  stage.hear(alice);
  stage.hear(bob);
  RTC_REFUSES(stage, bob, R"({"type":"offer","id":"r","call":"c","offer":{}})", "wrong_state");
  RTC_REFUSES(stage, alice, R"({"type":"answer","id":"r","call":"c","answer":{}})", "wrong_state");
  RTC_REFUSES(stage, alice, R"({"type":"offer","id":"r","call":"c"})", "bad_request");
  RTC_HEARS_NOTHING(stage, bob);
}

RTC_TEST(the_callee_asks_for_a_new_connection_and_the_caller_just_offers_it) {
  HubStage stage;
  const Connected two(stage);
  RTC_ASSERT_EQ(stage.ask(two.bob, R"({"type":"reconnect","id":"r","call":"c","connection":2})"), kOk);
  RTC_HEARS(stage, two.alice, R"({"type":"reconnect","call":"c","from":"bob","connection":2})");
  RTC_REFUSES(stage, two.alice, R"({"type":"reconnect","id":"r","call":"c","connection":2})", "wrong_state");
  RTC_REFUSES(stage, two.bob, R"({"type":"reconnect","id":"r","call":"c","connection":1})", "bad_request");
  RTC_REFUSES(stage, two.bob, R"({"type":"reconnect","id":"r","call":"c"})", "bad_request");
  const auto mallory = stage.fullUser("mallory");
  RTC_REFUSES(stage, mallory, R"({"type":"reconnect","id":"r","call":"c","connection":2})", "no_such_call");
  RTC_HEARS_NOTHING(stage, two.alice);
}

RTC_TEST(late_messages_without_an_id_are_dropped_silently) {
  HubStage stage;
  const Accepted two(stage);
  stage.say(two.bob, about("leave", "c"));
  stage.hear(two.alice);
  stage.say(two.alice, R"({"type":"candidate","call":"c","candidate":{}})");
  stage.say(two.alice, R"({"type":"leave","call":"c"})");
  RTC_HEARS_NOTHING(stage, two.alice);
}

RTC_TEST(the_callee_declines_as_busy) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(alice);
  stage.say(bob, R"({"type":"decline","call":"c","reason":"busy"})");
  RTC_HEARS(stage, alice, ended("c", "busy", "bob"));
}

RTC_TEST(an_acceptance_that_crosses_the_cancellation_loses) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(bob);
  stage.say(alice, about("cancel", "c"));
  RTC_HEARS(stage, bob, ended("c", "cancelled", "alice"));
  RTC_REFUSES(stage, bob, about("accept", "c"), "no_such_call");
}

RTC_TEST(a_cancellation_that_crosses_the_acceptance_still_ends_the_call) {
  HubStage stage;
  const Accepted two(stage);
  RTC_ASSERT_EQ(stage.ask(two.alice, about("cancel", "c")), kOk);
  RTC_HEARS(stage, two.bob, ended("c", "cancelled", "alice"));
}

RTC_TEST(both_hang_up_at_once) {
  HubStage stage;
  const Connected two(stage);
  RTC_ASSERT_EQ(stage.ask(two.alice, about("leave", "c")), kOk);
  RTC_HEARS(stage, two.bob, ended("c", "hangup", "alice"));
  RTC_REFUSES(stage, two.bob, about("leave", "c"), "no_such_call");
  RTC_HEARS_NOTHING(stage, two.alice);
}

RTC_TEST(a_user_may_be_in_several_calls) {
  HubStage stage;
  const Connected two(stage);
  const auto carol = stage.fullUser("carol");
  RTC_ASSERT_EQ(stage.ask(carol, call("d", "alice")), kOk);
  RTC_HEARS(stage, two.alice, incoming("d", "carol"));
  stage.say(two.alice, about("accept", "d"));
  stage.say(two.alice, about("leave", "c"));
  RTC_HEARS(stage, two.bob, ended("c", "hangup", "alice"));
  RTC_HEARS(stage, carol, R"({"type":"accept","call":"d","from":"alice"})");
}

// --- Timers ----------------------------------------------------------------------------------------------------------

RTC_TEST(a_call_that_nobody_answers_ends_for_both) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(alice);
  stage.hear(bob);
  RTC_ASSERT(stage.hub().nextDeadline() == stage.clock().now() + Duration{60'000});
  stage.pass(Duration{59'999});
  RTC_HEARS_NOTHING(stage, alice);
  stage.pass(Duration{1});
  RTC_HEARS(stage, alice, ended("c", "timeout"));
  RTC_HEARS(stage, bob, ended("c", "timeout"));
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(a_call_whose_media_does_not_flow_ends_for_both) {
  HubStage stage;
  const Accepted two(stage);
  stage.say(two.alice, R"({"type":"connected","call":"c"})");
  stage.pass(Duration{15'000});
  RTC_HEARS(stage, two.alice, ended("c", "ice_failed"));
  RTC_HEARS(stage, two.bob, ended("c", "ice_failed"));
}

RTC_TEST(the_next_deadline_is_that_of_the_most_urgent_call) {
  HubStage stage;
  const Accepted two(stage);
  const auto carol = stage.fullUser("carol");
  stage.pass(Duration{1'000});
  stage.say(carol, call("d", "alice"));
  RTC_ASSERT(stage.hub().nextDeadline() == stage.clock().now() + Duration{14'000});
  stage.say(two.alice, about("leave", "c"));
  RTC_ASSERT(stage.hub().nextDeadline() == stage.clock().now() + Duration{60'000});
}

// --- Glare -----------------------------------------------------------------------------------------------------------

RTC_TEST(of_two_crossing_calls_the_lesser_id_goes_on_when_it_came_first) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("a", "bob"));
  stage.hear(alice);
  RTC_HEARS(stage, bob, incoming("a", "alice"));
  RTC_ASSERT_EQ(stage.ask(bob, call("b", "alice")), kOk);
  RTC_HEARS(stage, bob, ended("b", "glare_lost"));
  RTC_HEARS_NOTHING(stage, alice);
  RTC_ASSERT_EQ(stage.ask(bob, about("accept", "a")), kOk);
  RTC_HEARS(stage, alice, R"({"type":"accept","call":"a","from":"bob"})");
}

RTC_TEST(of_two_crossing_calls_the_lesser_id_goes_on_when_it_came_second) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("b", "bob"));
  stage.hear(alice);
  RTC_HEARS(stage, bob, incoming("b", "alice"));
  RTC_ASSERT_EQ(stage.ask(bob, call("a", "alice")), kOk);
  RTC_HEARS(stage, bob, ended("b", "glare_lost"));
  RTC_HEARS(stage, alice, ended("b", "glare_lost"));
  RTC_HEARS(stage, alice, incoming("a", "bob"));
}

RTC_TEST(a_call_that_is_answered_is_no_glare) {
  HubStage stage;
  const Accepted two(stage);
  RTC_ASSERT_EQ(stage.ask(two.bob, call("a", "alice")), kOk);
  RTC_HEARS(stage, two.alice, incoming("a", "bob"));
  RTC_HEARS_NOTHING(stage, two.bob);
}

// --- Lost connections ------------------------------------------------------------------------------------------------

RTC_TEST(a_caller_lost_before_the_answer_has_cancelled) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(bob);
  stage.close(alice);
  RTC_HEARS(stage, bob, ended("c", "cancelled", "alice"));
  stage.fullUser("alice");
}

RTC_TEST(a_callee_lost_before_the_answer_is_unavailable) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  stage.say(alice, call("c", "bob"));
  stage.hear(alice);
  stage.close(bob);
  RTC_HEARS(stage, alice, ended("c", "unavailable", "bob"));
}

RTC_TEST(one_who_comes_back_in_time_goes_on_and_has_missed_nothing) {
  HubStage stage;
  const Connected two(stage);
  stage.close(two.bob);
  RTC_HEARS_NOTHING(stage, two.alice);
  stage.say(two.alice, R"({"type":"candidate","call":"c","candidate":1})");
  stage.say(two.alice, R"({"type":"candidate","call":"c","candidate":2})");
  stage.pass(Duration{29'999});
  const auto bob = stage.connect();
  RTC_ASSERT_EQ(stage.ask(bob, resumed("bob", "token-2")),
                R"({"type":"ok","id":"l","user":"bob","resume":"token-3","ice_servers":[],"resumed":true})");
  RTC_HEARS(stage, bob, R"({"type":"candidate","call":"c","from":"alice","candidate":1})");
  RTC_HEARS(stage, bob, R"({"type":"candidate","call":"c","from":"alice","candidate":2})");
  RTC_ASSERT(!stage.hub().nextDeadline());
  RTC_ASSERT_EQ(stage.ask(bob, about("leave", "c")), kOk);
  RTC_HEARS(stage, two.alice, ended("c", "hangup", "bob"));
}

RTC_TEST(one_who_comes_back_hears_that_the_call_ended_meanwhile) {
  HubStage stage;
  const Connected two(stage);
  stage.close(two.bob);
  stage.say(two.alice, about("leave", "c"));
  const auto bob = stage.connect();
  RTC_ASSERT(stage.ask(bob, resumed("bob", "token-2")).ends_with(R"("resumed":true})"));
  RTC_HEARS(stage, bob, ended("c", "hangup", "alice"));
}

RTC_TEST(one_who_does_not_come_back_is_lost) {
  HubStage stage;
  const Connected two(stage);
  stage.close(two.bob);
  RTC_REFUSES(stage, two.alice, call("d", "bob"), "unavailable");
  RTC_REFUSES(stage, stage.connect(), R"({"type":"login","id":"r","name":"bob","version":1})", "name_taken");
  stage.pass(Duration{30'000});
  RTC_HEARS(stage, two.alice, ended("c", "peer_lost", "bob"));
  const auto late = stage.connect();
  const auto reply = stage.ask(late, resumed("bob", "token-2"));
  RTC_ASSERT(reply.starts_with(R"({"type":"ok")"));
  RTC_ASSERT(reply.find("resumed") == std::string::npos);
}

RTC_TEST(one_without_a_call_frees_the_name_at_once) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  stage.close(alice);
  RTC_ASSERT(!stage.hub().nextDeadline());
  stage.fullUser("alice");
}

RTC_TEST(a_secret_opens_only_its_own_name_and_only_once) {
  HubStage stage;
  const Connected two(stage);
  stage.close(two.bob);
  for (const char* secret : {"token-1", "guess", "token-22"}) {
    const auto mallory = stage.connect();
    RTC_ASSERT(
        stage.ask(mallory, resumed("bob", secret)).starts_with(R"({"type":"error","id":"l","code":"name_taken")"));
  }
  RTC_ASSERT(stage.ask(stage.connect(), resumed("bob", "token-2")).ends_with(R"("resumed":true})"));
  RTC_ASSERT(stage.ask(stage.connect(), resumed("bob", "token-2")).starts_with(R"({"type":"error")"));
}

RTC_TEST(a_login_takes_over_from_a_connection_that_only_looks_alive) {
  HubStage stage;
  const Connected two(stage);
  const auto bob = stage.connect();
  RTC_ASSERT(stage.ask(bob, resumed("bob", "token-2")).ends_with(R"("resumed":true})"));
  RTC_HEARS(stage, two.bob, "(close 4001)");
  stage.close(two.bob);
  RTC_HEARS_NOTHING(stage, two.alice);
  stage.say(two.alice, R"({"type":"candidate","call":"c","candidate":1})");
  RTC_HEARS(stage, bob, R"({"type":"candidate","call":"c","from":"alice","candidate":1})");
}

RTC_TEST(one_who_misses_too_much_is_given_up) {
  HubStage stage({.limits = {.messages = {1000, 1000}}});
  const Connected two(stage);
  stage.close(two.bob);
  for (int i = 0; i < 257; ++i) stage.say(two.alice, R"({"type":"candidate","call":"c","candidate":1})");
  stage.pass(Duration{0});
  RTC_HEARS(stage, two.alice, ended("c", "peer_lost", "bob"));
  stage.fullUser("bob");
}

// --- The end of the service ------------------------------------------------------------------------------------------

RTC_TEST(the_stopping_service_lets_calls_finish_their_setup_and_begins_none) {
  HubStage stage;
  const Connected two(stage);
  const auto carol = stage.fullUser("carol");
  const auto book = stage.bookUser("book");
  stage.say(carol, call("d", "alice"));
  stage.hear(carol);
  stage.hear(two.alice);
  RTC_ASSERT_EQ(stage.hub().callsBeingSetUp(), 1U);
  stage.deliver(stage.hub().drain());
  for (const auto client : {two.alice, two.bob, carol}) {
    RTC_HEARS(stage, client, R"({"type":"goaway","reconnect_ms":4999})");
  }
  RTC_HEARS_NOTHING(stage, book);
  RTC_REFUSES(stage, carol, call("e", "bob"), "unavailable");
  stage.say(book, R"({"type":"offer","offer":1,"name":"alice"})");
  RTC_HEARS_NOTHING(stage, two.alice);
  stage.deliver(stage.hub().stop());
  RTC_HEARS(stage, carol, ended("d", "server_shutdown"));
  RTC_HEARS(stage, carol, "(close 1001)");
  RTC_HEARS(stage, two.alice, ended("d", "server_shutdown"));
  RTC_HEARS(stage, two.alice, "(close 1001)");
  RTC_HEARS(stage, two.bob, "(close 1001)");
  RTC_HEARS(stage, book, "(close 1001)");
}
