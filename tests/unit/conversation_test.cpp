// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/conversation.hpp"

#include "signaling/protocol/codec.hpp"
#include "tests/support/check.hpp"

using namespace rtc::signaling;

namespace {

LoggedIn welcome(bool resumed, std::optional<int> ack) {
  LoggedIn login{"alice", "secret", {}, resumed};
  login.ack = ack;
  return login;
}

std::string shown(const std::vector<ClientMessage>& messages) {
  std::string text;
  for (const auto& message : messages) text += encode(message) + "\n";
  return text;
}

/// In a counted conversation, with a ticket for the call `c`.
struct Talking : Conversation {
  Talking() {
    begin(welcome(false, 0));
    take(Ticket{"c", "bob", CallRole::Caller, "s3cret"}, {1, 0});
  }
};

}  // namespace

RTC_TEST(a_service_that_does_not_count_gets_plain_messages) {
  Conversation talk;
  RTC_ASSERT(talk.begin(welcome(false, {})).empty());
  RTC_ASSERT(!talk.lasts());
  RTC_ASSERT_EQ(encode(talk.number({"1", ListUsers{}})), R"({"type":"users","id":"1"})");
  RTC_ASSERT(talk.take(PeerRinging{"c", "bob"}, {}));
  RTC_ASSERT(!talk.owedWord());
}

RTC_TEST(what_the_service_missed_is_said_again_with_its_old_number) {
  Talking talk;
  talk.number({"", Connected{"c"}});
  talk.number({"", Candidate{"c", "", {"1"}}});
  talk.take(PeerRinging{"c", "bob"}, {2, 1});
  Login login{"alice", 1};
  talk.prepare(login);
  RTC_ASSERT_EQ(login.resume, "secret");
  RTC_ASSERT_EQ(*login.ack, 2);
  RTC_ASSERT_EQ(shown(talk.begin(welcome(true, 1))),
                "{\"type\":\"candidate\",\"seq\":2,\"ack\":2,\"call\":\"c\",\"candidate\":1}\n");
  RTC_ASSERT(talk.begin(welcome(true, 2)).empty());
}

RTC_TEST(what_was_heard_before_is_not_heard_again) {
  Talking talk;
  RTC_ASSERT(talk.take(PeerRinging{"c", "bob"}, {2, 0}));
  RTC_ASSERT(!talk.take(PeerRinging{"c", "bob"}, {2, 0}));
  RTC_ASSERT(talk.take(PeerRinging{"c", "bob"}, {3, 0}));
}

RTC_TEST(silence_is_broken_by_a_word_after_sixteen_messages) {
  Talking talk;
  for (int seq = 2; seq < 16; ++seq) talk.take(PeerRinging{"c", "bob"}, {seq, 0});
  RTC_ASSERT(!talk.owedWord());
  talk.take(PeerRinging{"c", "bob"}, {16, 0});
  RTC_ASSERT_EQ(encode(*talk.owedWord()), R"({"type":"ack","ack":16})");
  RTC_ASSERT(!talk.owedWord());
}

RTC_TEST(so_it_is_after_much_in_few_messages) {
  Talking talk;
  talk.take(PeerRinging{"c", "bob"}, {2, 0}, 47 * 1024);
  RTC_ASSERT(!talk.owedWord());
  talk.take(PeerRinging{"c", "bob"}, {3, 0}, 1024);
  RTC_ASSERT_EQ(encode(*talk.owedWord()), R"({"type":"ack","ack":3})");
  talk.take(PeerRinging{"c", "bob"}, {4, 0}, 1024);
  RTC_ASSERT(!talk.owedWord());
}

RTC_TEST(a_service_that_forgot_us_is_shown_the_tickets) {
  Talking talk;
  talk.number({"", Connected{"c"}});
  RTC_ASSERT_EQ(
      shown(talk.begin(welcome(false, 0))),
      "{\"type\":\"reattach\",\"seq\":1,\"call\":\"c\",\"with\":\"bob\",\"role\":\"caller\",\"secret\":\"s3cret\"}\n");
}

RTC_TEST(a_call_left_while_the_service_was_away_is_left_at_its_return) {
  Talking talk;
  talk.number({"", Leave{"c", "", Reason::Hangup}});
  const auto resumed = shown(talk.begin(welcome(true, 0)));
  RTC_ASSERT(resumed.starts_with(R"({"type":"leave","seq":1)"));
  const auto forgotten = shown(talk.begin(welcome(false, 0)));
  RTC_ASSERT(forgotten.starts_with(R"({"type":"reattach","seq":1)"));
  RTC_ASSERT(forgotten.find(R"({"type":"leave","seq":2,"call":"c","reason":"hangup"})") != std::string::npos);
  // Once the service has heard it, there is nothing left to claim.
  talk.take(PeerRinging{"c", "bob"}, {1, 2});
  RTC_ASSERT(talk.begin(welcome(false, 0)).empty());
}

RTC_TEST(a_call_that_ended_is_not_claimed) {
  Talking talk;
  talk.take(Ended{"c", Reason::Hangup, "bob"}, {2, 0});
  RTC_ASSERT(talk.begin(welcome(false, 0)).empty());
}

RTC_TEST(one_who_kept_too_much_asks_for_no_return) {
  Talking talk;
  for (int i = 0; i < 300; ++i) talk.number({"", Candidate{"c", "", {"1"}}});
  RTC_ASSERT(!talk.lasts());
  Login login{"alice", 1};
  talk.prepare(login);
  RTC_ASSERT_EQ(login.resume, "");
  talk.begin(welcome(false, 0));
  RTC_ASSERT(talk.lasts());
}
