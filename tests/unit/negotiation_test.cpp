// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/negotiation.hpp"

#include <string>

#include "tests/support/descriptions.hpp"
#include "tests/unit/negotiation_words.hpp"

using namespace rtc::core;
using namespace rtc::testing;

namespace {

/// How the browser answers an offer of the same sections: it opens the DTLS connection.
std::string browserAnswer(std::string_view setup = "active") {
  return replaced(kBrowserOffer, "setup:actpass", "setup:" + std::string(setup));
}

std::string webrtcbinAnswer(std::string_view setup = "active") {
  return replaced(kWebrtcbinOffer, "setup:actpass", "setup:" + std::string(setup));
}

/// A caller of audio and video up to its offer, which looks like the browser's: what counts are its sections.
N offered() {
  N caller(Role::Caller, {Kind::Audio, Kind::Video});
  caller.start();
  caller.on(N::Begin{});
  caller.on(N::SendersReady{});
  RTC_ASSERT_EQ(said(caller.on(N::Created{std::string(kBrowserOffer)})), "say offer; set local offer");
  return caller;
}

N callerAtRest(std::string_view their_setup = "active") {
  auto caller = offered();
  caller.on(N::LocalSet{});
  caller.on(answer(browserAnswer(their_setup)));
  caller.on(N::RemoteSet{});
  return caller;
}

/// A callee that was offered `sdp` and is to make its answer.
N asked(std::string_view sdp = kWebrtcbinOffer) {
  N callee(Role::Callee, {});
  callee.on(offer(sdp));
  callee.on(N::SendersReady{});
  RTC_ASSERT_EQ(said(callee.on(N::RemoteSet{})), "create answer");
  return callee;
}

N calleeAtRest(std::string_view our_setup = "active") {
  auto callee = asked();
  callee.on(N::Created{webrtcbinAnswer(our_setup)});
  callee.on(N::LocalSet{});
  return callee;
}

/// What of the browser's offer is for webrtcbin.
std::string narrowedOffer() {
  auto text = replaced(replaced(kBrowserOffer, "SAVPF 111 63 0 126", "SAVPF 111"), "SAVPF 96 97 103", "SAVPF 96 97");
  for (const char* line : {"a=rtpmap:63 red/48000/2\n", "a=fmtp:63 111/111\n", "a=rtpmap:0 PCMU/8000\n",
                           "a=rtpmap:126 telephone-event/8000\n", "a=rtpmap:103 H264/90000\n",
                           "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"}) {
    text = replaced(text, line, "");
  }
  return text;
}

std::string prepared(std::string_view sdp) {
  return said(N(Role::Callee, {}).on(offer(sdp)));
}

}  // namespace

RTC_TEST(a_caller_makes_its_offer_while_the_phone_rings_and_says_it_when_the_call_is_taken) {
  N caller(Role::Caller, {Kind::Audio, Kind::Video});
  RTC_ASSERT_EQ(said(caller.start()), "prepare 0:audio:opus:111 1:video:vp8:96 data");
  RTC_ASSERT_EQ(said(caller.on(N::SendersReady{})), "create offer");
  RTC_ASSERT_EQ(said(caller.on(N::Created{std::string(kBrowserOffer)})), "");
  const auto begun = caller.on(N::Begin{});
  RTC_ASSERT_EQ(said(begun), "say offer; set local offer");
  const auto sdp = only<N::SignalDescription>(begun).sdp;
  RTC_ASSERT_EQ(only<N::SetLocal>(begun).sdp, sdp);
  for (const char* line : {"SAVPF 111\r\n", "SAVPF 96 97 102 103 98 99 104 105\r\n"}) {
    ck_assert_msg(sdp.find(line) != std::string::npos, "no %s in %s", line, sdp.c_str());
  }
  RTC_ASSERT_EQ(said(caller.on(N::LocalSet{})), "");
  RTC_ASSERT_EQ(said(caller.on(answer(browserAnswer()))), "set remote answer");
  RTC_ASSERT_EQ(said(caller.on(N::RemoteSet{})), "settled 3");
}

RTC_TEST(a_call_that_is_taken_before_the_offer_is_made_gets_it_at_once) {
  for (const int begun_after : {0, 1}) {
    N caller(Role::Caller, {Kind::Video});
    caller.start();
    if (begun_after == 0) RTC_ASSERT_EQ(said(caller.on(N::Begin{})), "");
    caller.on(N::SendersReady{});
    if (begun_after == 1) RTC_ASSERT_EQ(said(caller.on(N::Begin{})), "");
    RTC_ASSERT_EQ(said(caller.on(N::Created{std::string(kWebrtcbinOffer)})), "say offer; set local offer");
  }
}

RTC_TEST(an_offer_is_said_once) {
  auto caller = offered();
  RTC_ASSERT_EQ(said(caller.on(N::Begin{})), "");
  RTC_ASSERT_EQ(said(caller.on(N::Created{std::string(kBrowserOffer)})), "");
  RTC_ASSERT_EQ(said(caller.on(N::SendersReady{})), "");
}

RTC_TEST(a_caller_without_media_offers_data_alone) {
  RTC_ASSERT_EQ(said(N(Role::Caller, {}).start()), "prepare data");
}

RTC_TEST(a_callee_waits_for_the_offer_and_answers_it) {
  N callee(Role::Callee, {});
  RTC_ASSERT_EQ(said(callee.start()), "");
  RTC_ASSERT_EQ(said(callee.on(N::Begin{})), "");
  RTC_ASSERT_EQ(said(callee.on(offer(kWebrtcbinOffer))), "prepare 0:video:vp8:96 data");
  RTC_ASSERT_EQ(said(callee.on(N::SendersReady{})), "set remote offer");
  RTC_ASSERT_EQ(said(callee.on(N::RemoteSet{})), "create answer");
  const auto made = callee.on(N::Created{webrtcbinAnswer()});
  RTC_ASSERT_EQ(said(made), "say answer; set local answer");
  RTC_ASSERT_EQ(only<N::SignalDescription>(made).sdp, crlf(webrtcbinAnswer()));
  RTC_ASSERT_EQ(only<N::SetLocal>(made).sdp, crlf(webrtcbinAnswer()));
  RTC_ASSERT_EQ(said(callee.on(N::LocalSet{})), "settled 2");
}

RTC_TEST(streams_of_a_section_that_carries_nothing_are_let_in_by_nobody) {
  N callee(Role::Callee, {});
  callee.on(offer(std::string(kBrowserOffer) + "a=ssrc:777 cname:x\r\n"));  // the data section's
  const auto set = only<N::SetRemote>(callee.on(N::SendersReady{}));
  RTC_ASSERT_EQ(set.streams.size(), 3U);
}

RTC_TEST(the_peers_certificate_and_streams_are_those_of_its_description) {
  N callee(Role::Callee, {});
  callee.on(offer(kBrowserOffer));
  const auto set = only<N::SetRemote>(callee.on(N::SendersReady{}));
  RTC_ASSERT(set.fingerprints == (std::vector<Fingerprint>{{"sha-256", std::string(kBrowserDigest)}}));
  RTC_ASSERT_EQ(set.sdp, crlf(narrowedOffer()));
  // Chromium's picture has `nack`, its sound has not.
  const Carried sound{Codec::Opus, 111};
  const Carried picture{Codec::Vp8, 96};
  RTC_ASSERT(set.streams == (std::vector<RemoteStream>{{1711308264U, false, 0, 0, sound},
                                                       {2824590771U, true, 1, 0, picture},
                                                       {3404108295U, true, 1, 0, picture}}));
}

RTC_TEST(a_description_is_adapted_before_it_is_set) {
  N callee(Role::Callee, {});
  callee.on(offer(replaced(kBrowserOffer, "useinbandfec=1", "useinbandfec=1;sprop-stereo=1")));
  RTC_ASSERT_EQ(only<N::SetRemote>(callee.on(N::SendersReady{})).sdp, crlf(narrowedOffer()));
}

RTC_TEST(payload_types_are_the_offers) {
  const auto text =
      replaced(replaced(replaced(kBrowserOffer, "rtpmap:111 ", "rtpmap:109 "), "rtpmap:96 ", "rtpmap:120 "),
               "rtpmap:120 VP8", "rtpmap:120 vp8");
  RTC_ASSERT_EQ(prepared(text), "prepare 0:audio:opus:109 1:video:vp8:120 data");
}

RTC_TEST(packets_are_numbered_for_the_receiver_where_it_can_report_them) {
  const auto numbers = [](std::string_view text) {
    N callee(Role::Callee, {});
    std::string said;
    for (const auto& line : only<N::PrepareSenders>(callee.on(offer(text))).lines) {
      said += line.transport_cc ? std::to_string(*line.transport_cc) + ' ' : "- ";
    }
    return said;
  };
  RTC_ASSERT_EQ(numbers(kBrowserOffer), "3 3 ");
  RTC_ASSERT_EQ(numbers(replaced(kBrowserOffer, "extmap:3 ", "extmap:5/sendrecv ")), "5 5 ");
  RTC_ASSERT_EQ(numbers(replacedOnce(kBrowserOffer, "extmap:3 ", "extmap:x ")), "- 3 ");
  RTC_ASSERT_EQ(numbers(replaced(kBrowserOffer, "a=extmap:3", "a=unknown:3")), "- - ");

  N caller(Role::Caller, {Kind::Audio, Kind::Video});
  for (const auto& line : only<N::PrepareSenders>(caller.start()).lines) RTC_ASSERT(line.transport_cc == 3);
}

RTC_TEST(redundancy_is_taken_where_both_sides_want_it) {
  const auto offering = replaced(kWebrtcbinOffer, "a=rtpmap:96 VP8/90000\n",
                                 "a=rtpmap:96 VP8/90000\na=rtpmap:120 red/90000\na=rtpmap:121 ulpfec/90000\n");
  const auto with_types = replaced(offering, "SAVPF 96", "SAVPF 96 120 121");
  for (const bool wanted : {false, true}) {
    CodecPreferences codecs;
    codecs.redundancy = wanted;
    N callee(Role::Callee, {}, codecs);
    callee.on(offer(with_types));
    const auto set = only<N::SetRemote>(callee.on(N::SendersReady{}));
    RTC_ASSERT_EQ(set.sdp.find("ulpfec") != std::string::npos, wanted);
    RTC_ASSERT(set.streams.at(0).carried->redundancy == (wanted ? std::optional(Redundancy{120, 121}) : std::nullopt));
  }
}

RTC_TEST(nothing_is_sent_on_a_section_that_only_sends_or_rests) {
  for (const char* direction : {"a=sendonly", "a=inactive"}) {
    RTC_ASSERT_EQ(prepared(replacedOnce(kBrowserOffer, "a=sendrecv", direction)), "prepare 1:video:vp8:96 data");
  }
  RTC_ASSERT_EQ(prepared(replacedOnce(kBrowserOffer, "a=sendrecv", "a=recvonly")),
                "prepare 0:audio:opus:111 1:video:vp8:96 data");
}

RTC_TEST(nothing_is_sent_on_a_rejected_section) {
  RTC_ASSERT_EQ(prepared(replaced(kBrowserOffer, "m=audio 9", "m=audio 0")), "prepare 1:video:vp8:96 data");
}

RTC_TEST(a_section_without_a_codec_of_ours_is_rejected_and_told_of_and_the_others_live) {
  const auto text = replaced(replaced(kBrowserOffer, "VP8/90000", "H265/90000"), "H264/90000", "theora/90000");
  N callee(Role::Callee, {});
  RTC_ASSERT_EQ(said(callee.on(offer(text))),
                "no video: the peer has H265, theora, this side has vp8,h264,vp9,av1; prepare 0:audio:opus:111 data");
  const auto set = only<N::SetRemote>(callee.on(N::SendersReady{})).sdp;
  RTC_ASSERT(set.find("a=inactive") != std::string::npos);
  callee.on(N::RemoteSet{});
  const auto made = callee.on(N::Created{replaced(text, "setup:actpass", "setup:active")});
  const auto told = only<N::SignalDescription>(made).sdp;
  RTC_ASSERT(told.find("m=video 0 ") != std::string::npos);
  RTC_ASSERT(told.find("BUNDLE 0 2\r\n") != std::string::npos);
  RTC_ASSERT(only<N::SetLocal>(made).sdp.find("m=video 9 ") != std::string::npos);
}

RTC_TEST(the_codec_of_an_answer_is_the_peers_choice_from_our_offer) {
  for (const auto& [kept, said_so] :
       {std::pair{"111", "set remote answer"}, std::pair{"103", "change 0:opus:111 1:h264:103; set remote answer"}}) {
    auto caller = offered();
    const auto all = kept == std::string("103") ? replaced(browserAnswer(), "96 97 103", "103") : browserAnswer();
    RTC_ASSERT_EQ(said(caller.on(answer(all))), said_so);
  }
}

RTC_TEST(a_picture_that_the_answer_rejects_leaves_the_sound_alone) {
  auto caller = offered();
  const auto rejecting = replaced(replaced(browserAnswer(), "m=video 9", "m=video 0"), "BUNDLE 0 1 2", "BUNDLE 0 2");
  const auto actions = said(caller.on(answer(rejecting)));
  RTC_ASSERT(actions.starts_with("no video: the peer takes none of vp8,h264,vp9,av1; "));
  RTC_ASSERT(actions.ends_with("; change 0:opus:111; set remote answer"));
}

RTC_TEST(candidates_go_by_a_section_that_was_not_rejected) {
  N callee(Role::Callee, {});
  const auto text = replaced(kBrowserOffer, "opus/48000", "speex/48000");
  callee.on(offer(text));
  callee.on(N::SendersReady{});
  callee.on(N::RemoteSet{});
  callee.on(N::Created{replaced(text, "setup:actpass", "setup:active")});
  RTC_ASSERT_EQ(said(callee.on(N::LocalCandidate{0, "x"})), "say 'x' 1/1");
  RTC_ASSERT_EQ(said(callee.on(candidate("y", "0"))), "apply 0 'y'");

  auto caller = offered();
  caller.on(answer(replaced(replaced(browserAnswer(), "m=audio 9", "m=audio 0"), "BUNDLE 0 1 2", "BUNDLE 1 2")));
  caller.on(N::RemoteSet{});
  RTC_ASSERT_EQ(said(caller.on(candidate("y", "1"))), "apply 0 'y'");
}

RTC_TEST(a_call_without_a_data_section_has_no_control_channel) {
  RTC_ASSERT_EQ(
      prepared(replaced(replaced(kWebrtcbinOffer, "m=application 0", "m=audio 9"), "a=sctp-port:5000", "a=inactive")),
      "prepare 0:video:vp8:96");
  RTC_ASSERT_EQ(prepared(replaced(kWebrtcbinOffer, "a=bundle-only\n", "")), "prepare 0:video:vp8:96");
}

RTC_TEST(candidates_that_come_before_the_description_are_applied_after_it_in_their_order) {
  N callee(Role::Callee, {});
  RTC_ASSERT_EQ(said(callee.on(candidate("first", "application1"))), "");
  callee.on(offer(kWebrtcbinOffer));
  RTC_ASSERT_EQ(said(callee.on(candidate("second", "video0"))), "");
  callee.on(N::SendersReady{});
  RTC_ASSERT_EQ(said(callee.on(candidate("third", "", 1))), "");
  RTC_ASSERT_EQ(said(callee.on(candidate("", "video0"))), "");
  RTC_ASSERT_EQ(said(callee.on(N::RemoteSet{})),
                "create answer; apply 1 'first'; apply 0 'second'; apply 1 'third'; apply 0 ''");
  RTC_ASSERT_EQ(said(callee.on(candidate("fourth", "video0"))), "apply 0 'fourth'");
}

RTC_TEST(a_caller_queues_candidates_until_the_answer_is_set) {
  auto caller = offered();
  RTC_ASSERT_EQ(said(caller.on(candidate("early", "1"))), "");
  caller.on(answer(browserAnswer()));
  RTC_ASSERT_EQ(said(caller.on(candidate("later", "0"))), "");
  RTC_ASSERT_EQ(said(caller.on(N::RemoteSet{})), "apply 1 'early'; apply 0 'later'; settled 3");
}

RTC_TEST(the_queue_of_candidates_has_an_end) {
  N callee(Role::Callee, {});
  for (int i = 0; i < 10'000; ++i) callee.on(candidate(std::to_string(i), "video0"));
  callee.on(offer(kWebrtcbinOffer));
  callee.on(N::SendersReady{});
  const auto actions = callee.on(N::RemoteSet{});
  RTC_ASSERT_EQ(actions.size(), 1U + 256U);
  RTC_ASSERT_EQ(std::get<N::ApplyCandidate>(actions.back()).candidate, "255");
}

RTC_TEST(a_candidates_section_goes_by_its_mid_and_else_by_its_index) {
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "application1", 0))), "apply 1 'x'");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "", 1))), "apply 1 'x'");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "unknown", 1))), "apply 1 'x'");
}

RTC_TEST(a_candidate_of_no_section_is_dropped) {
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "unknown"))), "");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "unknown", 2))), "");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "", 4'294'967'295U))), "");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", ""))), "");
}

RTC_TEST(the_end_of_candidates_may_come_without_a_section) {
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(candidate("", ""))), "apply 0 ''");
  RTC_ASSERT_EQ(said(callee.on(candidate("", "application1"))), "apply 1 ''");
}

RTC_TEST(our_candidates_are_said_with_their_mid_and_index) {
  auto caller = offered();
  RTC_ASSERT_EQ(said(caller.on(N::LocalCandidate{1, "candidate:1"})), "say 'candidate:1' 1/1");
  RTC_ASSERT_EQ(said(caller.on(N::LocalCandidate{0, ""})), "say '' 0/0");
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(N::LocalCandidate{1, "x"})), "say 'x' application1/1");
  RTC_ASSERT_EQ(said(callee.on(N::LocalCandidate{7, "x"})), "say 'x' /7");
}

RTC_TEST(an_offer_out_of_turn_ends_the_negotiation) {
  const std::string abandoned = "abandon: an offer came out of turn";
  RTC_ASSERT_EQ(said(offered().on(offer(kBrowserOffer))), abandoned);
  RTC_ASSERT_EQ(said(asked().on(offer(kWebrtcbinOffer))), abandoned);
  RTC_ASSERT_EQ(said(N(Role::Caller, {}).on(offer(kWebrtcbinOffer))), abandoned);
}

RTC_TEST(an_answer_out_of_turn_ends_the_negotiation) {
  const std::string abandoned = "abandon: an answer came to no offer";
  RTC_ASSERT_EQ(said(N(Role::Callee, {}).on(answer(kBrowserOffer))), abandoned);
  RTC_ASSERT_EQ(said(N(Role::Caller, {}).on(answer(kBrowserOffer))), abandoned);
  RTC_ASSERT_EQ(said(callerAtRest().on(answer(browserAnswer()))), abandoned);
  RTC_ASSERT_EQ(said(calleeAtRest().on(answer(browserAnswer()))), abandoned);
}

RTC_TEST(an_answer_to_another_offer_ends_the_negotiation) {
  RTC_ASSERT_EQ(said(offered().on(answer(webrtcbinAnswer()))),
                "abandon: the answer's media sections are not the offer's (RFC 3264 section 6)");
}

RTC_TEST(a_description_against_the_rules_ends_the_negotiation) {
  N callee(Role::Callee, {});
  RTC_ASSERT_EQ(said(callee.on(offer("nonsense"))),
                "abandon: the text is no session description: it does not start with v=");
  RTC_ASSERT_EQ(said(N(Role::Callee, {}).on(offer(replaced(kBrowserOffer, "a=ssrc:", "a=source:")))),
                "abandon: a media section that sends announces no a=ssrc with its cname (RFC 5576)");
  RTC_ASSERT_EQ(said(calleeAtRest().on(offer(replaced(kWebrtcbinOffer, kWebrtcbinDigest, kBrowserDigest)))),
                "abandon: the certificate's fingerprint changed during the call");
}

RTC_TEST(a_step_that_failed_ends_the_negotiation) {
  RTC_ASSERT_EQ(said(offered().on(N::StepFailed{"no codec"})), "abandon: no codec");
  RTC_ASSERT_EQ(said(asked().on(N::StepFailed{"no codec"})), "abandon: no codec");
  RTC_ASSERT_EQ(said(asked().on(N::Created{"nonsense"})),
                "abandon: the text is no session description: it does not start with v=");
  N caller(Role::Caller, {});
  caller.start();
  caller.on(N::SendersReady{});
  caller.on(N::Created{"nonsense"});
  RTC_ASSERT_EQ(said(caller.on(N::Begin{})), "abandon: the text is no session description: it does not start with v=");
}

RTC_TEST(nothing_follows_the_end_of_a_negotiation) {
  auto callee = calleeAtRest();
  callee.on(N::StepFailed{"broken"});
  for (const N::Event& event :
       {N::Event(N::Begin{}), N::Event(N::SendersReady{}), N::Event(N::Created{std::string(kBrowserOffer)}),
        N::Event(N::LocalSet{}), N::Event(N::RemoteSet{}), N::Event(N::StepFailed{"again"}),
        N::Event(offer(kWebrtcbinOffer)), N::Event(answer(kWebrtcbinOffer)), N::Event(candidate("x", "video0")),
        N::Event(N::LocalCandidate{0, "x"})}) {
    RTC_ASSERT_EQ(said(callee.on(event)), "");
  }
}

RTC_TEST(a_later_offer_is_answered_without_new_senders) {
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(offer(kWebrtcbinOffer))), "set remote offer");
  RTC_ASSERT_EQ(said(callee.on(candidate("x", "video0"))), "apply 0 'x'");
  RTC_ASSERT_EQ(said(callee.on(N::RemoteSet{})), "create answer");
  RTC_ASSERT_EQ(said(callee.on(N::Created{webrtcbinAnswer()})), "say answer; set local answer");
}

// G8. webrtcbin answers `active` to each offer; a browser that is `active` itself would fail on that.
RTC_TEST(our_part_in_dtls_stays_what_the_first_descriptions_made_it) {
  for (const auto& [theirs, ours] : {std::pair{"active", "passive"}, std::pair{"passive", "active"}}) {
    auto caller = callerAtRest(theirs);
    RTC_ASSERT_EQ(said(caller.on(offer(kBrowserOffer))), "set remote offer");
    caller.on(N::RemoteSet{});
    const auto made = caller.on(N::Created{browserAnswer("active")});
    RTC_ASSERT_EQ(only<N::SignalDescription>(made).sdp, crlf(browserAnswer(ours)));
    RTC_ASSERT_EQ(only<N::SetLocal>(made).sdp, crlf(browserAnswer(ours)));
  }
}

RTC_TEST(a_callees_part_in_dtls_stays_what_its_first_answer_made_it) {
  for (const char* ours : {"active", "passive"}) {
    auto callee = calleeAtRest(ours);
    callee.on(offer(kWebrtcbinOffer));
    callee.on(N::RemoteSet{});
    for (const char* created : {"active", "passive"}) {
      const auto made = callee.on(N::Created{webrtcbinAnswer(created)});
      RTC_ASSERT_EQ(only<N::SetLocal>(made).sdp, crlf(webrtcbinAnswer(ours)));
      callee.on(offer(kWebrtcbinOffer));
      callee.on(N::RemoteSet{});
    }
  }
}

namespace {

/// The offer with one more picture behind it.
std::string withSecondVideo(std::string_view sdp) {
  const auto at = sdp.find("m=video");
  auto video = std::string(sdp.substr(at, sdp.find("m=application") - at));
  video = replaced(replacedOnce(video, "a=mid:1", "a=mid:3"), "2824590771", "515");
  return replaced(sdp, "BUNDLE 0 1 2", "BUNDLE 0 1 2 3") + replaced(video, "3404108295", "516");
}

}  // namespace

RTC_TEST(a_caller_that_has_another_stream_offers_a_section_for_it_behind_the_others) {
  auto caller = callerAtRest();
  RTC_ASSERT_EQ(said(caller.on(N::Want{{1, 1}})), "");
  RTC_ASSERT_EQ(said(caller.on(N::Want{{2, 1}})), "prepare 3:video:vp8:96");
  RTC_ASSERT_EQ(said(caller.on(N::SendersReady{})), "create offer");
  const auto more = withSecondVideo(kBrowserOffer);
  RTC_ASSERT_EQ(said(caller.on(N::Created{more})), "say offer; set local offer");
  RTC_ASSERT_EQ(said(caller.on(answer(withSecondVideo(browserAnswer())))), "set remote answer");
  RTC_ASSERT_EQ(said(caller.on(N::RemoteSet{})), "settled 4");
  RTC_ASSERT_EQ(said(caller.on(N::Want{{2, 1}})), "");
  // A stream that ended leaves its section to the next.
  RTC_ASSERT_EQ(said(caller.on(N::Want{{1, 1}})), "");
  RTC_ASSERT_EQ(said(caller.on(N::Want{{2, 1}})), "");
}

RTC_TEST(what_is_wanted_during_an_exchange_waits_for_its_end) {
  auto caller = offered();
  RTC_ASSERT_EQ(said(caller.on(N::Want{{1, 2}})), "");
  caller.on(N::LocalSet{});
  caller.on(answer(browserAnswer()));
  RTC_ASSERT_EQ(said(caller.on(N::RemoteSet{})), "settled 3; prepare 3:audio:opus:111");
}

RTC_TEST(a_callee_asks_the_caller_for_a_section_and_only_once) {
  auto callee = calleeAtRest();
  RTC_ASSERT_EQ(said(callee.on(N::Want{{1, 0}})), "");
  RTC_ASSERT_EQ(said(callee.on(N::Want{{2, 1}})), "ask for 2 video 1 audio");
  RTC_ASSERT_EQ(said(callee.on(N::Want{{2, 1}})), "");
  RTC_ASSERT_EQ(said(callee.on(N::Want{{2, 2}})), "ask for 2 video 2 audio");
}

RTC_TEST(a_caller_offers_the_sections_that_the_callee_asks_for_within_reason) {
  auto caller = callerAtRest();
  RTC_ASSERT_EQ(said(caller.on(N::PeerWants{{2, 0}})), "prepare 3:video:vp8:96");
  auto besieged = callerAtRest();
  RTC_ASSERT_EQ(only<N::PrepareSenders>(besieged.on(N::PeerWants{{4'000'000'000U, 4'000'000'000U}})).lines.size(), 30u);
}

RTC_TEST(a_section_that_is_added_by_an_offer_gets_a_sender_of_its_own) {
  auto callee = asked(kBrowserOffer);
  callee.on(N::Created{browserAnswer()});
  callee.on(N::LocalSet{});
  RTC_ASSERT_EQ(said(callee.on(offer(withSecondVideo(kBrowserOffer)))), "prepare 3:video:vp8:96");
  const auto set = callee.on(N::SendersReady{});
  RTC_ASSERT_EQ(said(set), "set remote offer");
  RTC_ASSERT(only<N::SetRemote>(set).streams.back() == (RemoteStream{516, true, 3, 1, Carried{Codec::Vp8, 96}}));
}

RTC_TEST(a_later_offer_announces_the_streams_of_the_first_again) {
  auto caller = callerAtRest();
  caller.on(N::Want{{2, 1}});
  caller.on(N::SendersReady{});
  // webrtcbin numbers the retransmission anew.
  const auto made = replaced(withSecondVideo(kBrowserOffer), "3404108295", "99");
  const auto kept = only<N::SignalDescription>(caller.on(N::Created{made})).sdp;
  const auto parsed = Sdp::parse(kept).value();
  RTC_ASSERT(parsed.media()[1].ssrcs() == (std::vector<std::uint32_t>{2824590771U, 3404108295U}));
  RTC_ASSERT(parsed.media()[3].ssrcs() == (std::vector<std::uint32_t>{515, 516}));
}
