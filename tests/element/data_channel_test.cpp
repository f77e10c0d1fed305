// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Data channels between two sessions of this process, over a real service: every option, and what 1.22 gets wrong by
// itself.
#include "plugins/session/data_channel.hpp"

#include <algorithm>

#include "tests/element/data_party.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using rtc::core::ChannelOptions;
using rtc::testing::ChannelLog;
using rtc::testing::DataParty;
using rtc::testing::SignaldProcess;
using rtc::testing::waitFor;

namespace {

ChannelOptions labelled(const char* label) {
  ChannelOptions options;
  options.label = label;
  return options;
}

using Messages = std::vector<std::pair<bool, std::string>>;

void assertMessages(const std::shared_ptr<ChannelLog>& log, const Messages& expected) {
  ck_assert(log->gets(expected.size()));
  const auto got = log->seen().messages;
  ck_assert_uint_eq(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ck_assert_msg(got[i] == expected[i], "message %zu has %zu bytes, text %d", i, got[i].second.size(), got[i].first);
  }
}

/// Bob waits, and Alice calls him.
struct Call {
  explicit Call(std::vector<ChannelOptions> alices = {}, std::vector<ChannelOptions> bobs = {})
      : bob(service.uri(), "bob", std::move(bobs)), alice(service.uri(), "alice", std::move(alices)) {
    ck_assert(bob.online());
    ck_assert(alice.calls("bob"));
    ck_assert(bob.connected());
  }
  SignaldProcess service;
  DataParty bob;
  DataParty alice;
};

}  // namespace

RTC_TEST(a_call_without_media_carries_text_and_bytes_both_ways) {
  Call call({labelled("chat")});
  const auto alices = call.alice.opened();
  const auto bobs = call.bob.offered();
  RTC_ASSERT(bobs != nullptr);
  RTC_ASSERT_EQ(bobs->channel->options().label, "chat");
  RTC_ASSERT(alices->reaches("open"));
  const std::string bytes("\0\xff\x01", 3);
  RTC_ASSERT_EQ(call.alice.send(alices, "h\xc3\xa9llo", true), "");
  RTC_ASSERT_EQ(call.alice.send(alices, bytes, false), "");
  RTC_ASSERT_EQ(call.bob.send(bobs, "back", true), "");
  assertMessages(bobs, {{true, "h\xc3\xa9llo"}, {false, bytes}});
  assertMessages(alices, {{true, "back"}});
}

RTC_TEST(empty_messages_and_text_with_nul_arrive_as_they_are) {
  Call call({labelled("chat")});
  const auto alices = call.alice.opened();
  const auto bobs = call.bob.offered();
  const std::string nul("a\0b", 3);
  RTC_ASSERT(alices->reaches("open"));
  const Messages sent = {{true, ""}, {false, ""}, {true, nul}, {false, nul}, {true, "end"}};
  for (const auto& [text, content] : sent) RTC_ASSERT_EQ(call.alice.send(alices, content, text), "");
  assertMessages(bobs, sent);
  RTC_ASSERT_EQ(call.bob.send(bobs, "", false), "");
  assertMessages(alices, {{false, ""}});
}

RTC_TEST(every_option_reaches_the_other_side) {
  ChannelOptions few = labelled("few");
  few.protocol = "sensor.1";
  few.ordered = false;
  few.max_retransmits = 3;
  few.priority = rtc::core::ChannelPriority::High;
  ChannelOptions brief = labelled("");
  brief.max_lifetime = 250;
  brief.priority = rtc::core::ChannelPriority::VeryLow;
  Call call({few, brief});
  for (std::size_t i = 0; i < 2; ++i) {
    const auto log = call.bob.offered(i);
    RTC_ASSERT(log != nullptr);
    const auto& got = log->channel->options();
    const auto& asked = got.label.empty() ? brief : few;
    RTC_ASSERT_EQ(got.protocol, asked.protocol);
    RTC_ASSERT(got.ordered == asked.ordered);
    RTC_ASSERT(got.max_retransmits == asked.max_retransmits);
    RTC_ASSERT(got.max_lifetime == asked.max_lifetime);
    RTC_ASSERT(got.priority == asked.priority);
    RTC_ASSERT(!got.negotiated);
    RTC_ASSERT(log->channel->incoming());
  }
}

RTC_TEST(a_negotiated_channel_needs_no_word_between_the_two) {
  ChannelOptions shared = labelled("shared");
  shared.negotiated = true;
  shared.id = 7;
  Call call({shared}, {shared});
  const auto alices = call.alice.opened();
  const auto bobs = call.bob.opened();
  RTC_ASSERT(alices->reaches("open"));
  RTC_ASSERT(bobs->reaches("open"));
  call.alice.send(alices, "one", true);
  call.bob.send(bobs, "two", false);
  assertMessages(bobs, {{true, "one"}});
  assertMessages(alices, {{false, "two"}});
  RTC_ASSERT(call.bob.open(shared) == nullptr);
  ck_assert_msg(call.bob.refusal.find("id 7 already") != std::string::npos, "%s", call.bob.refusal.c_str());
}

RTC_TEST(a_negotiated_channel_in_the_middle_of_a_call_is_refused_with_the_reason) {
  Call call;
  ChannelOptions late = labelled("late");
  late.negotiated = true;
  late.id = 9;
  RTC_ASSERT(call.alice.open(late) == nullptr);
  ck_assert_msg(call.alice.refusal.find("only before the call") != std::string::npos, "%s", call.alice.refusal.c_str());
}

RTC_TEST(channels_open_from_both_sides_in_the_middle_of_a_call) {
  Call call({labelled("first")});
  RTC_ASSERT(call.bob.offered() != nullptr);
  const auto bobs = call.bob.open(labelled("bobs"));
  const auto alices = call.alice.open(labelled("alices"));
  const auto at_alice = call.alice.offered(0);
  const auto at_bob = call.bob.offered(1);
  RTC_ASSERT(bobs->reaches("open"));
  RTC_ASSERT(alices->reaches("open"));
  RTC_ASSERT_EQ(at_alice->channel->options().label, "bobs");
  RTC_ASSERT_EQ(at_bob->channel->options().label, "alices");
  for (int i = 0; i < 50; ++i) {
    call.bob.send(bobs, std::to_string(i), true);
    call.alice.send(alices, std::to_string(i), true);
  }
  RTC_ASSERT(at_alice->gets(50));
  RTC_ASSERT(at_bob->gets(50));
  RTC_ASSERT_EQ(at_bob->seen().messages.back().second, "49");
}

RTC_TEST(the_largest_message_arrives_whole_and_a_larger_one_is_refused_with_the_reason) {
  Call call({labelled("bulk")});
  const auto alices = call.alice.opened();
  const auto bobs = call.bob.offered();
  RTC_ASSERT(alices->reaches("open"));
  std::string largest(rtc::core::kMaxMessage, 'x');
  largest.back() = 'y';
  RTC_ASSERT_EQ(call.alice.send(alices, largest, false), "");
  const auto sentence = call.alice.send(alices, largest + "z", false);
  ck_assert_msg(sentence.find("65537 bytes") != std::string::npos, "%s", sentence.c_str());
  ck_assert_msg(sentence.find("65536 at most") != std::string::npos, "%s", sentence.c_str());
  RTC_ASSERT_EQ(call.alice.send(alices, "end", true), "");
  assertMessages(bobs, {{false, largest}, {true, "end"}});
}

RTC_TEST(a_close_loses_nothing_of_what_was_sent_before) {
  Call call;
  for (int round = 0; round < 10; ++round) {
    auto& sender = round % 2 == 0 ? call.alice : call.bob;
    auto& taker = round % 2 == 0 ? call.bob : call.alice;
    const auto ours = sender.open(labelled("brief"));
    RTC_ASSERT(ours->reaches("open"));
    for (int i = 0; i < 100; ++i) RTC_ASSERT_EQ(sender.send(ours, std::string(10'000, 'x'), false), "");
    RTC_ASSERT_EQ(sender.send(ours, "last", true), "");
    sender.close(ours);
    const auto theirs = taker.offered(static_cast<std::size_t>(round / 2));
    RTC_ASSERT(theirs != nullptr);
    RTC_ASSERT(ours->reaches("closed"));
    RTC_ASSERT(theirs->reaches("closed"));
    RTC_ASSERT_EQ(ours->seen().why, "");
    RTC_ASSERT_EQ(theirs->seen().messages.size(), 101u);
    RTC_ASSERT_EQ(theirs->seen().messages.back().second, "last");
    RTC_ASSERT(ours->seen().states == (std::vector<std::string>{"open", "closing", "closed"}) ||
               ours->seen().states == (std::vector<std::string>{"connecting", "open", "closing", "closed"}));
  }
}

RTC_TEST(what_is_sent_too_early_or_too_late_is_refused_with_the_state) {
  Call call;
  const auto ours = call.alice.open(labelled("short-lived"));
  RTC_ASSERT(ours->reaches("open"));
  call.alice.close(ours);
  const auto sentence = call.alice.send(ours, "late", true);
  ck_assert_msg(sentence.find("not open") != std::string::npos, "%s", sentence.c_str());
  RTC_ASSERT(ours->reaches("closed"));
}

RTC_TEST(the_buffered_amount_grows_and_its_fall_is_told) {
  Call call({labelled("bulk")});
  const auto alices = call.alice.opened();
  call.bob.keeps = false;
  RTC_ASSERT(alices->reaches("open"));
  std::uint64_t most = 0;
  const std::string chunk(16'384, 'x');
  call.alice.session().run([&] {
    alices->channel->setLowThreshold(100'000);
    for (int i = 0; i < 512; ++i) {
      ck_assert(alices->channel->send(rtc::DataMessage::copyOf(chunk, false)).ok());
      most = std::max(most, alices->channel->bufferedAmount());
    }
  });
  RTC_ASSERT(most > 200'000);
  RTC_ASSERT(waitFor([&] { return alices->seen().lows > 0 && alices->channel->bufferedAmount() <= 100'000; }));
  RTC_ASSERT(waitFor([&] { return call.bob.offered()->seen().bytes == 512 * chunk.size(); }));
}

RTC_TEST(what_nobody_takes_is_held_up_to_a_bound_and_then_the_channel_ends) {
  Call call;
  call.bob.takes = false;
  const auto ours = call.alice.open(labelled("unknown"));
  RTC_ASSERT(ours->reaches("open"));
  const std::string chunk(65'536, 'x');
  for (std::size_t sent = 0; sent <= rtc::SctpStream::kMaxHeldBytes; sent += chunk.size()) {
    call.alice.send(ours, chunk, false);
  }
  RTC_ASSERT(ours->reaches("closed"));
  RTC_ASSERT(call.bob.connected());
}

RTC_TEST(a_peer_that_opens_channels_without_end_ends_the_call) {
  Call call;
  for (unsigned i = 0; i < rtc::SctpStreams::kMaxStreams; ++i) static_cast<void>(call.alice.open(labelled("flood")));
  RTC_ASSERT_EQ(call.bob.endReason(), "media_failed");
}

RTC_TEST(a_peer_that_fills_channels_that_nobody_takes_ends_the_call) {
  Call call;
  call.bob.takes = false;
  const std::string chunk(65'536, 'x');
  for (int i = 0; i < 6 && call.bob.connected(); ++i) {
    const auto ours = call.alice.open(labelled("full"));
    if (!ours->reaches("open")) break;
    for (std::size_t sent = 0; sent < rtc::SctpStream::kMaxHeldBytes; sent += chunk.size()) {
      call.alice.send(ours, chunk, false);
    }
    // All but the last one's content lies at bob's.
    RTC_ASSERT(waitFor([&] { return ours->channel->bufferedAmount() == 0 || !call.bob.connected(); }));
  }
  RTC_ASSERT_EQ(call.bob.endReason(), "media_failed");
}

RTC_TEST(channels_are_closed_when_the_call_ends) {
  Call call({labelled("chat")});
  const auto bobs = call.bob.offered();
  RTC_ASSERT(bobs->reaches("open"));
  call.alice.hangUp();
  RTC_ASSERT(call.alice.opened()->reaches("closed"));
  RTC_ASSERT(bobs->reaches("closed"));
}
