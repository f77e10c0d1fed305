// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/channel_options.hpp"

#include "tests/support/check.hpp"

using rtc::core::ChannelOptions;
using rtc::core::check;

namespace {

std::string refusal(const ChannelOptions& options) {
  const auto checked = check(options);
  return checked ? std::string() : checked.error().message;
}

void assertRefused(const ChannelOptions& options, const char* word) {
  const auto sentence = refusal(options);
  ck_assert_msg(sentence.find(word) != std::string::npos, "\"%s\" lacks %s", sentence.c_str(), word);
}

}  // namespace

RTC_TEST(ordinary_channels_can_be_had) {
  RTC_ASSERT_EQ(refusal({}), "");
  ChannelOptions options;
  options.label = std::string(65'535, 'x');
  options.ordered = false;
  options.max_retransmits = 0;
  RTC_ASSERT_EQ(refusal(options), "");
  options.max_retransmits.reset();
  options.max_lifetime = 100;
  RTC_ASSERT_EQ(refusal(options), "");
}

RTC_TEST(what_rfc_8832_cannot_say_is_refused) {
  for (const auto text : {&ChannelOptions::label, &ChannelOptions::protocol}) {
    ChannelOptions options;
    options.*text = std::string(65'536, 'x');
    assertRefused(options, "65535");
    options.*text = std::string("a\0b", 3);
    assertRefused(options, "NUL");
  }
  ChannelOptions options;
  options.max_retransmits = -1;
  assertRefused(options, "negative");
  options.max_lifetime = 1;
  assertRefused(options, "not both");
  options.max_retransmits.reset();
  options.max_lifetime = -1;
  assertRefused(options, "negative");
}

RTC_TEST(an_id_is_of_a_negotiated_channel_and_not_the_sessions_own) {
  ChannelOptions options;
  options.id = 1;
  assertRefused(options, "negotiated");
  options.negotiated = true;
  RTC_ASSERT_EQ(refusal(options), "");
  options.id = 1'023;
  RTC_ASSERT_EQ(refusal(options), "");
  options.id = 0;
  assertRefused(options, "id 0");
  for (const int outside : {-1, 1'024}) {
    options.id = outside;
    assertRefused(options, "1 to 1023");
  }
  options.id.reset();
  assertRefused(options, "id");
}
