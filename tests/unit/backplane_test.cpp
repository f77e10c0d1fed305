// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Hubs that know of each other's users, and carry each other's calls, through the backplane and through nothing else.
#include <memory>

#include "signaling/server/in_process_backplane.hpp"
#include "tests/unit/hub_words.hpp"

using namespace rtc;
using namespace rtc::signaling;
using namespace rtc::testing;

namespace {

const WordOfMouth kWord;

/// A hub with its clients, joined with others. What follows at the others from anything here happens at once.
class Node {
 public:
  explicit Node(InProcessBackplane& all, const Authenticator* authenticator = nullptr)
      : all_(all),
        end_(
            all.join({[this](const std::string& user) { stage_.deliver(stage_.hub().heardOf(user)); },
                      [this](HubId from, const Parcel& parcel) { stage_.deliver(stage_.hub().received(from, parcel)); },
                      [this](HubId hub) { stage_.deliver(stage_.hub().lost(hub)); }})),
        stage_({.authenticator = authenticator, .backplane = end_.get()}) {}
  ~Node() {
    end_.reset();
    all_.deliver();
  }

  HubStage& stage() { return stage_; }
  HubCounters counters() { return stage_.hub().counters(); }

  ClientId login(const std::string& name, const std::string& more = R"(,"visible":true)") {
    const auto client = stage_.connect();
    const auto reply = ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1)" + more + "}");
    ck_assert_msg(reply.starts_with(R"({"type":"ok")"), "%s", reply.c_str());
    resume_ = reply.substr(reply.find(R"("resume":")") + 10);
    resume_ = resume_.substr(0, resume_.find('"'));
    return client;
  }
  /// Of the last login.
  const std::string& resume() const { return resume_; }
  void say(ClientId client, const std::string& text) {
    stage_.say(client, text);
    all_.deliver();
  }
  /// Without what follows elsewhere.
  void sayOnly(ClientId client, const std::string& text) { stage_.say(client, text); }
  std::string hear(ClientId client) { return stage_.hear(client); }
  std::string ask(ClientId client, const std::string& text) {
    say(client, text);
    return hear(client);
  }
  void close(ClientId client) {
    stage_.close(client);
    all_.deliver();
  }
  void pass(Duration time) {
    stage_.pass(time);
    all_.deliver();
  }

 private:
  InProcessBackplane& all_;
  std::unique_ptr<Backplane> end_;
  HubStage stage_;
  std::string resume_;
};

std::string presence(const std::string& user, const std::string& state) {
  return R"({"type":"presence","user":")" + user + R"(","state":")" + state + "\"}";
}

constexpr auto kWatchBob = R"({"type":"watch","id":"r","users":["bob"]})";

std::string bobIs(const std::string& state) {
  return R"({"type":"ok","id":"r","presence":[{"user":"bob","state":")" + state + R"("}]})";
}

std::string payload(const std::string& type, const std::string& id, const std::string& what,
                    const std::string& from = "") {
  return R"({"type":")" + type + R"(","call":")" + id + "\"" + (from.empty() ? "" : R"(,"from":")" + from + "\"") +
         ",\"" + type + "\":" + what + "}";
}

std::string says(const std::string& type, const std::string& id) {
  return R"({"type":")" + type + R"(","call":")" + id + "\"}";
}

std::string token(const std::string& rest) {
  return R"(,"token":")" + rest + "\"";
}

/// alice, at one hub, and bob, at another, in a connected call `c`.
struct CallAcross {
  InProcessBackplane all;
  Node here{all};
  std::unique_ptr<Node> there = std::make_unique<Node>(all);
  ClientId alice = here.login("alice");
  ClientId bob = there->login("bob");

  CallAcross() {
    RTC_ASSERT_EQ(here.ask(alice, call("c", "bob")), kOk);
    RTC_ASSERT_EQ(there->hear(bob), incoming("c", "alice"));
    RTC_ASSERT_EQ(there->ask(bob, about("accept", "c")), kOk);
    RTC_ASSERT_EQ(here.hear(alice), accepted("c", "bob"));
    here.say(alice, says("connected", "c"));
    there->say(bob, says("connected", "c"));
    RTC_ASSERT_EQ(here.counters().calls_connected, 1U);
  }
};

}  // namespace

// --- Presence --------------------------------------------------------------------------------------------------------

RTC_TEST(a_watcher_is_told_of_a_user_at_another_hub) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  RTC_ASSERT_EQ(here.ask(alice, kWatchBob), bobIs("offline"));
  const auto bob = there.login("bob");
  RTC_HEARS(here, alice, presence("bob", "online"));
  const auto carol = there.login("carol");
  there.say(carol, call("c", "bob"));
  RTC_HEARS(here, alice, presence("bob", "busy"));
  there.close(bob);
  RTC_HEARS(here, alice, presence("bob", "offline"));
  RTC_HEARS_NOTHING(here, alice);
}

RTC_TEST(who_comes_later_knows_who_is_there) {
  InProcessBackplane all;
  Node here(all);
  here.login("bob");
  Node there(all);
  RTC_ASSERT_EQ(there.ask(there.login("alice"), kWatchBob), bobIs("online"));
}

RTC_TEST(a_user_at_two_hubs_is_as_at_the_busier_one_and_gone_when_gone_from_both) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  here.ask(alice, kWatchBob);
  const auto near = here.login("bob");
  const auto far = there.login("bob");
  RTC_HEARS(here, alice, presence("bob", "online"));
  here.close(near);
  RTC_HEARS_NOTHING(here, alice);
  there.close(far);
  RTC_HEARS(here, alice, presence("bob", "offline"));
}

RTC_TEST(who_may_not_be_seen_is_seen_nowhere_and_can_be_called) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  here.ask(alice, kWatchBob);
  const auto bob = there.login("bob", "");
  RTC_HEARS_NOTHING(here, alice);
  RTC_ASSERT_EQ(here.ask(alice, call("c", "bob")), kOk);
  RTC_HEARS(there, bob, incoming("c", "alice"));
  RTC_HEARS_NOTHING(here, alice);
}

RTC_TEST(the_users_of_a_hub_that_is_gone_are_offline) {
  InProcessBackplane all;
  Node here(all);
  const auto alice = here.login("alice");
  here.ask(alice, kWatchBob);
  {
    Node there(all);
    there.login("bob");
    RTC_HEARS(here, alice, presence("bob", "online"));
  }
  RTC_HEARS(here, alice, presence("bob", "offline"));
}

// --- Calls -----------------------------------------------------------------------------------------------------------

RTC_TEST(a_call_across_hubs_is_as_one_within) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  const auto bob = there.login("bob");
  RTC_ASSERT_EQ(here.ask(alice, call("c", "bob")), kOk);
  RTC_HEARS(there, bob, incoming("c", "alice"));
  there.say(bob, says("ringing", "c"));
  RTC_HEARS(here, alice, R"({"type":"ringing","call":"c","from":"bob"})");
  RTC_ASSERT_EQ(there.ask(bob, about("accept", "c")), kOk);
  RTC_HEARS(here, alice, accepted("c", "bob"));
  here.say(alice, payload("offer", "c", R"({"sdp":"o"})"));
  RTC_HEARS(there, bob, payload("offer", "c", R"({"sdp":"o"})", "alice"));
  there.say(bob, payload("answer", "c", R"({"sdp":"a"})"));
  RTC_HEARS(here, alice, payload("answer", "c", R"({"sdp":"a"})", "bob"));
  for (int i = 0; i < 3; ++i) {
    here.say(alice, payload("candidate", "c", std::to_string(i)));
    RTC_HEARS(there, bob, payload("candidate", "c", std::to_string(i), "alice"));
    there.say(bob, payload("candidate", "c", std::to_string(i)));
    RTC_HEARS(here, alice, payload("candidate", "c", std::to_string(i), "bob"));
  }
  RTC_ASSERT_EQ(there.ask(bob, about("leave", "c")), kOk);
  RTC_HEARS(here, alice, ended("c", "hangup", "bob"));
  // Nothing is left of it, on either side.
  RTC_ASSERT_EQ(there.ask(bob, about("leave", "c")).substr(0, error("no_such_call").size()), error("no_such_call"));
  RTC_ASSERT_EQ(here.counters().sessions, 1U);
  RTC_ASSERT_EQ(here.counters().calls_now, 0U);
  RTC_HEARS_NOTHING(here, alice);
  RTC_HEARS_NOTHING(there, bob);
}

RTC_TEST(rules_of_a_call_hold_across_hubs) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  const auto bob = there.login("bob");
  const auto mallory = there.login("mallory");
  here.ask(alice, call("c", "bob"));
  there.hear(bob);
  // Only parties speak, only callees accept, nothing is relayed before, and an id is had once.
  RTC_REFUSES(there, mallory, about("accept", "c"), "no_such_call");
  RTC_REFUSES(there, bob, about("cancel", "c"), "wrong_state");
  RTC_REFUSES(there, bob, R"({"type":"candidate","id":"r","call":"c","candidate":1})", "wrong_state");
  RTC_REFUSES(there, mallory, call("c", "bob"), "call_exists");
  RTC_REFUSES(here, alice, call("d", "nobody"), "unavailable");
  RTC_HEARS_NOTHING(here, alice);
}

RTC_TEST(a_call_across_hubs_is_declined_cancelled_or_times_out_at_both_ends) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  const auto bob = there.login("bob");
  here.ask(alice, call("c1", "bob"));
  there.hear(bob);
  RTC_ASSERT_EQ(there.ask(bob, R"({"type":"decline","id":"r","call":"c1","reason":"busy"})"), kOk);
  RTC_HEARS(here, alice, ended("c1", "busy", "bob"));
  here.ask(alice, call("c2", "bob"));
  there.hear(bob);
  RTC_ASSERT_EQ(here.ask(alice, about("cancel", "c2")), kOk);
  RTC_HEARS(there, bob, ended("c2", "cancelled", "alice"));
  here.ask(alice, call("c3", "bob"));
  there.hear(bob);
  here.pass(Duration{60'000});
  RTC_HEARS(here, alice, ended("c3", "timeout"));
  RTC_HEARS(there, bob, ended("c3", "timeout"));
  RTC_ASSERT_EQ(here.counters().sessions, 1U);
}

RTC_TEST(all_devices_ring_wherever_they_are_and_the_first_to_accept_has_the_call) {
  InProcessBackplane all;
  Node here(all, &kWord);
  Node there(all, &kWord);
  const auto alice = here.login("alice", token("of alice"));
  const auto near = here.login("bob", token("of bob"));
  const auto far = there.login("bob", token("of bob"));
  here.ask(alice, call("c", "bob"));
  RTC_HEARS(here, near, incoming("c", "alice"));
  RTC_HEARS(there, far, incoming("c", "alice"));
  // One that comes late rings, too, and one that is busy does not end it.
  const auto late = there.login("bob", token("of bob"));
  RTC_HEARS(there, late, incoming("c", "alice"));
  there.say(far, R"({"type":"decline","call":"c","reason":"busy"})");
  RTC_HEARS_NOTHING(here, alice);
  there.say(late, says("accept", "c"));
  RTC_HEARS(here, alice, accepted("c", "bob"));
  RTC_HEARS(here, near, ended("c", "answered_elsewhere", "bob"));
  RTC_HEARS_NOTHING(there, far);
}

RTC_TEST(who_call_each_other_at_once_have_one_call) {
  for (const bool ours_is_less : {true, false}) {
    InProcessBackplane all;
    Node here(all);
    Node there(all);
    const auto alice = here.login("alice");
    const auto bob = there.login("bob");
    const std::string ours = ours_is_less ? "c1" : "c2";
    const std::string theirs = ours_is_less ? "c2" : "c1";
    here.sayOnly(alice, call(ours, "bob"));
    there.say(bob, call(theirs, "alice"));
    RTC_HEARS(here, alice, kOk);
    RTC_HEARS(there, bob, kOk);
    auto& winner = ours_is_less ? here : there;
    auto& loser = ours_is_less ? there : here;
    const auto winning = ours_is_less ? alice : bob;
    const auto losing = ours_is_less ? bob : alice;
    const std::string loses = ended("c2", "glare_lost");
    const auto first = loser.hear(losing);
    const auto second = loser.hear(losing);
    ck_assert_msg((first == loses && second == incoming("c1", ours_is_less ? "alice" : "bob")) ||
                      (second == loses && first == incoming("c1", ours_is_less ? "alice" : "bob")),
                  "%s and %s", first.c_str(), second.c_str());
    RTC_HEARS_NOTHING(winner, winning);
    RTC_ASSERT_EQ(here.counters().calls_now + there.counters().calls_now, 1U);
  }
}

RTC_TEST(a_group_has_its_members_at_all_hubs) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  const auto bob = there.login("bob", R"(,"groups":["support"])");
  const auto carol = here.login("carol", R"(,"groups":["support"])");
  const std::string mine = R"(,"group":"support")";
  here.ask(alice, call("c", "@support"));
  RTC_HEARS(there, bob, incoming("c", "alice", mine));
  RTC_HEARS_NOTHING(here, carol);
  there.say(bob, says("decline", "c"));
  RTC_HEARS(here, carol, incoming("c", "alice", mine));
  here.say(carol, says("accept", "c"));
  RTC_HEARS(here, alice, accepted("c", "carol"));
  // Whoever is in a call is not rung, wherever the call is.
  const auto dora = there.login("dora");
  there.say(bob, call("d", "dora"));
  there.hear(dora);
  const auto emil = here.login("emil");
  RTC_ASSERT_EQ(here.ask(emil, call("e", "@support")), kOk);
  RTC_HEARS(here, emil, ended("e", "busy", "@support"));
}

// --- Losses ----------------------------------------------------------------------------------------------------------

RTC_TEST(a_party_that_is_lost_hears_at_its_return_what_was_said) {
  CallAcross two;
  const auto secret = two.there->resume();
  two.there->close(two.bob);
  two.here.say(two.alice, payload("candidate", "c", "1"));
  RTC_HEARS_NOTHING(two.here, two.alice);
  const auto back = two.there->login("bob", R"(,"resume":")" + secret + "\"");
  RTC_HEARS(*two.there, back, payload("candidate", "c", "1", "alice"));
  two.there->say(back, payload("candidate", "c", "2"));
  RTC_HEARS(two.here, two.alice, payload("candidate", "c", "2", "bob"));
}

RTC_TEST(a_party_that_stays_away_is_lost) {
  CallAcross two;
  two.there->close(two.bob);
  two.there->pass(Duration{30'000});
  RTC_HEARS(two.here, two.alice, ended("c", "peer_lost", "bob"));
  RTC_ASSERT_EQ(two.there->counters().sessions, 0U);
  RTC_ASSERT_EQ(two.here.counters().sessions, 1U);
}

RTC_TEST(a_callee_that_leaves_while_it_rings_is_gone_at_once) {
  InProcessBackplane all;
  Node here(all);
  Node there(all);
  const auto alice = here.login("alice");
  const auto bob = there.login("bob");
  here.ask(alice, call("c", "bob"));
  there.close(bob);
  RTC_HEARS(here, alice, ended("c", "unavailable", "bob"));
  RTC_ASSERT_EQ(there.counters().sessions, 0U);
}

RTC_TEST(without_tickets_a_call_ends_with_the_hub_of_a_party) {
  CallAcross two;
  two.there.reset();
  RTC_HEARS(two.here, two.alice, ended("c", "peer_lost", "bob"));
}

RTC_TEST(a_call_outlives_the_hub_of_a_party_and_is_taken_up_at_others) {
  InProcessBackplane all;
  Node here(all);
  auto there = std::make_unique<Node>(all);
  Node third(all);
  constexpr auto kCounts = R"(,"ack":0)";
  const auto alice = here.login("alice", kCounts);
  const auto bob = there->login("bob", kCounts);
  here.say(alice, R"({"type":"call","id":"r","call":"c","to":"bob","seq":1})");
  there->say(bob, R"({"type":"accept","call":"c","seq":1})");
  std::string ticket;
  for (std::string text = here.hear(alice); text != "(nothing)"; text = here.hear(alice)) {
    if (text.starts_with(R"({"type":"ticket")")) ticket = text;
  }
  RTC_ASSERT(ticket.find(R"("with":"bob","role":"caller")") != std::string::npos);
  const auto secret_at = ticket.find(R"("secret":")") + 10;
  const auto secret = ticket.substr(secret_at, ticket.find('"', secret_at) - secret_at);

  there.reset();
  RTC_HEARS(here, alice, "(close 1001)");
  here.close(alice);
  RTC_ASSERT_EQ(here.counters().sessions, 0U);
  const auto alice_again = here.login("alice", kCounts);
  const auto bob_again = third.login("bob", kCounts);
  const auto claims = [&](const std::string& with, const std::string& role) {
    return R"({"type":"reattach","id":"r","seq":1,"call":"c","with":")" + with + R"(","role":")" + role +
           R"(","secret":")" + secret + "-long-enough\"}";
  };
  third.say(bob_again, claims("alice", "callee"));
  here.say(alice_again, claims("bob", "caller"));
  third.hear(bob_again);
  here.hear(alice_again);
  here.say(alice_again, R"({"type":"candidate","call":"c","candidate":1,"seq":2})");
  RTC_ASSERT(third.hear(bob_again).starts_with(payload("candidate", "c", "1", "alice").substr(0, 40)));
  third.say(bob_again, R"({"type":"leave","call":"c","seq":2})");
  RTC_ASSERT(here.hear(alice_again).starts_with(R"({"type":"ended","call":"c","reason":"hangup","by":"bob")"));
  RTC_ASSERT_EQ(here.counters().calls_reattached + third.counters().calls_reattached, 1U);
  RTC_ASSERT_EQ(here.counters().sessions, 1U);
  RTC_ASSERT_EQ(third.counters().sessions, 1U);
}
