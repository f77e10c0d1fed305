// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/sdp.hpp"

#include <string>

#include "tests/support/descriptions.hpp"

using namespace rtc::core;
using namespace rtc::testing;

namespace {

Sdp parsed(std::string_view text) {
  auto sdp = Sdp::parse(text);
  ck_assert_msg(sdp.ok(), "not parsed: %s", sdp.ok() ? "" : sdp.error().message.c_str());
  return std::move(sdp).value();
}

/// The only section of a description with these lines.
MediaSection section(std::string_view lines) {
  return parsed("v=0\ns=-\n" + std::string(lines)).media().at(0);
}

template <typename T>
std::string joined(const std::vector<T>& values) {
  std::ostringstream text;
  for (const auto& value : values) text << value << ' ';
  return text.str();
}

}  // namespace

RTC_TEST(a_description_comes_out_as_it_went_in) {
  for (const auto text : {kBrowserOffer, kWebrtcbinOffer}) RTC_ASSERT_EQ(parsed(crlf(text)).text(), crlf(text));
}

RTC_TEST(bare_line_feeds_and_a_missing_last_one_are_taken) {
  RTC_ASSERT_EQ(parsed("v=0\ns=-\nm=audio 9 X 0").text(), "v=0\r\ns=-\r\nm=audio 9 X 0\r\n");
}

RTC_TEST(text_that_is_no_description_is_refused) {
  for (const char* text : {"", "\r\n", "hello", "m=audio 9 X 0\r\n", "{\"type\":\"offer\"}", "v", "v=0\r\nnonsense\r\n",
                           "v=0\r\n=\r\n", "v=0\r\na\r\n"}) {
    ck_assert_msg(!Sdp::parse(text), "taken for a description: %s", text);
  }
}

RTC_TEST(sections_know_their_kind_and_mid) {
  const auto sdp = parsed(kBrowserOffer);
  RTC_ASSERT_EQ(sdp.media().size(), 3U);
  RTC_ASSERT(sdp.media()[0].kind() == Kind::Audio);
  RTC_ASSERT(sdp.media()[1].kind() == Kind::Video);
  RTC_ASSERT(sdp.media()[2].kind() == Kind::Application);
  RTC_ASSERT_EQ(sdp.media()[2].mid(), "2");
  RTC_ASSERT_EQ(word(Kind::Video), "video");
}

RTC_TEST(an_unknown_kind_is_none) {
  for (const char* line : {"m=text 9 X 0", "m=", "m=audiovisual 9 X 0", "m=Audio 9 X 0"}) {
    RTC_ASSERT(!section(line).kind());
  }
}

RTC_TEST(a_section_without_a_direction_sends_and_receives) {
  RTC_ASSERT(section("m=audio 9 X 0").direction() == Direction::SendRecv);
  RTC_ASSERT(section("m=audio 9 X 0\na=sendonly").direction() == Direction::SendOnly);
  RTC_ASSERT(section("m=audio 9 X 0\na=recvonly").direction() == Direction::RecvOnly);
  RTC_ASSERT(section("m=audio 9 X 0\na=inactive").direction() == Direction::Inactive);
}

RTC_TEST(port_zero_is_a_refusal_unless_the_section_waits_for_its_bundle) {
  RTC_ASSERT(section("m=audio 0 X 0").rejected());
  RTC_ASSERT(!section("m=audio 9 X 0").rejected());
  RTC_ASSERT(!section("m=audio 0 X 0\na=bundle-only").rejected());
  RTC_ASSERT(!section("m=audio").rejected());
  RTC_ASSERT(!parsed(kWebrtcbinOffer).media()[1].rejected());
}

RTC_TEST(formats_are_read_with_their_parameters) {
  const auto formats = parsed(kBrowserOffer).media()[1].formats();
  RTC_ASSERT_EQ(formats.size(), 3U);
  RTC_ASSERT_EQ(formats[0].payload_type, 96);
  RTC_ASSERT_EQ(formats[0].encoding, "VP8");
  RTC_ASSERT_EQ(formats[0].clock_rate, 90'000);
  RTC_ASSERT_EQ(formats[0].parameters, "");
  RTC_ASSERT_EQ(formats[1].parameters, "apt=96");
}

RTC_TEST(broken_format_lines_are_passed_over) {
  const auto formats = section(
                           "m=video 9 X 96\na=rtpmap:\na=rtpmap:96\na=rtpmap:x VP8/90000\na=rtpmap:-1 VP8/90000\n"
                           "a=rtpmap:128 VP8/90000\na=rtpmap:99999999999999999999 VP8/90000\na=rtpmap:96 VP8\n"
                           "a=fmtp:\na=fmtp:97\na=fmtp:x y\na=rtpmap:97 VP9/90000")
                           .formats();
  RTC_ASSERT_EQ(formats.size(), 1U);
  RTC_ASSERT_EQ(formats[0].encoding, "VP9");
  RTC_ASSERT_EQ(formats[0].parameters, "");
}

RTC_TEST(announced_streams_are_each_named_once) {
  const auto media = parsed(kBrowserOffer).media();
  RTC_ASSERT_EQ(joined(media[0].ssrcs()), "1711308264 ");
  RTC_ASSERT_EQ(joined(media[1].ssrcs()), "2824590771 3404108295 ");
  RTC_ASSERT_EQ(joined(section("m=audio 9 X 0\na=ssrc:\na=ssrc:x cname:y\na=ssrc:4294967296 cname:z\n"
                               "a=ssrc:-1 cname:z\na=ssrc:0 cname:z\na=ssrc:8 msid:z\na=ssrc:9\na=ssrc:7 cname:z")
                           .ssrcs()),
                "7 ");
}

RTC_TEST(an_attribute_is_not_mistaken_for_one_whose_name_begins_alike) {
  const auto lines = section("m=audio 9 X 0\na=middle:1\na=ssrc-group:FID 1 2\na=mid:x\na=mid:y");
  RTC_ASSERT_EQ(lines.mid(), "x");
  RTC_ASSERT_EQ(joined(lines.attributes("mid")), "x y ");
  RTC_ASSERT(!lines.attribute("ssrc"));
}

RTC_TEST(setting_an_attribute_replaces_each_or_adds_one) {
  auto lines = section("m=audio 9 X 0\na=setup:actpass\na=mid:0\na=setup:active");
  lines.setAttribute("setup", "passive");
  RTC_ASSERT_EQ(joined(lines.attributes("setup")), "passive passive ");
  lines.setAttribute("rtcp", "9");
  RTC_ASSERT_EQ(lines.lines().back(), "a=rtcp:9");
}

RTC_TEST(the_bundle_group_is_found_among_groups) {
  RTC_ASSERT_EQ(joined(parsed(kBrowserOffer).bundle()), "0 1 2 ");
  RTC_ASSERT_EQ(joined(parsed("v=0\na=group:LS a b\na=group:BUNDLE c").bundle()), "c ");
  RTC_ASSERT(parsed("v=0\na=group:\na=group:LS a").bundle().empty());
}

RTC_TEST(a_fingerprint_is_the_sections_or_else_the_sessions_in_one_case) {
  const auto sdp = parsed("v=0\na=fingerprint:SHA-256 aa:0b\nm=audio 9 X 0\nm=video 9 X 0\na=fingerprint:sha-512 cc");
  RTC_ASSERT(sdp.fingerprints(sdp.media()[0]) == (std::vector<Fingerprint>{{"sha-256", "AA:0B"}}));
  RTC_ASSERT(sdp.fingerprints(sdp.media()[1]) == (std::vector<Fingerprint>{{"sha-512", "CC"}}));
}

RTC_TEST(a_section_may_have_several_fingerprints) {
  const auto sdp = parsed("v=0\nm=audio 9 X 0\na=fingerprint:sha-1 AA\na=fingerprint:odd\na=fingerprint:sha-256 bb");
  RTC_ASSERT(sdp.fingerprints(sdp.media()[0]) == (std::vector<Fingerprint>{{"sha-1", "AA"}, {"sha-256", "BB"}}));
}

RTC_TEST(a_fingerprint_that_is_not_two_words_is_none) {
  for (const char* value : {"", "sha-256", "sha-256 AA BB"}) {
    const auto sdp = parsed("v=0\nm=audio 9 X 0\na=fingerprint:" + std::string(value));
    RTC_ASSERT(sdp.fingerprints(sdp.media()[0]).empty());
  }
}

RTC_TEST(the_dtls_part_is_the_sections_or_else_the_sessions) {
  auto sdp = parsed("v=0\na=setup:active\nm=audio 9 X 0\nm=video 9 X 0\na=setup:actpass\nm=video 9 X 0\na=setup:later");
  RTC_ASSERT(sdp.setup(sdp.media()[0]) == Setup::Active);
  RTC_ASSERT(sdp.setup(sdp.media()[1]) == Setup::ActPass);
  RTC_ASSERT(!sdp.setup(sdp.media()[2]));
  sdp.setSetup(Setup::Passive);
  RTC_ASSERT(sdp.setup(sdp.media()[1]) == Setup::Passive);
  RTC_ASSERT_EQ(word(Setup::Passive), "passive");
}
