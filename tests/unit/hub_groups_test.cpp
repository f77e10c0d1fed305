// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls to a group: one free member rings, and the next when that one does not take it.
#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

constexpr auto kGroup = R"(,"group":"support")";

ClientId member(HubStage& stage, const std::string& name) {
  const auto client = stage.connect();
  const auto reply =
      stage.ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1,"groups":["support"]})");
  RTC_ASSERT(reply.starts_with(R"({"type":"ok","id":"l")"));
  return client;
}

struct Desk {
  explicit Desk(HubStage& stage)
      : stage_(stage), caller(stage.fullUser("caller")), ann(member(stage, "ann")), ben(member(stage, "ben")) {}

  void dial() { RTC_ASSERT_EQ(stage_.ask(caller, call("c", "@support")), kOk); }

 private:
  HubStage& stage_;

 public:
  ClientId caller;
  ClientId ann;
  ClientId ben;
};

}  // namespace

RTC_TEST(a_call_to_a_group_rings_one_member_who_is_named_by_the_acceptance) {
  HubStage stage;
  Desk desk(stage);
  desk.dial();
  RTC_HEARS(stage, desk.ann, incoming("c", "caller", kGroup));
  RTC_HEARS_NOTHING(stage, desk.ben);
  stage.say(desk.ann, R"({"type":"ringing","call":"c"})");
  RTC_HEARS(stage, desk.caller, R"({"type":"ringing","call":"c","from":"@support"})");
  stage.say(desk.ann, R"({"type":"accept","call":"c"})");
  RTC_HEARS(stage, desk.caller, accepted("c", "ann"));
  stage.say(desk.caller, R"({"type":"offer","call":"c","offer":1})");
  RTC_HEARS(stage, desk.ann, R"({"type":"offer","call":"c","from":"caller","offer":1})");
  RTC_ASSERT_EQ(stage.ask(desk.caller, call("c", "@support")), kOk);
}

RTC_TEST(the_next_member_rings_when_one_declines) {
  HubStage stage;
  Desk desk(stage);
  desk.dial();
  stage.hear(desk.ann);
  RTC_ASSERT_EQ(stage.ask(desk.ann, about("decline", "c")), kOk);
  RTC_HEARS(stage, desk.ben, incoming("c", "caller", kGroup));
  RTC_REFUSES(stage, desk.ann, about("accept", "c"), "no_such_call");
  RTC_HEARS_NOTHING(stage, desk.caller);
  stage.say(desk.ben, R"({"type":"decline","call":"c"})");
  RTC_HEARS(stage, desk.caller, ended("c", "declined", "@support"));
}

RTC_TEST(the_next_member_rings_when_one_stays_silent) {
  HubStage stage;
  Desk desk(stage);
  desk.dial();
  stage.hear(desk.ann);
  stage.pass(Duration{14'999});
  RTC_HEARS_NOTHING(stage, desk.ben);
  stage.pass(Duration{1});
  RTC_HEARS(stage, desk.ann, ended("c", "timeout"));
  RTC_HEARS(stage, desk.ben, incoming("c", "caller", kGroup));
  stage.pass(Duration{15'000});
  RTC_HEARS(stage, desk.ben, ended("c", "timeout"));
  RTC_HEARS(stage, desk.caller, ended("c", "timeout", "@support"));
  RTC_ASSERT(!stage.hub().nextDeadline());
}

RTC_TEST(the_next_member_rings_when_one_is_lost) {
  HubStage stage;
  Desk desk(stage);
  desk.dial();
  stage.close(desk.ann);
  RTC_HEARS(stage, desk.ben, incoming("c", "caller", kGroup));
  stage.close(desk.ben);
  RTC_HEARS(stage, desk.caller, ended("c", "unavailable", "@support"));
}

RTC_TEST(who_talks_already_does_not_ring) {
  HubStage stage;
  Desk desk(stage);
  stage.say(desk.ann, call("d", "ben"));
  stage.forgetHeard();
  desk.dial();
  RTC_HEARS_NOTHING(stage, desk.ann);
  RTC_HEARS_NOTHING(stage, desk.ben);
  RTC_HEARS(stage, desk.caller, ended("c", "busy", "@support"));
}

RTC_TEST(a_group_without_members_is_unavailable_and_looks_like_one_that_is_not) {
  HubStage stage;
  const auto caller = stage.fullUser("caller");
  RTC_ASSERT_EQ(stage.ask(caller, call("c", "@support")), kOk);
  RTC_HEARS(stage, caller, ended("c", "unavailable", "@support"));
}

RTC_TEST(work_is_shared_by_who_was_left_alone_for_longest) {
  HubStage stage;
  Desk desk(stage);
  const auto other = stage.fullUser("other");
  desk.dial();
  stage.say(desk.ann, R"({"type":"decline","call":"c"})");
  stage.say(desk.ben, R"({"type":"decline","call":"c"})");
  stage.pass(Duration{1});
  stage.forgetHeard();
  for (int round = 0; round < 4; ++round) {
    stage.pass(Duration{1'000});
    const std::string id = "round" + std::to_string(round);
    stage.say(other, call(id, "@support"));
    RTC_HEARS(stage, round % 2 == 0 ? desk.ann : desk.ben, incoming(id, "other", kGroup));
    stage.say(other, about("cancel", id));
    stage.forgetHeard();
  }
}

RTC_TEST(a_member_does_not_ring_at_its_own_call) {
  HubStage stage;
  Desk desk(stage);
  RTC_ASSERT_EQ(stage.ask(desk.ann, call("c", "@support")), kOk);
  RTC_HEARS(stage, desk.ben, incoming("c", "ann", kGroup));
}

RTC_TEST(the_caller_gives_up_on_a_group) {
  HubStage stage;
  Desk desk(stage);
  desk.dial();
  stage.hear(desk.ann);
  stage.say(desk.caller, about("cancel", "c"));
  RTC_HEARS(stage, desk.ann, ended("c", "cancelled", "caller"));
  RTC_HEARS_NOTHING(stage, desk.ben);
}

RTC_TEST(the_whole_hunt_ends_with_the_ring_time) {
  HubStage stage;
  const auto caller = stage.fullUser("caller");
  std::vector<ClientId> members;
  for (int i = 0; i < 6; ++i) members.push_back(member(stage, "m" + std::to_string(i)));
  stage.say(caller, call("c", "@support"));
  stage.forgetHeard();
  for (int i = 0; i < 4; ++i) stage.pass(Duration{15'000});
  RTC_HEARS(stage, caller, ended("c", "timeout"));
  stage.forgetHeard();
  stage.pass(Duration{15'000});
  RTC_HEARS_NOTHING(stage, members[5]);
}

RTC_TEST(where_names_are_proved_the_token_says_who_is_in_a_group) {
  const WordOfMouth word;
  HubStage stage({.authenticator = &word});
  const auto caller = stage.device("caller");
  const auto ann = stage.connect();
  stage.ask(ann, R"({"type":"login","id":"l","name":"ann","version":1,"token":"of ann in support,sales"})");
  const auto mallory = stage.device("mallory", R"(,"groups":["support"])");
  stage.say(caller, call("c", "@support"));
  RTC_HEARS(stage, ann, incoming("c", "caller", kGroup));
  stage.say(ann, R"({"type":"decline","call":"c"})");
  RTC_HEARS_NOTHING(stage, mallory);
}
