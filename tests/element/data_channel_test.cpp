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
