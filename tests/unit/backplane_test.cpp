// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Hubs that know of each other's users through the backplane, and through nothing else.
#include "signaling/server/in_process_backplane.hpp"

#include <memory>

#include "tests/unit/hub_words.hpp"

using namespace rtc::signaling;
using namespace rtc::testing;

namespace {

/// A hub with its clients, joined with others.
struct Node {
  explicit Node(InProcessBackplane& all)
      : end(all.join([this](const std::string& user) { stage.deliver(stage.hub().heardOf(user)); })),
        stage({.backplane = end.get()}) {}

  ClientId login(const std::string& name, const std::string& more = R"(,"visible":true)") {
    const auto client = stage.connect();
    RTC_ASSERT(stage.ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1)" + more + "}")
                   .starts_with(R"({"type":"ok")"));
    return client;
  }

  std::unique_ptr<Backplane> end;
  HubStage stage;
};

std::string presence(const std::string& user, const std::string& state) {
  return R"({"type":"presence","user":")" + user + R"(","state":")" + state + "\"}";
}

constexpr auto kWatchBob = R"({"type":"watch","id":"r","users":["bob"]})";

std::string bobIs(const std::string& state) {
  return R"({"type":"ok","id":"r","presence":[{"user":"bob","state":")" + state + R"("}]})";
}

}  // namespace

RTC_TEST(a_watcher_is_told_of_a_user_at_another_hub) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  RTC_ASSERT_EQ(here.stage.ask(alice, kWatchBob), bobIs("offline"));
  const auto bob = there.login("bob");
  RTC_HEARS(here.stage, alice, presence("bob", "online"));
  const auto carol = there.login("carol");
  there.stage.say(carol, call("c", "bob"));
  RTC_HEARS(here.stage, alice, presence("bob", "busy"));
  there.stage.close(bob);
  RTC_HEARS(here.stage, alice, presence("bob", "offline"));
  RTC_HEARS_NOTHING(here.stage, alice);
}

RTC_TEST(who_comes_later_knows_who_is_there) {
  InProcessBackplane all;
  Node here(all);
  here.login("bob");
  Node there(all);
  RTC_ASSERT_EQ(there.stage.ask(there.login("alice"), kWatchBob), bobIs("online"));
}

RTC_TEST(a_user_at_two_hubs_is_as_at_the_busier_one_and_gone_when_gone_from_both) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  here.stage.ask(alice, kWatchBob);
  const auto near = here.login("bob");
  const auto far = there.login("bob");
  RTC_HEARS(here.stage, alice, presence("bob", "online"));
  here.stage.close(near);
  RTC_HEARS_NOTHING(here.stage, alice);
  there.stage.close(far);
  RTC_HEARS(here.stage, alice, presence("bob", "offline"));
}

RTC_TEST(who_may_not_be_seen_is_not_announced) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  here.stage.ask(alice, kWatchBob);
  there.login("bob", "");
  RTC_HEARS_NOTHING(here.stage, alice);
}

RTC_TEST(the_users_of_a_hub_that_is_gone_are_offline) {
  InProcessBackplane all;
  Node here(all);
  const auto alice = here.login("alice");
  here.stage.ask(alice, kWatchBob);
  {
    Node there(all);
    there.login("bob");
    RTC_HEARS(here.stage, alice, presence("bob", "online"));
  }
  RTC_HEARS(here.stage, alice, presence("bob", "offline"));
}
