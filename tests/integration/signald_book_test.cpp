// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The book's clients against the real service: each row of the book's table, and each input that its server did not
// survive or answered wrongly.
#include <string>

#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;

namespace {

constexpr auto kLoginDone = R"({"type":"login","success":true})";
constexpr auto kLoginRefused = R"({"type":"login","success":false})";
constexpr auto kLeave = R"({"type":"leave"})";

std::string loginAs(const std::string& name) {
  return R"({"type":"login","name":")" + name + R"("})";
}

std::string leaveTo(const std::string& name) {
  return R"({"type":"leave","name":")" + name + R"("})";
}

/// A payload as the book's own tests have them: a string and no description.
std::string relayed(const std::string& type, const std::string& to) {
  return R"({"type":")" + type + R"(",")" + type + R"(":"hello","name":")" + to + R"("})";
}

/// A book client that has logged in.
class User {
 public:
  User(const SignaldProcess& service, const std::string& name) : socket(service.uri()) {
    RTC_ASSERT_EQ(socket.ask(loginAs(name)), kLoginDone);
  }

  SocketClient socket;
};

void callAndAnswer(User& caller, const std::string& caller_name, User& callee, const std::string& callee_name) {
  caller.socket.say(relayed("offer", callee_name));
  RTC_ASSERT_EQ(callee.socket.hear(), R"({"type":"offer","offer":"hello","name":")" + caller_name + R"("})");
  callee.socket.say(relayed("answer", caller_name));
  RTC_ASSERT_EQ(caller.socket.hear(), R"({"type":"answer","answer":"hello"})");
}

}  // namespace

// --- The table -------------------------------------------------------------------------------------------------------

RTC_TEST(the_service_says_nothing_until_it_is_spoken_to) {
  const SignaldProcess service;
  SocketClient client(service.uri() + "/any/path");
  RTC_ASSERT(client.hearsNothing());
}

RTC_TEST(a_free_name_is_granted_and_a_taken_one_is_not) {
  const SignaldProcess service;
  User alice(service, "alice");
  SocketClient other(service.uri());
  RTC_ASSERT_EQ(other.ask(loginAs("alice")), kLoginRefused);
  RTC_ASSERT_EQ(other.ask(loginAs("bob")), kLoginDone);
}

RTC_TEST(an_offer_an_answer_and_candidates_reach_the_other) {
  const SignaldProcess service;
  User alice(service, "alice");
  User bob(service, "bob");
  alice.socket.say(R"({"type":"offer","offer":{"type":"offer","sdp":"v=0\r\n","extra":1.0},"name":"bob"})");
  RTC_ASSERT_EQ(bob.socket.hear(),
                R"({"type":"offer","offer":{"type":"offer","sdp":"v=0\r\n","extra":1.0},"name":"alice"})");
  bob.socket.say(R"({"type":"answer","answer":{"type":"answer","sdp":"v=0"},"name":"alice"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"answer","answer":{"type":"answer","sdp":"v=0"}})");
  alice.socket.say(R"({"type":"candidate","candidate":{"candidate":"c","sdpMid":"0","sdpMLineIndex":0},"name":"bob"})");
  RTC_ASSERT_EQ(bob.socket.hear(),
                R"({"type":"candidate","candidate":{"candidate":"c","sdpMid":"0","sdpMLineIndex":0}})");
  RTC_ASSERT(alice.socket.hearsNothing());
}

RTC_TEST(a_leave_reaches_the_other) {
  const SignaldProcess service;
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAnswer(alice, "alice", bob, "bob");
  alice.socket.say(leaveTo("bob"));
  RTC_ASSERT_EQ(bob.socket.hear(), kLeave);
  RTC_ASSERT(alice.socket.hearsNothing());
}

RTC_TEST(a_closed_socket_frees_the_name_and_tells_the_other) {
  const SignaldProcess service;
  User bob(service, "bob");
  {
    User alice(service, "alice");
    callAndAnswer(alice, "alice", bob, "bob");
    alice.socket.close();
  }
  RTC_ASSERT_EQ(bob.socket.hear(), kLeave);
  User alice_again(service, "alice");
}

RTC_TEST(a_socket_that_breaks_is_as_good_as_a_closed_one) {
  const SignaldProcess service;
  User bob(service, "bob");
  User alice(service, "alice");
  callAndAnswer(alice, "alice", bob, "bob");
  alice.socket.drop();
  RTC_ASSERT_EQ(bob.socket.hear(), kLeave);
}

RTC_TEST(anything_else_is_an_unrecognized_command) {
  const SignaldProcess service;
  SocketClient client(service.uri());
  const auto unrecognized = [](const std::string& type) {
    return R"({"type":"error","message":"Unrecognized command: )" + type + "\"}";
  };
  RTC_ASSERT_EQ(client.ask(R"({"type":"dance"})"), unrecognized("dance"));
  RTC_ASSERT_EQ(client.ask("not JSON"), unrecognized("undefined"));
  RTC_ASSERT_EQ(client.ask("{}"), unrecognized("undefined"));
  RTC_ASSERT_EQ(client.ask(R"({"type":7})"), unrecognized("7"));
  RTC_ASSERT_EQ(client.ask(R"({"type":{}})"), unrecognized("[object Object]"));
}

RTC_TEST(what_is_said_to_nobody_is_answered_with_silence) {
  const SignaldProcess service;
  User alice(service, "alice");
  for (const char* type : {"offer", "answer", "candidate", "leave"}) alice.socket.say(relayed(type, "nobody"));
  RTC_ASSERT(alice.socket.hearsNothing());
}

RTC_TEST(an_offer_of_someone_without_a_login_carries_no_name) {
  const SignaldProcess service;
  User bob(service, "bob");
  SocketClient stranger(service.uri());
  stranger.say(relayed("offer", "bob"));
  RTC_ASSERT_EQ(bob.socket.hear(), R"({"type":"offer","offer":"hello"})");
  RTC_ASSERT(stranger.hearsNothing());
}

// --- What the book's server did not survive --------------------------------------------------------------------------

RTC_TEST(a_second_login_frees_the_first_name) {
  const SignaldProcess service;
  User alice(service, "alice");
  RTC_ASSERT_EQ(alice.socket.ask(loginAs("carol")), kLoginDone);
  User other(service, "alice");
}

RTC_TEST(a_login_without_a_name_is_refused) {
  const SignaldProcess service;
  SocketClient client(service.uri());
  for (const char* login : {R"({"type":"login"})", R"({"type":"login","name":""})", R"({"type":"login","name":null})",
                            R"({"type":"login","name":{}})"}) {
    RTC_ASSERT_EQ(client.ask(login), kLoginRefused);
  }
}

RTC_TEST(names_of_javascripts_own_members_are_names_like_others) {
  const SignaldProcess service;
  for (const char* name : {"constructor", "__proto__", "toString", "hasOwnProperty"}) {
    User user(service, name);
    User caller(service, "caller");
    callAndAnswer(caller, "caller", user, name);
    caller.socket.close();
  }
}

RTC_TEST(a_leave_to_nobody_does_no_harm) {
  const SignaldProcess service;
  User alice(service, "alice");
  for (const char* leave : {R"({"type":"leave"})", R"({"type":"leave","name":"nobody"})",
                            R"({"type":"leave","name":"constructor"})", R"({"type":"leave","name":7})"}) {
    alice.socket.say(leave);
  }
  alice.socket.say(relayed("offer", "constructor"));
  RTC_ASSERT(alice.socket.hearsNothing());
  RTC_ASSERT_EQ(alice.socket.ask("null"), R"({"type":"error","message":"Unrecognized command: undefined"})");
}

RTC_TEST(a_callee_that_never_answered_may_close_first) {
  const SignaldProcess service;
  {
    User alice(service, "alice");
    User bob(service, "bob");
    alice.socket.say(relayed("offer", "bob"));
    RTC_ASSERT_EQ(bob.socket.hear(), R"({"type":"offer","offer":"hello","name":"alice"})");
    bob.socket.close();
    alice.socket.close();
  }
  User alice(service, "alice");
  RTC_ASSERT(alice.socket.hearsNothing());
}

RTC_TEST(one_who_left_does_not_end_a_call_with_somebody_else) {
  const SignaldProcess service;
  User bob(service, "bob");
  User carol(service, "carol");
  User alice(service, "alice");
  callAndAnswer(alice, "alice", bob, "bob");
  alice.socket.say(leaveTo("bob"));
  RTC_ASSERT_EQ(bob.socket.hear(), kLeave);
  callAndAnswer(bob, "bob", carol, "carol");
  alice.socket.say(leaveTo("bob"));
  alice.socket.close();
  RTC_ASSERT(bob.socket.hearsNothing());
  bob.socket.say(leaveTo("carol"));
  RTC_ASSERT_EQ(carol.socket.hear(), kLeave);
}

RTC_TEST(an_offer_reaches_a_user_who_is_in_a_call) {
  const SignaldProcess service;
  User alice(service, "alice");
  User bob(service, "bob");
  User carol(service, "carol");
  callAndAnswer(alice, "alice", bob, "bob");
  callAndAnswer(carol, "carol", bob, "bob");
  // Bob has turned to Carol by his answer: Alice's end is none of his any more.
  alice.socket.close();
  RTC_ASSERT(bob.socket.hearsNothing());
}
