// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/control_codec.hpp"

#include <limits>
#include <string>

#include "tests/support/check.hpp"

using namespace rtc;

namespace {

struct Said {
  std::string operator()(const core::Heartbeat& beat) const { return "heartbeat " + std::to_string(beat.number); }
  std::string operator()(const core::Alive& alive) const { return "alive " + std::to_string(alive.number); }
  std::string operator()(const core::Bye& bye) const { return "bye " + std::string(signaling::word(bye.reason)); }
  std::string operator()(const core::LaneMessage& message) const { return std::visit(*this, message); }
  std::string operator()(const core::StreamMessage& message) const { return std::visit(*this, message); }
  std::string operator()(const core::StreamsWanted& wanted) const {
    return "wanted " + of(wanted.video) + of(wanted.audio);
  }
  std::string operator()(const core::Redescription& said) const {
    return (said.type == core::DescriptionType::Offer ? "offer " : "answer ") + said.sdp;
  }
  std::string operator()(const core::StreamNews& news) const {
    return "stream " + of(news.section) + std::string(core::word(news.state));
  }
  std::string operator()(const core::LaneOffer& offer) const { return "offer " + of(offer.lane) + offer.sdp; }
  std::string operator()(const core::LaneAnswer& answer) const { return "answer " + of(answer.lane) + answer.sdp; }
  std::string operator()(const core::LaneCandidate& said) const {
    return "candidate " + of(said.lane) + said.candidate + " " + said.mid;
  }
  std::string operator()(const core::LaneClose& close) const { return "close " + of(close.lane); }
  static std::string of(int lane) { return std::to_string(lane) + " "; }
};

std::string decoded(const std::string& text) {
  const auto message = decodeControl(text);
  return message ? std::visit(Said{}, *message) : "nothing";
}

}  // namespace

RTC_TEST(messages_come_back_as_they_were) {
  for (const int number : {0, 1, -1, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    RTC_ASSERT_EQ(decoded(encodeControl(core::Heartbeat{number})), "heartbeat " + std::to_string(number));
    RTC_ASSERT_EQ(decoded(encodeControl(core::Alive{number})), "alive " + std::to_string(number));
  }
  using signaling::Reason;
  for (int reason = 0; reason <= static_cast<int>(Reason::ServerShutdown); ++reason) {
    const auto word = std::string(signaling::word(static_cast<Reason>(reason)));
    RTC_ASSERT_EQ(decoded(encodeControl(core::Bye{static_cast<Reason>(reason)})), "bye " + word);
  }
}

RTC_TEST(messages_are_written_as_the_protocol_says) {
  RTC_ASSERT_EQ(encodeControl(core::Heartbeat{7}), R"({"type":"heartbeat","number":7})");
  RTC_ASSERT_EQ(encodeControl(core::Alive{7}), R"({"type":"alive","number":7})");
  RTC_ASSERT_EQ(encodeControl(core::Bye{signaling::Reason::PeerLost}), R"({"type":"bye","reason":"peer_lost"})");
}

RTC_TEST(messages_about_lanes_come_back_and_are_written_as_the_protocol_says) {
  RTC_ASSERT_EQ(encodeControl(core::LaneOffer{2, "v=0\r\n"}), R"({"type":"lane_offer","lane":2,"sdp":"v=0\r\n"})");
  RTC_ASSERT_EQ(decoded(encodeControl(core::LaneOffer{2, "v=0\r\n"})), "offer 2 v=0\r\n");
  RTC_ASSERT_EQ(decoded(encodeControl(core::LaneAnswer{3, "v=0"})), "answer 3 v=0");
  RTC_ASSERT_EQ(encodeControl(core::LaneCandidate{2, "candidate:1", "m"}),
                R"({"type":"lane_candidate","lane":2,"candidate":"candidate:1","mid":"m"})");
  RTC_ASSERT_EQ(decoded(encodeControl(core::LaneCandidate{2, "candidate:1", "m"})), "candidate 2 candidate:1 m");
  RTC_ASSERT_EQ(decoded(encodeControl(core::LaneClose{2})), "close 2 ");
  RTC_ASSERT_EQ(decoded(R"({"type":"lane_close"})"), "nothing");
  RTC_ASSERT_EQ(decoded(R"({"type":"lane_wish","lane":2})"), "nothing");
}

RTC_TEST(unknown_members_and_order_do_not_matter) {
  RTC_ASSERT_EQ(decoded(R"( { "more" : [1,{"type":"bye"}], "number" : 3 , "type" : "alive" } )"), "alive 3");
}

RTC_TEST(a_bye_for_an_unknown_reason_is_a_hangup) {
  RTC_ASSERT_EQ(decoded(R"({"type":"bye"})"), "bye hangup");
  RTC_ASSERT_EQ(decoded(R"({"type":"bye","reason":"boredom"})"), "bye hangup");
  RTC_ASSERT_EQ(decoded(R"({"type":"bye","reason":7})"), "bye hangup");
  RTC_ASSERT_EQ(decoded(R"({"type":"bye","reason":null})"), "bye hangup");
}

RTC_TEST(a_number_that_is_none_is_zero) {
  for (const char* number : {"\"7\"", "null", "[7]", "{}", "true", "7.5", "1e400", "99999999999", "-99999999999"}) {
    RTC_ASSERT_EQ(decoded(std::string(R"({"type":"heartbeat","number":)") + number + "}"), "heartbeat 0");
  }
  RTC_ASSERT_EQ(decoded(R"({"type":"heartbeat"})"), "heartbeat 0");
  // What the parser makes of more than 64 bits is its own affair.
  const auto digits = R"({"type":"heartbeat","number":)" + std::string(10'000, '9') + "}";
  RTC_ASSERT(decoded(digits).starts_with("heartbeat "));
}

RTC_TEST(what_is_no_message_is_nothing) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "null",
                           "7",
                           "\"heartbeat\"",
                           "[]",
                           "[{\"type\":\"bye\"}]",
                           "{}",
                           "{\"type\":7}",
                           "{\"type\":null}",
                           "{\"type\":[\"bye\"]}",
                           "{\"type\":\"\"}",
                           "{\"type\":\"Bye\"}",
                           "{\"type\":\"later\"}",
                           "{\"type\":\"bye\"} x",
                           "{\"type\":\"bye\",}",
                           "{'type':'bye'}",
                           "{\"type\":\"bye\\u0000\"}"}) {
    ck_assert_msg(!decodeControl(text), "taken for a message: %s", text);
  }
  RTC_ASSERT_EQ(decoded(std::string("{\"type\":\"bye\"}\0", 15)), "nothing");
  RTC_ASSERT_EQ(decoded("{\"type\":\"bye\",\"x\":\"\xff\xfe\"}"), "nothing");
}

RTC_TEST(deep_nesting_is_nothing_and_costs_no_stack) {
  for (const char* open : {"[", "{\"a\":", "{\"type\":"}) {
    std::string text = R"({"type":"bye","x":)";
    for (int i = 0; i < 100'000; ++i) text += open;
    RTC_ASSERT_EQ(decoded(text), "nothing");
  }
  const std::string deep = R"({"type":"bye","x":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  RTC_ASSERT_EQ(decoded(deep), "nothing");
}

RTC_TEST(messages_about_streams_come_back_and_are_written_as_the_protocol_says) {
  RTC_ASSERT_EQ(encodeControl(core::StreamsWanted{2, 1}), R"({"type":"streams_wanted","video":2,"audio":1})");
  RTC_ASSERT_EQ(decoded(encodeControl(core::StreamsWanted{2, 1})), "wanted 2 1 ");
  RTC_ASSERT_EQ(decoded(R"({"type":"streams_wanted","video":-1})"), "wanted 0 0 ");
  const core::Redescription offer{core::DescriptionType::Offer, "v=0\r\n"};
  RTC_ASSERT_EQ(encodeControl(offer), R"({"type":"offer","sdp":"v=0\r\n"})");
  RTC_ASSERT_EQ(decoded(encodeControl(offer)), "offer v=0\r\n");
  RTC_ASSERT_EQ(decoded(encodeControl(core::Redescription{core::DescriptionType::Answer, "v=0"})), "answer v=0");
  for (const auto state : {core::StreamState::Live, core::StreamState::Muted, core::StreamState::Ended}) {
    RTC_ASSERT_EQ(decoded(encodeControl(core::StreamNews{3, state})), "stream 3 " + std::string(core::word(state)));
  }
  RTC_ASSERT_EQ(encodeControl(core::StreamNews{3, core::StreamState::Muted}),
                R"({"type":"stream","section":3,"state":"muted"})");
  RTC_ASSERT_EQ(decoded(R"({"type":"stream","section":3,"state":"asleep"})"), "nothing");
  RTC_ASSERT_EQ(decoded(R"({"type":"stream","state":"muted"})"), "nothing");
}
