// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/remote_rules.hpp"

#include <string>

#include "tests/support/descriptions.hpp"

using namespace rtc::core;
using namespace rtc::testing;

namespace {

Sdp parsed(std::string_view text) {
  auto sdp = Sdp::parse(text);
  ck_assert_msg(sdp.ok(), "not parsed");
  return std::move(sdp).value();
}

/// What the rules say of `text`; empty if they allow it.
std::string refusal(std::string_view text) {
  const auto checked = checkRemote(parsed(text), std::nullopt);
  return checked ? "" : checked.error().message;
}

std::string refusalAfter(std::string_view previous, std::string_view text) {
  const auto checked = checkRemote(parsed(text), parsed(previous));
  return checked ? "" : checked.error().message;
}

std::string refusalOfAnswer(std::string_view offer, std::string_view answer) {
  const auto checked = checkAnswer(parsed(answer), parsed(offer));
  return checked ? "" : checked.error().message;
}

/// The same text without its lines that begin with `prefix`.
std::string without(std::string_view text, std::string_view prefix) {
  std::string out;
  bool found = false;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n') + 1);
    text.remove_prefix(line.size());
    if (line.starts_with(prefix)) {
      found = true;
    } else {
      out += line;
    }
  }
  ck_assert_msg(found, "no line begins with %s", std::string(prefix).c_str());
  return out;
}

std::string sectionOf(std::string_view text, std::string_view kind) {
  const auto begin = text.find("m=" + std::string(kind));
  return std::string(text.substr(begin, text.find("\nm=", begin) + 1 - begin));
}

std::string adaptedFormat(std::string_view format) {
  const auto adapted =
      adaptRemote(parsed(replacedOnce(kBrowserOffer, "a=fmtp:111 minptime=10;useinbandfec=1", format))).media()[0];
  return adapted.formats().at(0).parameters;
}

}  // namespace

RTC_TEST(what_browsers_and_webrtcbin_make_is_allowed) {
  RTC_ASSERT_EQ(refusal(kBrowserOffer), "");
  RTC_ASSERT_EQ(refusal(kWebrtcbinOffer), "");
}

RTC_TEST(sections_that_share_no_transport_are_refused) {
  const std::string refused = "not all media sections share one transport (a=group:BUNDLE, RFC 9143)";
  RTC_ASSERT_EQ(refusal(without(kBrowserOffer, "a=group")), refused);
  RTC_ASSERT_EQ(refusal(replaced(kBrowserOffer, "BUNDLE 0 1 2", "BUNDLE 0 2")), refused);
  // One that is refused has no transport.
  RTC_ASSERT_EQ(refusal(replaced(replaced(kBrowserOffer, "BUNDLE 0 1 2", "BUNDLE 0 2"), "m=video 9", "m=video 0")), "");
  const std::string audio(kBrowserOffer.substr(0, kBrowserOffer.find("m=video")));
  RTC_ASSERT_EQ(refusal(without(audio, "a=group")), "");
}

RTC_TEST(webrtcbin_sees_no_group_but_the_bundle) {
  const auto groups =
      replaced(kBrowserOffer, "a=group:BUNDLE 0 1 2", "a=group:LS 0 1\r\na=group:BUNDLE 0 1 2\r\na=group:BUNDLE");
  const auto adapted = adaptRemote(parsed(groups)).session().attributes("group");
  RTC_ASSERT_EQ(adapted.size(), 1U);
  RTC_ASSERT_EQ(adapted[0], "BUNDLE 0 1 2");
}

RTC_TEST(a_section_has_one_direction) {
  RTC_ASSERT_EQ(refusal(replaced(kWebrtcbinOffer, "a=sendrecv", "a=sendonly\r\na=recvonly")),
                "a media section has more than one direction");
}

RTC_TEST(streams_without_end_are_refused) {
  std::string many(kWebrtcbinOffer);
  for (int i = 0; i < 64; ++i) many += "a=ssrc:" + std::to_string(1000 + i) + " cname:x\r\n";
  RTC_ASSERT_EQ(refusal(many), "the description announces more than 64 streams");
}

RTC_TEST(the_sections_of_a_bundle_share_the_transport_of_its_first) {
  const auto apart = replacedOnce(replacedOnce(kBrowserOffer, "a=ice-ufrag:Hq3x", "a=ice-ufrag:1st"),
                                  "a=ice-pwd:n0hlXg7PbUv6WcSYXRwKjd2E", "a=ice-pwd:first");
  const auto together = adaptRemote(parsed(apart));
  for (const auto& section : together.media()) {
    RTC_ASSERT_EQ(section.attribute("ice-ufrag").value(), "1st");
    RTC_ASSERT_EQ(section.attribute("ice-pwd").value(), "first");
  }
  const auto unbundled_sdp = adaptRemote(parsed(replaced(apart, "BUNDLE 0 1 2", "BUNDLE 1 2")));
  const auto& unbundled = unbundled_sdp.media();
  RTC_ASSERT_EQ(unbundled[0].attribute("ice-ufrag").value(), "1st");
  RTC_ASSERT_EQ(unbundled[1].attribute("ice-ufrag").value(), "Hq3x");
}

RTC_TEST(a_description_without_sections_is_refused) {
  RTC_ASSERT_EQ(refusal("v=0\r\ns=-\r\na=fingerprint:sha-256 AA\r\n"), "the description has no media section");
}

RTC_TEST(a_section_of_an_unknown_kind_is_refused) {
  RTC_ASSERT_EQ(refusal(replaced(kBrowserOffer, "m=video", "m=text")),
                "the description has a media section of an unknown kind");
}

RTC_TEST(a_section_without_a_mid_is_refused) {
  RTC_ASSERT_EQ(refusal(without(kWebrtcbinOffer, "a=mid:application1")), "a media section has no mid");
  RTC_ASSERT_EQ(refusal(replaced(kWebrtcbinOffer, "a=mid:video0", "a=mid:")), "a media section has no mid");
}

RTC_TEST(two_sections_with_one_mid_are_refused) {
  RTC_ASSERT_EQ(refusal(replaced(replaced(kBrowserOffer, "a=mid:1", "a=mid:0"), "BUNDLE 0 1 2", "BUNDLE 0 2")),
                "two media sections have the same mid");
}

RTC_TEST(media_after_data_is_refused) {
  const auto data = sectionOf(kWebrtcbinOffer, "application");
  const auto video = sectionOf(kWebrtcbinOffer, "video");
  auto swapped = replaced(kWebrtcbinOffer, video, "");
  swapped += video;
  RTC_ASSERT_EQ(refusal(swapped), "a media section follows the data section");
}

RTC_TEST(media_that_is_added_later_comes_behind_the_data) {
  const auto video = replaced(sectionOf(kWebrtcbinOffer, "video"), "a=mid:video0", "a=mid:video2");
  const auto more =
      replaced(std::string(kWebrtcbinOffer) + video, "BUNDLE video0 application1", "BUNDLE video0 application1 video2");
  RTC_ASSERT(checkRemote(Sdp::parse(more).value(), Sdp::parse(kWebrtcbinOffer).value()).ok());
}

RTC_TEST(a_section_that_sends_must_announce_its_streams) {
  const auto mute = without(kWebrtcbinOffer, "a=ssrc:");
  const std::string refused = "a media section that sends announces no a=ssrc with its cname (RFC 5576)";
  RTC_ASSERT_EQ(refusal(mute), refused);
  RTC_ASSERT_EQ(refusal(replaced(kWebrtcbinOffer, " cname:", " label:")), refused);
  RTC_ASSERT_EQ(refusal(replaced(mute, "a=sendrecv", "a=sendonly")), refused);
  RTC_ASSERT_EQ(refusal(without(mute, "a=sendrecv")), refused);
  RTC_ASSERT_EQ(refusal(replaced(mute, "a=sendrecv", "a=recvonly")), "");
  RTC_ASSERT_EQ(refusal(replaced(mute, "a=sendrecv", "a=inactive")), "");
  RTC_ASSERT_EQ(refusal(replaced(mute, "m=video 9", "m=video 0")), "");
}

RTC_TEST(a_bundle_of_a_section_that_is_not_there_is_refused) {
  RTC_ASSERT_EQ(refusal(replaced(kBrowserOffer, "BUNDLE 0 1 2", "BUNDLE 0 1 2 3")),
                "the BUNDLE group names a section that is not there");
}

RTC_TEST(a_description_without_a_certificate_is_refused) {
  const std::string refused =
      "the description announces no certificate, or not the same for all sections (a=fingerprint, RFC 8122)";
  RTC_ASSERT_EQ(refusal(without(kBrowserOffer, "a=fingerprint")), refused);
  RTC_ASSERT_EQ(refusal(replacedOnce(kBrowserOffer, "a=fingerprint:sha-256 ", "a=unknown:")), refused);
  RTC_ASSERT_EQ(refusal(replacedOnce(kBrowserOffer, "a=fingerprint:sha-256 ", "a=fingerprint:")), refused);
}

RTC_TEST(sections_with_different_certificates_are_refused) {
  RTC_ASSERT_EQ(refusal(replacedOnce(kBrowserOffer, kBrowserDigest, kWebrtcbinDigest)),
                "the description announces no certificate, or not the same for all sections (a=fingerprint, RFC 8122)");
}

RTC_TEST(one_certificate_for_the_whole_session_will_do) {
  auto text = without(kBrowserOffer, "a=fingerprint");
  text = replaced(text, "t=0 0\n", "t=0 0\na=fingerprint:sha-256 " + std::string(kBrowserDigest) + "\n");
  RTC_ASSERT_EQ(refusal(text), "");
  RTC_ASSERT_EQ(announcedFingerprints(parsed(text)).at(0).digest, kBrowserDigest);
}

RTC_TEST(the_case_of_a_certificate_is_all_one) {
  std::string lower(kBrowserDigest);
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  RTC_ASSERT_EQ(refusal(replacedOnce(kBrowserOffer, kBrowserDigest, lower)), "");
}

RTC_TEST(a_rejected_section_needs_no_certificate) {
  const auto fingerprint = "a=fingerprint:sha-256 " + std::string(kBrowserDigest) + "\n";
  const auto rejected = replacedOnce(replaced(kBrowserOffer, "m=audio 9", "m=audio 0"), fingerprint, "");
  RTC_ASSERT_EQ(refusal(rejected), "");
  RTC_ASSERT_EQ(announcedFingerprints(parsed(rejected)).at(0).digest, kBrowserDigest);
}

RTC_TEST(a_second_description_may_change_what_it_likes_inside_its_sections) {
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, kBrowserOffer), "");
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, replaced(kBrowserOffer, "1711308264", "7")), "");
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, replaced(kBrowserOffer, "m=video 9", "m=video 0")), "");
}

RTC_TEST(a_second_description_may_add_a_section) {
  const auto screen = replaced(sectionOf(kWebrtcbinOffer, "application"), "a=mid:application1", "a=mid:more");
  const auto more =
      replaced(std::string(kWebrtcbinOffer) + screen, "BUNDLE video0 application1", "BUNDLE video0 application1 more");
  RTC_ASSERT_EQ(refusalAfter(kWebrtcbinOffer, more), "");
}

RTC_TEST(a_section_that_was_taken_out_is_refused) {
  const auto less = replaced(replaced(kBrowserOffer, sectionOf(kBrowserOffer, "video"), ""), "0 1 2", "0 2");
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, less), "media sections of the call were taken out");
}

RTC_TEST(sections_that_changed_their_order_name_or_kind_are_refused) {
  const std::string refused = "media sections of the call changed their order, name or kind";
  const auto renamed = replaced(replaced(kBrowserOffer, "a=mid:1", "a=mid:camera"), "0 1 2", "0 camera 2");
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, renamed), refused);
  const auto audio = sectionOf(kBrowserOffer, "audio");
  const auto video = sectionOf(kBrowserOffer, "video");
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, replaced(kBrowserOffer, audio + video, video + audio)), refused);
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, replaced(kBrowserOffer, "m=audio", "m=video")), refused);
}

RTC_TEST(a_certificate_that_changed_during_the_call_is_refused) {
  RTC_ASSERT_EQ(refusalAfter(kBrowserOffer, replaced(kBrowserOffer, kBrowserDigest, kWebrtcbinDigest)),
                "the certificate's fingerprint changed during the call");
}

RTC_TEST(an_answer_has_the_sections_of_its_offer) {
  const std::string refused = "the answer's media sections are not the offer's (RFC 3264 section 6)";
  RTC_ASSERT_EQ(refusalOfAnswer(kBrowserOffer, kBrowserOffer), "");
  RTC_ASSERT_EQ(refusalOfAnswer(kBrowserOffer, replaced(kBrowserOffer, "m=video 9", "m=video 0")), "");
  const auto less = replaced(kBrowserOffer, sectionOf(kBrowserOffer, "video"), "");
  RTC_ASSERT_EQ(refusalOfAnswer(kBrowserOffer, less), refused);
  RTC_ASSERT_EQ(refusalOfAnswer(less, kBrowserOffer), refused);
  RTC_ASSERT_EQ(refusalOfAnswer(kBrowserOffer, replaced(kBrowserOffer, "a=mid:1", "a=mid:x")), refused);
  RTC_ASSERT_EQ(refusalOfAnswer(kBrowserOffer, replaced(kBrowserOffer, "m=audio", "m=video")), refused);
}

RTC_TEST(an_allowed_description_is_left_alone) {
  RTC_ASSERT_EQ(adaptRemote(parsed(kBrowserOffer)).text(), crlf(kBrowserOffer));
  RTC_ASSERT_EQ(adaptRemote(parsed(kWebrtcbinOffer)).text(), crlf(kWebrtcbinOffer));
}

RTC_TEST(a_rejected_section_is_given_the_certificate_that_it_lacks) {
  const auto fingerprint = "a=fingerprint:sha-256 " + std::string(kBrowserDigest) + "\n";
  const auto sdp =
      adaptRemote(parsed(replacedOnce(replaced(kBrowserOffer, "m=audio 9", "m=audio 0"), fingerprint, "")));
  RTC_ASSERT_EQ(sdp.media()[0].attribute("fingerprint").value_or("none"), "sha-256 " + std::string(kBrowserDigest));
}

RTC_TEST(the_hint_at_stereo_is_dropped_and_the_rest_of_the_format_is_kept) {
  RTC_ASSERT_EQ(adaptedFormat("a=fmtp:111 minptime=10;sprop-stereo=1;useinbandfec=1"), "minptime=10;useinbandfec=1");
  RTC_ASSERT_EQ(adaptedFormat("a=fmtp:111 sprop-stereo=0;stereo=1"), "stereo=1");
  RTC_ASSERT_EQ(adaptedFormat("a=fmtp:111 minptime=10; sprop-stereo=1"), "minptime=10");
  RTC_ASSERT_EQ(adaptedFormat("a=fmtp:111 sprop-stereo=1;sprop-stereo=0;x=y"), "x=y");
  RTC_ASSERT_EQ(adaptedFormat("a=fmtp:111 stereo=1;x-sprop-stereo=1"), "stereo=1;x-sprop-stereo=1");
}

RTC_TEST(a_format_that_was_only_the_hint_at_stereo_goes_as_a_line) {
  const auto sdp = adaptRemote(parsed(replacedOnce(kBrowserOffer, "minptime=10;useinbandfec=1", "sprop-stereo=1")));
  RTC_ASSERT_EQ(sdp.media()[0].attributes("fmtp").size(), 1U);
  RTC_ASSERT_EQ(sdp.media()[0].attributes("fmtp")[0], "63 111/111");
}
