// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Full clients, and both dialects together, against the real service.
#include <csignal>
#include <string>

#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using rtc::Duration;
using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;
using rtc::testing::waitFor;

namespace {

std::string member(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const auto begin = json.find(key);
  if (begin == std::string::npos) return "";
  const auto value = begin + key.size();
  return json.substr(value, json.find('"', value) - value);
}

class User {
 public:
  User(const SignaldProcess& service, const std::string& name, const std::string& resume = "") : socket(service.uri()) {
    login = socket.ask(R"({"type":"login","id":"l","name":")" + name + R"(","version":1,"resume":")" + resume + "\"}");
    ck_assert_msg(login.starts_with(R"({"type":"ok","id":"l")"), "%s", login.c_str());
  }

  SocketClient socket;
  std::string login;
};

void callAndAccept(User& caller, User& callee, const std::string& callee_name, const std::string& id) {
  RTC_ASSERT_EQ(caller.socket.ask(R"({"type":"call","id":"1","call":")" + id + R"(","to":")" + callee_name + "\"}"),
                R"({"type":"ok","id":"1"})");
  RTC_ASSERT_EQ(member(callee.socket.hear(), "call"), id);
  RTC_ASSERT_EQ(callee.socket.ask(R"({"type":"accept","id":"2","call":")" + id + "\"}"), R"({"type":"ok","id":"2"})");
  RTC_ASSERT_EQ(member(caller.socket.hear(), "type"), "accept");
}

void connectMedia(User& one, User& other, const std::string& id) {
  for (User* user : {&one, &other}) {
    RTC_ASSERT_EQ(user->socket.ask(R"({"type":"connected","id":"3","call":")" + id + "\"}"),
                  R"({"type":"ok","id":"3"})");
  }
}

}  // namespace

RTC_TEST(the_whole_call_of_the_documents_transcript) {
  const SignaldProcess service;
  User alice(service, "alice");
  User bob(service, "bob");
  RTC_ASSERT_EQ(alice.socket.ask(R"({"type":"users","id":"2"})"),
                R"({"type":"ok","id":"2","users":[{"name":"bob","busy":false}]})");
  RTC_ASSERT_EQ(
      alice.socket.ask(R"({"type":"call","id":"3","call":"c81","to":"bob","media":{"audio":true,"video":true}})"),
      R"({"type":"ok","id":"3"})");
  RTC_ASSERT_EQ(bob.socket.hear(),
                R"({"type":"call","call":"c81","from":"alice","media":{"audio":true,"video":true}})");
  bob.socket.say(R"({"type":"ringing","call":"c81"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ringing","call":"c81","from":"bob"})");
  RTC_ASSERT_EQ(bob.socket.ask(R"({"type":"accept","id":"9","call":"c81"})"), R"({"type":"ok","id":"9"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"accept","call":"c81","from":"bob"})");
  alice.socket.say(R"({"type":"offer","call":"c81","offer":{"type":"offer","sdp":"v=0\r\n…"}})");
  RTC_ASSERT_EQ(bob.socket.hear(),
                R"({"type":"offer","call":"c81","from":"alice","offer":{"type":"offer","sdp":"v=0\r\n…"}})");
  bob.socket.say(R"({"type":"answer","call":"c81","answer":{"type":"answer","sdp":"v=0\r\n…"}})");
  RTC_ASSERT_EQ(alice.socket.hear(),
                R"({"type":"answer","call":"c81","from":"bob","answer":{"type":"answer","sdp":"v=0\r\n…"}})");
  connectMedia(alice, bob, "c81");
  RTC_ASSERT_EQ(bob.socket.ask(R"({"type":"leave","id":"10","call":"c81","reason":"hangup"})"),
                R"({"type":"ok","id":"10"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c81","reason":"hangup","by":"bob"})");
}

RTC_TEST(the_ice_servers_of_the_command_line_reach_full_clients) {
  const SignaldProcess service({"--ice-server", "stun:192.0.2.1:3478", "--ice-server", "turn:u:p@192.0.2.1"});
  const User alice(service, "alice");
  ck_assert_msg(
      alice.login.ends_with(
          R"("ice_servers":[{"urls":["stun:192.0.2.1:3478"]},{"urls":["turn:192.0.2.1"],"username":"u","credential":"p"}]})"),
      "%s", alice.login.c_str());
}

RTC_TEST(secrets_are_long_and_differ) {
  const SignaldProcess service;
  const User alice(service, "alice");
  const User bob(service, "bob");
  RTC_ASSERT_EQ(member(alice.login, "resume").size(), 22U);
  RTC_ASSERT(member(alice.login, "resume") != member(bob.login, "resume"));
}

RTC_TEST(a_call_that_nobody_answers_times_out) {
  const SignaldProcess service({"--ring-timeout", "0.2"});
  User alice(service, "alice");
  User bob(service, "bob");
  alice.socket.say(R"({"type":"call","call":"c","to":"bob"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c","reason":"timeout"})");
  RTC_ASSERT_EQ(member(bob.socket.hear(), "type"), "call");
  RTC_ASSERT_EQ(bob.socket.hear(), R"({"type":"ended","call":"c","reason":"timeout"})");
}

RTC_TEST(a_call_whose_media_does_not_flow_times_out) {
  const SignaldProcess service({"--setup-timeout", "0.2"});
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAccept(alice, bob, "bob", "c");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c","reason":"ice_failed"})");
  RTC_ASSERT_EQ(bob.socket.hear(), R"({"type":"ended","call":"c","reason":"ice_failed"})");
}

RTC_TEST(a_lost_client_resumes_its_call) {
  const SignaldProcess service;
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAccept(alice, bob, "bob", "c");
  connectMedia(alice, bob, "c");
  bob.socket.drop();
  // From when the service notices the loss, it keeps what is said to Bob.
  RTC_ASSERT(waitFor(
      [&] { return alice.socket.ask(R"({"type":"users","id":"u"})") == R"({"type":"ok","id":"u","users":[]})"; }));
  RTC_ASSERT_EQ(alice.socket.ask(R"({"type":"candidate","id":"4","call":"c","candidate":"late"})"),
                R"({"type":"ok","id":"4"})");
  User bob_again(service, "bob", member(bob.login, "resume"));
  RTC_ASSERT(bob_again.login.ends_with(R"("resumed":true})"));
  RTC_ASSERT_EQ(bob_again.socket.hear(), R"({"type":"candidate","call":"c","from":"alice","candidate":"late"})");
  bob_again.socket.say(R"({"type":"leave","call":"c"})");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c","reason":"hangup","by":"bob"})");
}

RTC_TEST(a_client_that_stays_away_is_lost) {
  const SignaldProcess service({"--resume-timeout", "0.2"});
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAccept(alice, bob, "bob", "c");
  connectMedia(alice, bob, "c");
  bob.socket.drop();
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c","reason":"peer_lost","by":"bob"})");
}

RTC_TEST(a_login_takes_over_from_its_old_connection) {
  const SignaldProcess service;
  User alice(service, "alice");
  User again(service, "alice", member(alice.login, "resume"));
  RTC_ASSERT_EQ(alice.socket.closeCode().value_or(0), 4001);
  RTC_ASSERT(again.socket.hearsNothing());
}

RTC_TEST(a_book_client_calls_a_full_one) {
  const SignaldProcess service;
  SocketClient bert(service.uri());
  RTC_ASSERT_EQ(bert.ask(R"({"type":"login","name":"bert"})"), R"({"type":"login","success":true})");
  User fay(service, "fay");
  bert.say(R"({"type":"offer","offer":{"type":"offer","sdp":"x"},"name":"fay"})");
  bert.say(R"({"type":"candidate","candidate":{"candidate":"1"},"name":"fay"})");
  const auto call = member(fay.socket.hear(), "call");
  fay.socket.say(R"({"type":"accept","call":")" + call + "\"}");
  RTC_ASSERT_EQ(fay.socket.hear(),
                R"({"type":"offer","call":")" + call + R"(","from":"bert","offer":{"type":"offer","sdp":"x"}})");
  RTC_ASSERT_EQ(fay.socket.hear(),
                R"({"type":"candidate","call":")" + call + R"(","from":"bert","candidate":{"candidate":"1"}})");
  fay.socket.say(R"({"type":"answer","call":")" + call + R"(","answer":{"type":"answer","sdp":"y"}})");
  RTC_ASSERT_EQ(bert.hear(), R"({"type":"answer","answer":{"type":"answer","sdp":"y"}})");
  fay.socket.say(R"({"type":"leave","call":")" + call + "\"}");
  RTC_ASSERT_EQ(bert.hear(), R"({"type":"leave"})");
}

RTC_TEST(a_full_client_calls_a_book_one) {
  const SignaldProcess service;
  SocketClient bert(service.uri());
  RTC_ASSERT_EQ(bert.ask(R"({"type":"login","name":"bert"})"), R"({"type":"login","success":true})");
  User fay(service, "fay");
  RTC_ASSERT_EQ(fay.socket.ask(R"({"type":"call","id":"1","call":"c","to":"bert"})"), R"({"type":"ok","id":"1"})");
  RTC_ASSERT_EQ(fay.socket.hear(), R"({"type":"accept","call":"c","from":"bert"})");
  fay.socket.say(R"({"type":"offer","call":"c","offer":{"type":"offer","sdp":"x"}})");
  RTC_ASSERT_EQ(bert.hear(), R"({"type":"offer","offer":{"type":"offer","sdp":"x"},"name":"fay"})");
  bert.say(R"({"type":"answer","answer":{"type":"answer","sdp":"y"},"name":"fay"})");
  RTC_ASSERT_EQ(fay.socket.hear(),
                R"({"type":"answer","call":"c","from":"bert","answer":{"type":"answer","sdp":"y"}})");
  bert.close();
  RTC_ASSERT_EQ(fay.socket.hear(), R"({"type":"ended","call":"c","reason":"peer_lost","by":"bert"})");
}

// --- What a stranger may try -----------------------------------------------------------------------------------------

RTC_TEST(a_binary_message_closes_the_connection) {
  const SignaldProcess service;
  SocketClient client(service.uri());
  client.sayBinary("\x01\x02");
  RTC_ASSERT_EQ(client.closeCode().value_or(0), 1003);
}

RTC_TEST(a_message_that_is_too_large_closes_the_connection_and_the_largest_does_not) {
  const SignaldProcess service;
  SocketClient client(service.uri());
  const std::string frame = R"({"type":"are-you-there","x":""})";
  const auto padded = [&](std::size_t size) {
    return R"({"type":"are-you-there","x":")" + std::string(size - frame.size(), 'x') + "\"}";
  };
  RTC_ASSERT_EQ(client.ask(padded(64 * 1024)), R"({"type":"error","message":"Unrecognized command: are-you-there"})");
  client.say(padded(64 * 1024 + 1));
  RTC_ASSERT_EQ(client.closeCode().value_or(0), 1009);
}

RTC_TEST(a_message_far_beyond_the_limit_cuts_the_connection) {
  const SignaldProcess service;
  SocketClient client(service.uri());
  client.say(std::string(8 * 1024 * 1024, 'x'));
  RTC_ASSERT(client.closeCode().has_value());
  SocketClient next(service.uri());
  RTC_ASSERT(next.hearsNothing());
}

RTC_TEST(garbage_on_one_connection_leaves_the_others_alone) {
  SignaldProcess service;
  User alice(service, "alice");
  for (const std::string& text :
       {std::string(60'000, '['), std::string(60'000, '{'), std::string("\0\0", 2),
        std::string(R"({"type":"login","version":1})"), std::string(R"({"type":"call","call":null,"to":{}})"),
        std::string(R"({"type":"\u0000","id":1e999})")}) {
    SocketClient client(service.uri());
    client.say(text);
    RTC_ASSERT(client.hear() != "(nothing)");
    client.drop();
  }
  RTC_ASSERT(alice.socket.hearsNothing());
  RTC_ASSERT(service.process().running());
}

// --- The end ---------------------------------------------------------------------------------------------------------

RTC_TEST(a_stopping_service_says_so_and_leaves_with_success) {
  for (const int number : {SIGTERM, SIGINT}) {
    SignaldProcess service;
    User alice(service, "alice");
    SocketClient book(service.uri());
    book.ask(R"({"type":"login","name":"bert"})");
    service.process().signal(number);
    RTC_ASSERT_EQ(member(alice.socket.hear(), "type"), "goaway");
    RTC_ASSERT_EQ(alice.socket.closeCode().value_or(0), 1001);
    RTC_ASSERT_EQ(book.closeCode().value_or(0), 1001);
    RTC_ASSERT_EQ(service.process().wait().value_or(-1), 0);
  }
}

RTC_TEST(a_stopping_service_waits_for_a_call_that_is_being_set_up) {
  SignaldProcess service({"--drain-timeout", "60"});
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAccept(alice, bob, "bob", "c");
  service.process().signal(SIGTERM);
  RTC_ASSERT_EQ(member(alice.socket.hear(), "type"), "goaway");
  RTC_ASSERT_EQ(member(bob.socket.hear(), "type"), "goaway");
  alice.socket.say(R"({"type":"offer","call":"c","offer":{}})");
  RTC_ASSERT_EQ(member(bob.socket.hear(), "type"), "offer");
  connectMedia(alice, bob, "c");
  RTC_ASSERT_EQ(alice.socket.closeCode().value_or(0), 1001);
  RTC_ASSERT_EQ(service.process().wait().value_or(-1), 0);
}

RTC_TEST(a_stopping_service_does_not_wait_for_ever) {
  SignaldProcess service({"--drain-timeout", "0.2"});
  User alice(service, "alice");
  User bob(service, "bob");
  callAndAccept(alice, bob, "bob", "c");
  service.process().signal(SIGTERM);
  RTC_ASSERT_EQ(member(alice.socket.hear(), "type"), "goaway");
  RTC_ASSERT_EQ(alice.socket.hear(), R"({"type":"ended","call":"c","reason":"server_shutdown"})");
  RTC_ASSERT_EQ(alice.socket.closeCode().value_or(0), 1001);
  RTC_ASSERT_EQ(service.process().wait().value_or(-1), 0);
}

RTC_TEST(a_stopping_service_does_not_wait_for_one_who_never_says_goodbye) {
  SignaldProcess service;
  // A connection whose client's main context is not iterated answers no close frame.
  User alice(service, "alice");
  service.process().signal(SIGTERM);
  service.process().signal(SIGTERM);
  RTC_ASSERT_EQ(service.process().wait().value_or(-1), 0);
}
