// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/codec.hpp"

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

std::string named(const Format& format) {
  const auto codec = codecOf(format);
  return codec ? std::string(word(*codec)) : "none";
}

std::string h264(std::string parameters) {
  return named({102, "H264", 90'000, std::move(parameters)});
}

}  // namespace

RTC_TEST(a_codec_is_known_by_its_name_in_any_case_and_its_clock) {
  RTC_ASSERT_EQ(named({96, "VP8", 90'000, ""}), "vp8");
  RTC_ASSERT_EQ(named({96, "vp8", 90'000, ""}), "vp8");
  RTC_ASSERT_EQ(named({111, "opus", 48'000, "minptime=10"}), "opus");
  RTC_ASSERT_EQ(named({96, "VP8", 48'000, ""}), "none");
  RTC_ASSERT_EQ(named({0, "PCMU", 8'000, ""}), "none");
  RTC_ASSERT_EQ(named({97, "rtx", 90'000, "apt=96"}), "none");
}

// RFC 6184 section 8.1.
RTC_TEST(h264_is_ours_in_constrained_baseline_and_in_the_mode_that_cuts_slices) {
  RTC_ASSERT_EQ(h264("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"), "h264");
  RTC_ASSERT_EQ(h264("packetization-mode=1; profile-level-id=42C01F"), "h264");
  RTC_ASSERT_EQ(h264("packetization-mode=1;profile-level-id=4de01f"), "h264");
  RTC_ASSERT_EQ(h264("packetization-mode=1"), "h264");
  RTC_ASSERT_EQ(h264("packetization-mode=0;profile-level-id=42e01f"), "none");
  RTC_ASSERT_EQ(h264("profile-level-id=42e01f"), "none");
  RTC_ASSERT_EQ(h264("packetization-mode=1;profile-level-id=42001f"), "none");
  RTC_ASSERT_EQ(h264("packetization-mode=1;profile-level-id=4d001f"), "none");
  RTC_ASSERT_EQ(h264("packetization-mode=1;profile-level-id=64001f"), "none");
  for (const char* broken : {"x", "42e01", "42e01fff", "zze01f"}) {
    RTC_ASSERT_EQ(h264(std::string("packetization-mode=1;profile-level-id=") + broken), "none");
  }
}

RTC_TEST(vp9_and_av1_are_ours_in_their_first_profile) {
  RTC_ASSERT_EQ(named({98, "VP9", 90'000, "profile-id=0"}), "vp9");
  RTC_ASSERT_EQ(named({98, "VP9", 90'000, ""}), "vp9");
  RTC_ASSERT_EQ(named({100, "VP9", 90'000, "profile-id=2"}), "none");
  RTC_ASSERT_EQ(named({45, "AV1", 90'000, "level-idx=5;profile=0;tier=0"}), "av1");
  RTC_ASSERT_EQ(named({45, "AV1", 90'000, "profile=1"}), "none");
}

RTC_TEST(every_codec_is_recognized_in_the_words_of_our_own_offer) {
  for (const auto codec : {Codec::Vp8, Codec::Vp9, Codec::H264, Codec::Av1, Codec::Opus}) {
    const auto& row = traits(codec);
    RTC_ASSERT(row.codec == codec);
    RTC_ASSERT_EQ(named({row.payload_type, std::string(row.encoding), row.clock_rate, std::string(row.parameters)}),
                  std::string(row.word));
    RTC_ASSERT(codecNamed(row.word) == codec);
  }
}

RTC_TEST(a_list_of_codecs_keeps_its_order_and_names_each_once) {
  RTC_ASSERT_EQ(listed(codecList(Kind::Video, "h264, VP8,h264").value()), "h264,vp8");
  RTC_ASSERT_EQ(listed(codecList(Kind::Audio, "opus").value()), "opus");
}

RTC_TEST(a_list_with_another_word_is_refused_with_the_words_that_there_are) {
  RTC_ASSERT_EQ(codecList(Kind::Video, "vp8,theora").error().message,
                "\"theora\" is no codec for video: there is vp8,h264,vp9,av1");
  RTC_ASSERT_EQ(codecList(Kind::Video, "opus").error().message,
                "\"opus\" is no codec for video: there is vp8,h264,vp9,av1");
  RTC_ASSERT_EQ(codecList(Kind::Video, ",").error().message, "a list of codecs names none");
}
