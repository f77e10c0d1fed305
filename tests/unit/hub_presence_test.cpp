// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who may know of whom: watching, and calls that were missed.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

std::string watch(const std::string& users) {
  return R"({"type":"watch","id":"r","users":[)" + users + "]}";
}

std::string stands(const std::string& user, const std::string& state) {
  return R"({"user":")" + user + R"(","state":")" + state + "\"}";
}

std::string presence(const std::string& user, const std::string& state) {
  return R"({"type":"presence","user":")" + user + R"(","state":")" + state + "\"}";
}

std::string list(const std::string& all) {
  return R"({"type":"ok","id":"r","presence":[)" + all + "]}";
}

ClientId visible(HubStage& stage, const std::string& name) {
  const auto client = stage.connect();
  RTC_ASSERT(stage.ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1,"visible":true})")
                 .starts_with(R"({"type":"ok")"));
  return client;
}

}  // namespace

RTC_TEST(a_watcher_is_told_of_every_change_once) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_ASSERT_EQ(stage.ask(alice, watch(R"("bob","carol")")),
                list(stands("bob", "offline") + "," + stands("carol", "offline")));
  const auto bob = visible(stage, "bob");
  RTC_HEARS(stage, alice, presence("bob", "online"));
  const auto carol = stage.fullUser("carol");
  RTC_HEARS_NOTHING(stage, alice);
  stage.say(carol, call("c", "bob"));
  RTC_HEARS(stage, alice, presence("bob", "busy"));
  stage.say(bob, about("accept", "c"));
  stage.say(bob, about("leave", "c"));
  RTC_HEARS(stage, alice, presence("bob", "online"));
  stage.close(bob);
  RTC_HEARS(stage, alice, presence("bob", "offline"));
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(who_does_not_allow_it_looks_like_one_who_is_not_there) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto bob = stage.fullUser("bob");
  RTC_ASSERT_EQ(stage.ask(alice, watch(R"("bob","nobody")")),
                list(stands("bob", "offline") + "," + stands("nobody", "offline")));
  RTC_ASSERT_EQ(stage.ask(bob, R"({"type":"presence","id":"r","visible":true})"), kOk);
  RTC_HEARS(stage, alice, presence("bob", "online"));
  stage.say(bob, R"({"type":"presence","visible":false})");
  RTC_HEARS(stage, alice, presence("bob", "offline"));
  stage.close(bob);
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(a_new_list_replaces_the_old_one) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  stage.ask(alice, watch(R"("bob")"));
  RTC_ASSERT_EQ(stage.ask(alice, watch("")), list(""));
  visible(stage, "bob");
  RTC_HEARS_NOTHING(stage, alice);
}

RTC_TEST(a_lost_connection_is_offline_until_it_is_back) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  const auto carol = stage.fullUser("carol");
  const auto bob = visible(stage, "bob");
  stage.say(carol, call("c", "bob"));
  stage.say(bob, about("accept", "c"));
  RTC_ASSERT_EQ(stage.ask(alice, watch(R"("bob")")), list(stands("bob", "busy")));
  stage.close(bob);
  RTC_HEARS(stage, alice, presence("bob", "offline"));
  stage.say(stage.connect(), R"({"type":"login","name":"bob","version":1,"resume":"token-3"})");
  RTC_HEARS(stage, alice, presence("bob", "busy"));
}

RTC_TEST(what_is_watched_is_bounded) {
  HubStage stage({.limits = {.watchers = 1}});
  const auto alice = stage.fullUser("alice");
  std::string many;
  for (int i = 0; i < 101; ++i) many += (i == 0 ? "\"u" : ",\"u") + std::to_string(i) + "\"";
  RTC_REFUSES(stage, alice, watch(many), "bad_request");
  RTC_REFUSES(stage, alice, watch("\"\""), "bad_request");
  stage.ask(alice, watch(R"("bob")"));
  stage.ask(alice, watch(R"("bob")"));
  RTC_REFUSES(stage, stage.fullUser("carol"), watch(R"("bob")"), "rate_limited");
}

RTC_TEST(who_may_not_watch_or_list_learns_nothing) {
  const WordOfMouth word;
  HubStage stage({.authenticator = &word});
  stage.device("bob", R"(,"visible":true)");
  const auto guest = stage.connect();
  stage.ask(guest, R"({"type":"login","id":"l","name":"guest","version":1,"token":"of guest may call"})");
  RTC_REFUSES(stage, guest, watch(R"("bob")"), "forbidden");
  RTC_REFUSES(stage, guest, R"({"type":"users","id":"r"})", "forbidden");
  // The same word for a user who is away and for one who never was.
  const auto away = stage.device("carol");
  stage.close(away);
  RTC_ASSERT_EQ(stage.ask(guest, call("c", "carol")),
                R"({"type":"error","id":"r","code":"unavailable","message":"carol is not logged in"})");
  RTC_ASSERT_EQ(stage.ask(guest, call("c", "dora")),
                R"({"type":"error","id":"r","code":"unavailable","message":"dora is not logged in"})");
}

RTC_TEST(missed_calls_are_told_at_the_next_login_and_once) {
  HubStage stage;
  const auto alice = stage.fullUser("alice");
  RTC_REFUSES(stage, alice, call("c1", "bob"), "unavailable");
  stage.pass(Duration{90'000});
  const auto first = stage.connect();
  RTC_ASSERT_EQ(
      stage.ask(first, R"({"type":"login","id":"l","name":"bob","version":1})"),
      R"({"type":"ok","id":"l","user":"bob","resume":"token-2","ice_servers":[],"missed":[{"call":"c1","from":"alice","ago_s":90}]})");
  stage.say(alice, call("c2", "bob"));
  stage.say(alice, about("cancel", "c2"));
  stage.say(alice, call("c3", "bob"));
  stage.say(first, R"({"type":"decline","call":"c3"})");
  stage.close(first);
  const auto second = stage.connect();
  RTC_ASSERT_EQ(
      stage.ask(second, R"({"type":"login","id":"l","name":"bob","version":1})"),
      R"({"type":"ok","id":"l","user":"bob","resume":"token-3","ice_servers":[],"missed":[{"call":"c2","from":"alice","ago_s":0}]})");
  stage.close(second);
  RTC_ASSERT_EQ(stage.ask(stage.connect(), R"({"type":"login","id":"l","name":"bob","version":1})"),
                R"({"type":"ok","id":"l","user":"bob","resume":"token-4","ice_servers":[]})");
}

RTC_TEST(missed_calls_are_bounded) {
  HubStage stage({.limits = {.messages = {1000, 1000}, .calls = {1000, 1000}}});
  const auto alice = stage.fullUser("alice");
  for (int i = 0; i < 30; ++i) stage.say(alice, call("c" + std::to_string(i), "bob"));
  const auto reply = stage.ask(stage.connect(), R"({"type":"login","id":"l","name":"bob","version":1})");
  RTC_ASSERT(reply.find(R"([{"call":"c10",)") != std::string::npos);
  RTC_ASSERT(reply.find(R"("call":"c29")") != std::string::npos);
}
