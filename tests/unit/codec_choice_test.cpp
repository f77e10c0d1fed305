// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/codec_choice.hpp"

#include <string>

#include "tests/support/descriptions.hpp"

using namespace rtc::core;
using namespace rtc::testing;

namespace {

const std::vector<Codec> kAll = CodecPreferences().video;

Sdp parsed(std::string_view text) {
  return Sdp::parse(text).value();
}

std::string chosen(const std::optional<Carried>& carried) {
  return carried ? std::string(word(carried->codec)) + ' ' + std::to_string(carried->payload_type) : "none";
}

MediaSection picture(std::string_view formats) {
  return parsed("v=0\nm=video 9 UDP/TLS/RTP/SAVPF " + std::string(formats)).media().at(0);
}

/// As Chromium lists them, with the modes and profiles that are not ours before ours.
const MediaSection kBrowserPicture = picture(
    "96 97 100 98 108 102 103 45\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n"
    "a=rtpmap:100 VP9/90000\na=fmtp:100 profile-id=2\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=0\n"
    "a=rtpmap:108 H264/90000\na=fmtp:108 packetization-mode=0;profile-level-id=42e01f\n"
    "a=rtpmap:102 H264/90000\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"
    "a=rtpmap:103 rtx/90000\na=fmtp:103 apt=102\na=rtpmap:45 AV1/90000");

CarriedBySection browsers() {
  return {Carried{Codec::Opus, 111}, Carried{Codec::H264, 103}, std::nullopt};
}

}  // namespace

RTC_TEST(an_offer_names_each_codec_with_its_feedback_and_its_retransmission) {
  auto section = parsed(kWebrtcbinOffer).media().at(0);
  offerCodecs(section, {Codec::H264, Codec::Vp8});
  RTC_ASSERT_EQ(section.lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 102 103 96 97");
  const auto text = [&] {
    std::string all;
    for (const auto& line : section.lines()) {
      if (line.starts_with("a=rtpmap") || line.starts_with("a=fmtp") || line.starts_with("a=rtcp-fb"))
        all += line + '\n';
    }
    return all;
  }();
  RTC_ASSERT_EQ(text,
                "a=rtpmap:102 H264/90000\n"
                "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"
                "a=rtcp-fb:102 nack\na=rtcp-fb:102 nack pli\na=rtcp-fb:102 ccm fir\n"
                "a=rtpmap:103 rtx/90000\na=fmtp:103 apt=102\n"
                "a=rtpmap:96 VP8/90000\n"
                "a=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtcp-fb:96 ccm fir\n"
                "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n");
  RTC_ASSERT_EQ(section.ssrcs().size(), 1U);
}

RTC_TEST(redundancy_is_offered_behind_the_codecs_if_it_is_of_use_to_one) {
  const auto offered = [](const std::vector<Codec>& codecs, std::string_view feedback) {
    auto section = picture("96 100 101\na=rtpmap:96 VP8/90000\na=rtpmap:100 red/90000\na=rtpmap:101 ulpfec/90000" +
                           std::string(feedback));
    offerCodecs(section, codecs);
    return section;
  };
  const auto section = offered({Codec::H264, Codec::Vp8}, "\na=rtcp-fb:96 nack");
  RTC_ASSERT_EQ(section.lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 102 103 96 97 116 117 118");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(section, {Codec::Vp8})), "vp8 96");
  RTC_ASSERT(redundancyFor(Codec::Vp8, section) == (Redundancy{116, 118}));
  RTC_ASSERT(section.attributes("rtcp-fb") == (std::vector<std::string>{"102 nack", "96 nack"}));
  RTC_ASSERT_EQ(section.formats()[5].parameter("apt"), "116");
  RTC_ASSERT_EQ(offered({Codec::Vp9}, "").lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 98 116 118");
  RTC_ASSERT_EQ(offered({Codec::H264, Codec::Av1}, "").lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 102 104");
}

RTC_TEST(redundancy_takes_both_of_its_formats_and_a_codec_that_numbers_its_pictures) {
  const auto both = picture("96 100 101\na=rtpmap:96 VP8/90000\na=rtpmap:100 red/90000\na=rtpmap:101 ulpfec/90000");
  RTC_ASSERT(redundancyFor(Codec::Vp8, both) == (Redundancy{100, 101}));
  RTC_ASSERT(redundancyFor(Codec::Vp9, both).has_value());
  RTC_ASSERT(!redundancyFor(Codec::H264, both));
  RTC_ASSERT(!redundancyFor(Codec::Av1, both));
  RTC_ASSERT(!redundancyFor(Codec::Vp8, picture("96 100\na=rtpmap:96 VP8/90000\na=rtpmap:100 red/90000")));
  RTC_ASSERT(!redundancyFor(Codec::Vp8, picture("96 100 101\na=rtpmap:100 red/48000\na=rtpmap:101 ulpfec/90000")));
}

RTC_TEST(a_narrowed_section_has_the_redundancy_that_was_chosen_with_its_retransmission) {
  auto sdp = parsed("v=0");
  sdp.media() = {
      picture("96 97 100 101 102 103\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n"
              "a=rtpmap:100 red/90000\na=rtpmap:101 rtx/90000\na=fmtp:101 apt=100\n"
              "a=rtpmap:102 ulpfec/90000\na=rtpmap:103 H264/90000")};
  const auto with = narrowed(sdp, {Carried{Codec::Vp8, 96, Redundancy{100, 102}}});
  RTC_ASSERT_EQ(with.media()[0].lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 96 97 100 101 102");
  const auto without = narrowed(sdp, {Carried{Codec::Vp8, 96}});
  RTC_ASSERT_EQ(without.media()[0].lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 96 97");
}

RTC_TEST(sound_is_offered_without_retransmission) {
  auto section = parsed(kBrowserOffer).media().at(0);
  offerCodecs(section, {Codec::Opus});
  RTC_ASSERT_EQ(section.lines().front(), "m=audio 9 UDP/TLS/RTP/SAVPF 111");
  RTC_ASSERT_EQ(section.attribute("rtpmap").value(), "111 opus/48000/2");
}

RTC_TEST(our_order_decides_among_what_is_offered) {
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, kAll)), "vp8 96");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, {Codec::H264, Codec::Vp8})), "h264 102");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, {Codec::Vp9})), "vp9 98");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, {Codec::Av1})), "av1 45");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(picture("96\na=rtpmap:96 H265/90000"), kAll)), "none");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(picture("96"), kAll)), "none");
}

RTC_TEST(what_was_chosen_stays_while_it_is_offered) {
  const Carried before{Codec::Vp9, 98};
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, kAll, before)), "vp9 98");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(picture("96\na=rtpmap:96 VP8/90000"), kAll, before)), "vp8 96");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(kBrowserPicture, kAll, Carried{Codec::Vp9, 99})), "vp8 96");
}

RTC_TEST(the_first_codec_of_ours_in_an_answer_is_the_peers_choice) {
  RTC_ASSERT_EQ(chosen(chosenInAnswer(kBrowserPicture, kAll)), "vp8 96");
  RTC_ASSERT_EQ(chosen(chosenInAnswer(kBrowserPicture, {Codec::H264})), "h264 102");
  RTC_ASSERT_EQ(chosen(chosenInAnswer(picture("45 96\na=rtpmap:96 VP8/90000\na=rtpmap:45 AV1/90000"), kAll)), "av1 45");
  RTC_ASSERT_EQ(chosen(chosenInAnswer(picture("96"), kAll)), "none");
}

RTC_TEST(a_refused_section_carries_nothing) {
  auto refused = kBrowserPicture;
  refused.setPort(0);
  RTC_ASSERT_EQ(chosen(chosenInAnswer(refused, kAll)), "none");
  RTC_ASSERT_EQ(chosen(chooseFromOffer(refused, kAll, Carried{Codec::Vp8, 96})), "none");
}

RTC_TEST(each_section_is_narrowed_to_its_codec_and_that_codecs_retransmission) {
  CarriedBySection carried{Carried{Codec::Opus, 111}, Carried{Codec::Vp8, 96}, std::nullopt};
  const auto sdp = narrowed(parsed(kBrowserOffer), carried);
  RTC_ASSERT_EQ(sdp.media()[0].lines().front(), "m=audio 9 UDP/TLS/RTP/SAVPF 111");
  RTC_ASSERT_EQ(sdp.media()[1].lines().front(), "m=video 9 UDP/TLS/RTP/SAVPF 96 97");
  RTC_ASSERT_EQ(sdp.media()[1].formats().size(), 2U);
  RTC_ASSERT_EQ(sdp.media()[2].lines().front(), "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
  RTC_ASSERT_EQ(narrowed(parsed(kBrowserOffer), browsers()).media()[1].formats().size(), 1U);
}

RTC_TEST(a_section_that_carries_nothing_rests_for_webrtcbin_and_is_rejected_for_the_peer) {
  CarriedBySection carried{std::nullopt, Carried{Codec::Vp8, 96}, std::nullopt};
  const auto sdp = narrowed(parsed(kBrowserOffer), carried);
  RTC_ASSERT(sdp.media()[0].direction() == Direction::Inactive);
  RTC_ASSERT(!sdp.media()[0].rejected());
  RTC_ASSERT(sdp.bundle() == (std::vector<std::string>{"0", "1", "2"}));
  const auto answer = withRejections(parsed(kBrowserOffer), carried);
  RTC_ASSERT(answer.media()[0].rejected());
  RTC_ASSERT(answer.media()[0].direction() == Direction::Inactive);
  RTC_ASSERT(answer.bundle() == (std::vector<std::string>{"1", "2"}));
}

RTC_TEST(an_answer_that_rejects_the_first_section_still_has_the_transport_that_webrtcbin_looks_for) {
  // As browsers reject: no ICE, no DTLS, not in the bundle.
  auto rejecting = parsed(kBrowserOffer);
  rejecting.media()[0] = parsed("v=0\nm=audio 0 UDP/TLS/RTP/SAVPF 0\na=mid:0\na=inactive").media().at(0);
  rejecting.setBundle({"1", "2"});
  const auto sdp = narrowed(rejecting, {std::nullopt, Carried{Codec::Vp8, 96}, std::nullopt});
  RTC_ASSERT(sdp.bundle() == (std::vector<std::string>{"0", "1", "2"}));
  for (const char* name : {"ice-ufrag", "ice-pwd", "setup"}) {
    RTC_ASSERT(sdp.media()[0].attribute(name) == sdp.media()[1].attribute(name));
  }
}
