// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call.hpp"

#include <array>
#include <initializer_list>
#include <string>

#include "tests/support/check.hpp"

using namespace rtc::core;
using rtc::Duration;
namespace signaling = rtc::signaling;

namespace {

/// What is said to the service, in a few words.
struct SaidToService {
  std::string operator()(const signaling::Call& call) const { return "call " + call.call + " to " + call.to; }
  std::string operator()(const signaling::Ringing& ringing) const { return "ringing " + ringing.call; }
  std::string operator()(const signaling::Accept& accept) const { return "accept " + accept.call; }
  std::string operator()(const signaling::Decline& decline) const {
    return "decline " + decline.call + ' ' + std::string(signaling::word(decline.reason));
  }
  std::string operator()(const signaling::Cancel& cancel) const { return "cancel " + cancel.call; }
  std::string operator()(const signaling::Connected& connected) const { return "connected " + connected.call; }
  std::string operator()(const signaling::Reconnect& reconnect) const {
    return "reconnect " + reconnect.call + ' ' + std::to_string(reconnect.connection);
  }
  std::string operator()(const signaling::Leave& leave) const {
    return "leave " + leave.call + leave.name + ' ' + std::string(signaling::word(leave.reason));
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "something else";
  }
};

struct Said {
  std::string operator()(const Call::Send& send) const { return "say " + std::visit(SaidToService{}, send.body); }
  std::string operator()(const Call::OpenPeer& open) const {
    return open.role == Role::Caller ? "open as caller" : "open as callee";
  }
  std::string operator()(const Call::BeginNegotiation&) const { return "begin"; }
  std::string operator()(const Call::DropPeer&) const { return "drop"; }
  std::string operator()(const Call::ClosePeer& close) const {
    return "close " + std::string(signaling::word(close.reason));
  }
  std::string operator()(const Call::Announce& announce) const {
    const auto reason = announce.state == CallState::Ended ? ' ' + std::string(signaling::word(announce.reason)) : "";
    return "now " + std::string(word(announce.state)) + reason;
  }
  std::string operator()(const Call::SetTimer& timer) const {
    const std::string name = timer.timer == Call::Timer::Attempt ? "attempt timer" : "timer";
    return timer.delay ? name + ' ' + std::to_string(timer.delay->count()) : "no " + name;
  }
};

std::string said(const Call::Actions& actions) {
  std::string text;
  for (const auto& action : actions) text += (text.empty() ? "" : "; ") + std::visit(Said{}, action);
  return text;
}

std::string ends(const std::string& reason, const std::string& farewell = {}) {
  return (farewell.empty() ? "" : "say " + farewell + "; ") + "no timer; close " + reason + "; now ended " + reason;
}

Call caller() {
  return Call("c1", "bob", Role::Caller, {Duration{60'000}, Duration{15'000}, Duration{30'000}});
}

Call callee() {
  return Call("c1", "alice", Role::Callee, {Duration{60'000}, Duration{15'000}, Duration{30'000}});
}

/// A call on which these events came.
Call after(Call call, std::initializer_list<Call::Event> events) {
  call.start();
  for (const auto& event : events) call.on(event);
  return call;
}

constexpr std::array<const char*, 11> kEvents = {"PeerRings",  "PeerAccepts", "UserAccepts", "UserDeclines",
                                                 "UserLeaves", "ServiceEnds", "PeerLeaves",  "MediaConnects",
                                                 "MediaFails", "ServiceLost", "TimerExpires"};

Call::Event eventAt(std::size_t index) {
  const std::array<Call::Event, 11> events = {Call::PeerRings{},
                                              Call::PeerAccepts{},
                                              Call::UserAccepts{},
                                              Call::UserDeclines{Reason::Busy},
                                              Call::UserLeaves{},
                                              Call::ServiceEnds{Reason::GlareLost},
                                              Call::PeerLeaves{Reason::Hangup},
                                              Call::MediaConnects{},
                                              Call::MediaFails{Reason::FingerprintMismatch},
                                              Call::ServiceLost{},
                                              Call::TimerExpires{}};
  return events[index];
}

struct Outcome {
  std::string said;
  CallState state;
};

/// Gives each event to a call of its own, in the order of `kEvents`.
void expect(const Call& call, const std::array<Outcome, 11>& outcomes) {
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    auto one = call;
    const auto actions = said(one.on(eventAt(i)));
    ck_assert_msg(actions == outcomes[i].said, "%s: %s, expected %s", kEvents[i], actions.c_str(),
                  outcomes[i].said.c_str());
    ck_assert_msg(one.state() == outcomes[i].state, "%s: the state is %s", kEvents[i],
                  std::string(word(one.state())).c_str());
  }
}

const Outcome kServiceEnds = {ends("glare_lost"), CallState::Ended};
const Outcome kPeerLeaves = {ends("hangup", "leave c1 hangup"), CallState::Ended};

}  // namespace

RTC_TEST(a_caller_calls_and_makes_ready) {
  auto call = caller();
  RTC_ASSERT_EQ(said(call.start()), "now calling; say call c1 to bob; timer 60000; open as caller");
  RTC_ASSERT(call.state() == CallState::Calling);
  RTC_ASSERT_EQ(call.id(), "c1");
  RTC_ASSERT_EQ(call.peer(), "bob");
}

RTC_TEST(a_callee_rings) {
  auto call = callee();
  RTC_ASSERT_EQ(said(call.start()), "say ringing c1; timer 60000; now ringing");
  RTC_ASSERT(call.state() == CallState::Ringing);
}

RTC_TEST(every_event_while_calling) {
  const auto same = CallState::Calling;
  const Outcome accepted = {"timer 15000; now accepted; begin", CallState::Accepted};
  expect(after(caller(), {}), {{{"now ringing", CallState::Ringing},
                                accepted,
                                {"", same},
                                {"", same},
                                {ends("cancelled", "cancel c1"), CallState::Ended},
                                kServiceEnds,
                                kPeerLeaves,
                                {"", same},
                                {ends("fingerprint_mismatch", "cancel c1"), CallState::Ended},
                                {ends("unavailable"), CallState::Ended},
                                {ends("timeout", "cancel c1"), CallState::Ended}}});
}

RTC_TEST(every_event_while_the_callees_phone_rings) {
  const auto same = CallState::Ringing;
  const Outcome accepted = {"timer 15000; now accepted; begin", CallState::Accepted};
  expect(after(caller(), {Call::PeerRings{}}), {{{"", same},
                                                 accepted,
                                                 {"", same},
                                                 {"", same},
                                                 {ends("cancelled", "cancel c1"), CallState::Ended},
                                                 kServiceEnds,
                                                 kPeerLeaves,
                                                 {"", same},
                                                 {ends("fingerprint_mismatch", "cancel c1"), CallState::Ended},
                                                 {ends("unavailable"), CallState::Ended},
                                                 {ends("timeout", "cancel c1"), CallState::Ended}}});
}

RTC_TEST(every_event_while_our_phone_rings) {
  const auto same = CallState::Ringing;
  const Outcome accepted = {"timer 15000; open as callee; say accept c1; now accepted", CallState::Accepted};
  expect(after(callee(), {}), {{{"", same},
                                {"", same},
                                accepted,
                                {ends("busy", "decline c1 busy"), CallState::Ended},
                                {ends("declined", "decline c1 declined"), CallState::Ended},
                                kServiceEnds,
                                kPeerLeaves,
                                {"", same},
                                {ends("fingerprint_mismatch", "decline c1 declined"), CallState::Ended},
                                {ends("unavailable"), CallState::Ended},
                                {ends("timeout"), CallState::Ended}}});
}

RTC_TEST(every_event_while_the_peers_connect) {
  const auto same = CallState::Accepted;
  for (const auto& call : {after(caller(), {Call::PeerAccepts{}}), after(callee(), {Call::UserAccepts{}})}) {
    expect(call, {{{"", same},
                   {"", same},
                   {"", same},
                   {"", same},
                   {ends("hangup", "leave c1 hangup"), CallState::Ended},
                   kServiceEnds,
                   kPeerLeaves,
                   {"no timer; say connected c1; now connected", CallState::Connected},
                   {ends("fingerprint_mismatch", "leave c1 fingerprint_mismatch"), CallState::Ended},
                   {"", same},
                   {ends("ice_failed", "leave c1 ice_failed"), CallState::Ended}}});
  }
}

RTC_TEST(every_event_while_connected) {
  const auto same = CallState::Connected;
  for (const auto& call : {after(caller(), {Call::PeerAccepts{}, Call::MediaConnects{}}),
                           after(callee(), {Call::UserAccepts{}, Call::MediaConnects{}})}) {
    expect(call, {{{"", same},
                   {"", same},
                   {"", same},
                   {"", same},
                   {ends("hangup", "leave c1 hangup"), CallState::Ended},
                   kServiceEnds,
                   kPeerLeaves,
                   {"", same},
                   {ends("fingerprint_mismatch", "leave c1 fingerprint_mismatch"), CallState::Ended},
                   {"", same},
                   {"", same}}});
  }
}

RTC_TEST(nothing_follows_the_end) {
  const Outcome nothing = {"", CallState::Ended};
  std::array<Outcome, 11> outcomes;
  outcomes.fill(nothing);
  for (const auto& call : {caller(), callee()}) {
    for (std::size_t i = 0; i < kEvents.size(); ++i) {
      auto ended = after(call, {eventAt(i), Call::ServiceEnds{}});
      RTC_ASSERT(ended.state() == CallState::Ended);
      expect(ended, outcomes);
    }
  }
}

RTC_TEST(the_service_may_give_any_reason) {
  for (const auto reason : {Reason::Busy, Reason::AnsweredElsewhere, Reason::Unavailable, Reason::ServerShutdown}) {
    RTC_ASSERT_EQ(said(after(caller(), {}).on(Call::ServiceEnds{reason})), ends(std::string(signaling::word(reason))));
  }
}

RTC_TEST(the_timers_are_the_sessions) {
  Call call("c1", "bob", Role::Caller, {Duration{1'000}, Duration{2'000}, Duration{3'000}});
  RTC_ASSERT_EQ(said(call.start()), "now calling; say call c1 to bob; timer 1000; open as caller");
  RTC_ASSERT_EQ(said(call.on(Call::PeerAccepts{})), "timer 2000; now accepted; begin");
}

RTC_TEST(whoever_of_a_group_accepts_is_the_peer_from_then_on) {
  Call call("c", "@support", Role::Caller, {});
  call.start();
  call.on(Call::PeerAccepts{"ann"});
  RTC_ASSERT_EQ(call.peer(), "ann");
  call.on(Call::PeerAccepts{"ben"});
  RTC_ASSERT_EQ(call.peer(), "ann");
}

// --- A connection that is lost ---------------------------------------------------------------------------------------

namespace {

const Call::PeerDescribes kAnswered = {DescriptionType::Answer, 1};
const Call::PeerDescribes kOffered = {DescriptionType::Offer, 1};

Call connectedCaller() {
  return after(caller(), {Call::PeerAccepts{}, kAnswered, Call::MediaConnects{}});
}

Call connectedCallee() {
  return after(callee(), {Call::UserAccepts{}, kOffered, Call::MediaConnects{}});
}

const Call::MediaFails kLost = {Reason::PeerLost};
const Call::TimerExpires kAttemptOver = {Call::Timer::Attempt};

std::string on(Call& call, const Call::Event& event) {
  return said(call.on(event));
}

}  // namespace

RTC_TEST(a_caller_that_loses_its_connection_offers_the_next_one) {
  auto call = connectedCaller();
  RTC_ASSERT_EQ(on(call, kLost),
                "drop; timer 30000; now reconnecting; attempt timer 4000; drop; open as caller; begin");
  RTC_ASSERT(call.state() == CallState::Reconnecting);
  RTC_ASSERT_EQ(call.connection(), 2);
  RTC_ASSERT_EQ(on(call, Call::MediaConnects{}), "no timer; no attempt timer; now connected");
  RTC_ASSERT(call.state() == CallState::Connected);
}

RTC_TEST(a_callee_that_loses_its_connection_asks_and_is_offered) {
  auto call = connectedCallee();
  RTC_ASSERT_EQ(on(call, kLost), "drop; timer 30000; now reconnecting; drop; say reconnect c1 2; attempt timer 4000");
  RTC_ASSERT_EQ(call.connection(), 1);
  RTC_ASSERT_EQ(on(call, Call::PeerDescribes{DescriptionType::Offer, 2}), "attempt timer 6000; drop; open as callee");
  RTC_ASSERT_EQ(call.connection(), 2);
  RTC_ASSERT_EQ(on(call, Call::MediaConnects{}), "no timer; no attempt timer; now connected");
}

RTC_TEST(who_has_noticed_nothing_follows_the_other) {
  auto call = connectedCaller();
  const auto begins = "drop; timer 30000; now reconnecting; attempt timer 4000; drop; open as ";
  RTC_ASSERT_EQ(on(call, Call::PeerReconnects{2}), std::string(begins) + "caller; begin");
  auto callee = connectedCallee();
  RTC_ASSERT_EQ(on(callee, Call::PeerDescribes{DescriptionType::Offer, 2}), std::string(begins) + "callee");
}

RTC_TEST(both_notice_at_once_and_one_connection_is_made) {
  auto caller = connectedCaller();
  auto callee = connectedCallee();
  caller.on(kLost);
  callee.on(kLost);
  RTC_ASSERT_EQ(on(caller, Call::PeerReconnects{2}), "");
  RTC_ASSERT_EQ(on(callee, Call::PeerDescribes{DescriptionType::Offer, 2}), "attempt timer 6000; drop; open as callee");
  RTC_ASSERT_EQ(caller.connection(), 2);
  RTC_ASSERT_EQ(callee.connection(), 2);
}

RTC_TEST(an_attempt_that_fails_is_followed_by_the_next_when_its_time_is_over) {
  auto caller = connectedCaller();
  caller.on(kLost);
  RTC_ASSERT_EQ(on(caller, Call::MediaFails{Reason::IceFailed}), "drop");
  RTC_ASSERT_EQ(on(caller, kAttemptOver), "attempt timer 6000; drop; open as caller; begin");
  RTC_ASSERT_EQ(on(caller, kAttemptOver), "attempt timer 9000; drop; open as caller; begin");
  RTC_ASSERT_EQ(caller.connection(), 4);
  auto callee = connectedCallee();
  callee.on(kLost);
  RTC_ASSERT_EQ(on(callee, kAttemptOver), "drop; say reconnect c1 2; attempt timer 6000");
}

RTC_TEST(a_call_that_does_not_come_back_ends) {
  for (auto call : {connectedCaller(), connectedCallee()}) {
    call.on(kLost);
    RTC_ASSERT_EQ(on(call, Call::TimerExpires{}),
                  "no attempt timer; say leave c1 media_failed; no timer; close media_failed; now ended media_failed");
  }
}

RTC_TEST(without_the_service_nothing_is_tried_until_it_is_back) {
  for (auto call : {connectedCaller(), connectedCallee()}) {
    RTC_ASSERT_EQ(on(call, Call::ServiceLost{}), "");
    RTC_ASSERT_EQ(on(call, kLost), "drop; timer 30000; now reconnecting");
    RTC_ASSERT_EQ(on(call, Call::NetworkChanges{}), "");
    RTC_ASSERT(on(call, Call::ServiceBack{}).find("attempt timer 4000") != std::string::npos);
  }
}

RTC_TEST(another_network_is_another_chance) {
  auto call = connectedCaller();
  RTC_ASSERT_EQ(on(call, Call::NetworkChanges{}), "");
  call.on(kLost);
  call.on(kAttemptOver);
  RTC_ASSERT_EQ(on(call, Call::NetworkChanges{}), "attempt timer 4000; drop; open as caller; begin");
}

RTC_TEST(what_belongs_to_a_connection_that_is_gone_changes_nothing) {
  auto caller = connectedCaller();
  caller.on(kLost);
  for (const int old : {-1, 0, 1, 2, Call::kMaxConnection + 1}) {
    RTC_ASSERT_EQ(on(caller, Call::PeerReconnects{old}), "");
  }
  RTC_ASSERT_EQ(on(caller, Call::PeerDescribes{DescriptionType::Answer, 3}), "");
  auto callee = connectedCallee();
  callee.on(Call::PeerDescribes{DescriptionType::Offer, 7});
  for (const int old : {1, 2, 6, 7}) {
    RTC_ASSERT_EQ(on(callee, Call::PeerDescribes{DescriptionType::Offer, old}), "");
  }
  RTC_ASSERT_EQ(callee.connection(), 7);
}

RTC_TEST(a_peer_cannot_make_us_begin_without_end) {
  auto call = connectedCallee();
  for (int connection = 2; connection < 100; ++connection) {
    call.on(Call::PeerDescribes{DescriptionType::Offer, connection});
  }
  RTC_ASSERT_EQ(call.connection(), 1 + Call::kMaxDemands);
  // The next loss is another.
  call.on(Call::MediaConnects{});
  call.on(Call::PeerDescribes{DescriptionType::Offer, 100});
  RTC_ASSERT_EQ(call.connection(), 100);
}

RTC_TEST(a_callee_that_is_not_connected_yet_takes_the_next_connection_too) {
  auto call = after(callee(), {Call::UserAccepts{}, kOffered});
  RTC_ASSERT_EQ(on(call, Call::PeerDescribes{DescriptionType::Offer, 2}), "drop; open as callee");
  RTC_ASSERT_EQ(on(call, Call::MediaConnects{}), "no timer; say connected c1; now connected");
}

RTC_TEST(a_call_ends_with_its_connection_where_no_new_one_can_be) {
  const auto over = ends("peer_lost", "leave c1 peer_lost");
  // A peer that says no numbers does not know how.
  auto foreign =
      after(caller(), {Call::PeerAccepts{}, Call::PeerDescribes{DescriptionType::Answer, {}}, Call::MediaConnects{}});
  RTC_ASSERT_EQ(on(foreign, kLost), over);
  // The user does not want it.
  Call unwilling("c1", "bob", Role::Caller, {Duration{1}, Duration{1}, Duration{0}});
  unwilling = after(unwilling, {Call::PeerAccepts{}, kAnswered, Call::MediaConnects{}});
  RTC_ASSERT_EQ(on(unwilling, kLost), over);
  // A new one would be no better.
  auto forged = connectedCaller();
  RTC_ASSERT_EQ(on(forged, Call::MediaFails{Reason::FingerprintMismatch, true}),
                ends("fingerprint_mismatch", "leave c1 fingerprint_mismatch"));
}

RTC_TEST(a_call_that_tries_again_can_be_hung_up_by_either) {
  for (const auto& event :
       {Call::Event(Call::UserLeaves{}), Call::Event(Call::ServiceEnds{}), Call::Event(Call::PeerLeaves{})}) {
    auto call = connectedCaller();
    call.on(kLost);
    const auto text = on(call, event);
    RTC_ASSERT(text.starts_with("no attempt timer; ") && text.ends_with("now ended hangup"));
    RTC_ASSERT_EQ(on(call, kAttemptOver), "");
  }
}
