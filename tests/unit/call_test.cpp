// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call.hpp"

#include <array>
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
  std::string operator()(const Call::ClosePeer& close) const {
    return "close " + std::string(signaling::word(close.reason));
  }
  std::string operator()(const Call::Announce& announce) const {
    const auto reason = announce.state == CallState::Ended ? ' ' + std::string(signaling::word(announce.reason)) : "";
    return "now " + std::string(word(announce.state)) + reason;
  }
  std::string operator()(const Call::SetTimer& timer) const {
    return timer.delay ? "timer " + std::to_string(timer.delay->count()) : "no timer";
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
  return Call("c1", "bob", Role::Caller, {Duration{60'000}, Duration{15'000}});
}

Call callee() {
  return Call("c1", "alice", Role::Callee, {Duration{60'000}, Duration{15'000}});
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
  Call call("c1", "bob", Role::Caller, {Duration{1'000}, Duration{2'000}});
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
