// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls in each codec: raw and encoded media in and out, what two sides settle on, and what becomes of a picture in an
// odd format.
#include <string>

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::testing::elementIn;
using rtc::testing::peerPipelines;
using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

constexpr const char* kRaw = "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1";

/// What each codec is made with outside of our elements, and what its frames are called.
struct Coded {
  const char* word;
  const char* encoder;
  const char* media_type;
};

constexpr Coded kVp8 = {"vp8", "vp8enc deadline=1 keyframe-max-dist=30", "video/x-vp8"};
constexpr Coded kVp9 = {"vp9", "vp9enc deadline=1 cpu-used=8 lag-in-frames=0 keyframe-max-dist=30", "video/x-vp9"};
constexpr Coded kH264 = {"h264",
                         "x264enc tune=zerolatency speed-preset=ultrafast ! video/x-h264,profile=constrained-baseline",
                         "video/x-h264"};

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " peer-timeout=60000 setup-timeout=60000 ";
}

/// A camera that is called, and a viewer that calls it.
struct Pair {
  Pair(const std::string& input, const std::string& cams, const std::string& viewers, const std::string& rest = {}) {
    cam = std::make_unique<TestPipeline>(input + " ! rtcsignalsink name=out" + login(service, "cam") + cams);
    viewer = std::make_unique<TestPipeline>("rtcsignalsrc name=in" + login(service, "viewer") + "peer=cam " + viewers +
                                            " " + rest);
    cam->play();
    ck_assert(cam->posts("rtc-session", {{"state", "online"}}));
    viewer->play();
  }

  const SignaldProcess service;
  std::unique_ptr<TestPipeline> cam;
  std::unique_ptr<TestPipeline> viewer;
};

/// Whether an element of this factory is at work in a pipeline.
bool works(const TestPipeline& pipeline, const char* factory) {
  return elementIn(pipeline.element(), factory) != nullptr;
}

void rawGoesThrough(const std::string& codec, const char* encoder, const char* decoder) {
  const Pair pair(kRaw, "", "video-codecs=" + codec);
  ck_assert(pair.viewer->reaches("video-in-decoded", 15));
  ck_assert(pair.viewer->statistic("video-in-width") == 160.0);
  ck_assert_msg(works(*pair.cam, encoder), "%s is not at work", encoder);
  ck_assert_msg(works(*pair.viewer, decoder), "%s is not at work", decoder);
}

void framesGoThrough(const Coded& coded) {
  const Pair pair(std::string(kRaw) + " ! " + coded.encoder, "", "output=encoded",
                  std::string("in.video_0 ! ") + coded.media_type + " ! fakesink");
  ck_assert(pair.viewer->reaches("video-in-decoded", 15));
  ck_assert(pair.cam->reaches("video-out-frames", 15));
  ck_assert(pair.cam->statistic("encoders") == 0.0);
}

/// A picture of these caps arrives in this size.
void arrives(const std::string& caps, double width, const std::string& codec = "vp8") {
  const Pair pair("videotestsrc is-live=true ! video/x-raw," + caps, "", "video-codecs=" + codec);
  ck_assert_msg(pair.viewer->reaches("video-in-decoded", 8), "no picture of %s in %s", caps.c_str(), codec.c_str());
  ck_assert(pair.viewer->statistic("video-in-width") == width);
}

int speedOf(GstElement* encoder) {
  int speed = 0;
  g_object_get(encoder, "cpu-used", &speed, nullptr);
  return speed;
}

/// Each frame takes the encoder longer than frames are apart.
void keepBusy(GstElement* encoder) {
  rtc::addProbe(rtc::staticPad(encoder, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER, [](GstPad*, GstPadProbeInfo*) {
    const auto end = g_get_monotonic_time() + 80'000;
    while (g_get_monotonic_time() < end) continue;
    return GST_PAD_PROBE_OK;
  });
}

}  // namespace

RTC_TEST(a_raw_picture_goes_through_in_vp9) {
  rawGoesThrough("vp9", "vp9enc", "vp9dec");
}

RTC_TEST(a_raw_picture_goes_through_in_h264) {
  rawGoesThrough("h264", "x264enc", "avdec_h264");
}

RTC_TEST(an_encoder_that_does_not_keep_up_is_told_to_be_faster) {
  const Pair pair(kRaw, "", "");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 1));
  const auto encoder = elementIn(pair.cam->element(), "vp8enc");
  RTC_ASSERT_EQ(speedOf(encoder.get()), -6);
  keepBusy(encoder.get());
  RTC_ASSERT(waitFor([&] { return speedOf(encoder.get()) < -6; }));
}

RTC_TEST(one_whose_speed_somebody_has_set_is_left_alone) {
  const Pair pair(kRaw, "", "");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 1));
  const auto encoder = elementIn(pair.cam->element(), "vp8enc");
  g_object_set(encoder.get(), "cpu-used", -5, nullptr);
  keepBusy(encoder.get());
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", pair.viewer->statistic("video-in-decoded").value_or(0) + 40));
  RTC_ASSERT_EQ(speedOf(encoder.get()), -5);
}

RTC_TEST(vp8_frames_are_passed_on) {
  framesGoThrough(kVp8);
}

RTC_TEST(vp9_frames_are_passed_on) {
  framesGoThrough(kVp9);
}

RTC_TEST(h264_frames_are_passed_on) {
  framesGoThrough(kH264);
}

RTC_TEST(the_callees_list_decides_among_what_the_caller_offers) {
  const Pair pair(kRaw, "video-codecs=h264,vp8", "video-codecs=vp8,vp9,h264");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 5));
  RTC_ASSERT(works(*pair.viewer, "avdec_h264"));
}

RTC_TEST(frames_in_a_codec_that_the_peer_does_not_take_are_encoded_anew) {
  const Pair pair(std::string(kRaw) + " ! " + kH264.encoder, "", "video-codecs=vp8");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 15));
  RTC_ASSERT(pair.cam->reaches("encoders", 1));
  RTC_ASSERT(works(*pair.viewer, "vp8dec"));
}

RTC_TEST(two_peers_with_different_codecs_are_served_by_an_encoder_each) {
  const Pair pair(kRaw, "", "video-codecs=vp8");
  TestPipeline other("rtcsignalsrc" + login(pair.service, "other") + "peer=cam video-codecs=h264");
  other.play();
  RTC_ASSERT(other.reaches("video-in-decoded", 15));
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 15));
  RTC_ASSERT(pair.cam->reaches("encoders", 2));
}

RTC_TEST(without_a_common_codec_the_call_has_sound_alone_and_both_sides_say_so) {
  for (const bool cam_sees_first : {false, true}) {
    const Pair pair(std::string("audiotestsrc is-live=true ! out.audio_0 ") + kRaw, "video-codecs=vp8",
                    "video-codecs=h264");
    RTC_ASSERT(pair.viewer->reaches("audio-in-packets", 25));
    auto& side = cam_sees_first ? *pair.cam : *pair.viewer;
    RTC_ASSERT(side.posts([](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING; }));
    RTC_ASSERT_EQ(*pair.viewer->statistic("video-in-frames"), 0.0);
  }
}

RTC_TEST(a_call_that_has_neither_picture_nor_sound_in_common_still_stands) {
  const Pair pair(kRaw, "video-codecs=vp9", "video-codecs=h264");
  RTC_ASSERT(pair.viewer->callGets("connected"));
  RTC_ASSERT(pair.cam->callGets("connected"));
  RTC_ASSERT(pair.viewer->reaches("round-trip", 0));
}

RTC_TEST(a_word_that_is_no_codec_is_an_error_that_names_those_that_are) {
  gst_init(nullptr, nullptr);
  TestPipeline pipeline("rtcsignalsrc video-codecs=vp8,theora");
  pipeline.play();
  RTC_ASSERT_EQ(pipeline.error(), "video-codecs: \"theora\" is no codec for video: there is vp8,h264,vp9,av1");
}

RTC_TEST(pictures_of_odd_formats_and_sizes_arrive) {
  arrives("format=RGB,width=161,height=121,framerate=15/1", 161);
  arrives("format=GRAY8,width=162,height=90,framerate=30000/1001", 162);
  arrives("format=I420_10LE,width=64,height=480,framerate=7/1", 64);
  arrives("format=YUY2,width=161,height=99,framerate=15/1", 160, "h264");
}

RTC_TEST(a_picture_may_change_its_size_and_format_in_mid_call) {
  const Pair pair(
      "videotestsrc is-live=true ! capsfilter name=format caps=video/x-raw,width=160,height=120,framerate=15/1", "",
      "video-codecs=vp8");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 8));
  for (const auto& [caps, width] : {std::pair{"video/x-raw,format=RGBx,width=320,height=180,framerate=15/1", 320.0},
                                    std::pair{"video/x-raw,format=NV12,width=90,height=120,framerate=15/1", 90.0}}) {
    gst_util_set_object_arg(G_OBJECT(pair.cam->named("format")), "caps", caps);
    RTC_ASSERT(waitFor([&, width = width] {
      static_cast<void>(pair.viewer->reaches("seconds", 0));
      return pair.viewer->statistic("video-in-width") == width;
    }));
  }
}

RTC_TEST(the_picture_of_a_jpeg_camera_arrives) {
  const Pair pair(std::string(kRaw) + " ! jpegenc", "", "");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 8));
  RTC_ASSERT(pair.viewer->statistic("video-in-width") == 160.0);
}

RTC_TEST(packets_are_taken_apart_and_sent_on) {
  const Pair pair(std::string(kRaw) + " ! " + kVp8.encoder + " ! rtpvp8pay", "", "output=encoded");
  RTC_ASSERT(pair.viewer->reaches("video-in-decoded", 15));
  RTC_ASSERT(pair.cam->reaches("video-out-frames", 15));
  RTC_ASSERT(pair.cam->statistic("encoders") == 0.0);
}

RTC_TEST(the_packets_of_one_call_go_into_another) {
  const SignaldProcess service;
  TestPipeline cam("audiotestsrc is-live=true ! out.audio_0 " + std::string(kRaw) + " ! rtcsignalsink name=out" +
                   login(service, "cam"));
  TestPipeline relay("rtcsignalsrc name=in session=up output=rtp peer=cam" + login(service, "guest") +
                     "in.video_0 ! queue ! out.video_0 in.audio_0 ! queue ! out.audio_0 rtcsignalsink name=out "
                     "session=down" +
                     login(service, "relay"));
  TestPipeline viewer("rtcsignalsrc name=in peer=relay" + login(service, "viewer"));
  cam.play();
  RTC_ASSERT(cam.posts("rtc-session", {{"state", "online"}}));
  relay.play();
  RTC_ASSERT(relay.posts("rtc-session", {{"session", "down"}, {"state", "online"}}));
  RTC_ASSERT(relay.callGets("connected"));
  viewer.play();
  RTC_ASSERT(viewer.reaches("video-in-decoded", 15));
  RTC_ASSERT(viewer.reaches("audio-in-packets", 25));
  RTC_ASSERT(viewer.statistic("video-in-width") == 160.0);
  for (const char* factory : {"vp8dec", "vp8enc", "opusdec", "opusenc"}) RTC_ASSERT(!works(relay, factory));

  const auto pad = rtc::staticPad(relay.named("in"), "video_0");
  const auto caps = rtc::adopt(gst_pad_get_current_caps(pad.get()));
  const auto* packets = gst_caps_get_structure(caps.get(), 0);
  RTC_ASSERT(gst_structure_has_name(packets, "application/x-rtp"));
  const std::pair<const char*, const char*> wanted[] = {
      {"media", "video"}, {"encoding-name", "VP8"}, {"clock-rate", "90000"}, {"payload", "96"}};
  for (const auto& [field, value] : wanted) {
    const auto text = rtc::adopt(gst_value_serialize(gst_structure_get_value(packets, field)));
    RTC_ASSERT_EQ(std::string(text.get()), value);
  }
  RTC_ASSERT(gst_structure_has_field_typed(packets, "ssrc", G_TYPE_UINT));
}

RTC_TEST(packets_go_on_after_their_connection_was_lost) {
  const SignaldProcess service;
  TestPipeline cam(std::string(kRaw) + " ! rtcsignalsink name=out" + login(service, "cam"));
  TestPipeline viewer("rtcsignalsrc name=in output=rtp peer=cam" + login(service, "viewer") +
                      "in.video_0 ! rtpvp8depay ! vp8dec ! fakesink name=shown");
  rtc::testing::watchPeerPipelines();
  cam.play();
  RTC_ASSERT(cam.posts("rtc-session", {{"state", "online"}}));
  viewer.play();
  RTC_ASSERT(viewer.reaches("video-in-decoded", 15));
  const auto ssrc = [&] {
    const auto caps = rtc::adopt(gst_pad_get_current_caps(rtc::staticPad(viewer.named("in"), "video_0").get()));
    guint value = 0;
    gst_structure_get_uint(gst_caps_get_structure(caps.get(), 0), "ssrc", &value);
    return value;
  };
  const auto before = ssrc();
  // A fault inside the connection: the call goes on over another one.
  auto* lost = peerPipelines().front();
  gst_element_post_message(
      lost, gst_message_new_error(
                GST_OBJECT(lost),
                rtc::adopt(g_error_new_literal(GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "broken")).get(), nullptr));
  RTC_ASSERT(viewer.callGets("reconnecting"));
  RTC_ASSERT(waitFor([&] { return ssrc() != before; }));
  const auto shown = [&] {
    GstStructure* stats = nullptr;
    g_object_get(viewer.named("shown"), "stats", &stats, nullptr);
    const auto owned = rtc::adopt(stats);
    guint64 rendered = 0;
    gst_structure_get_uint64(owned.get(), "rendered", &rendered);
    return rendered;
  };
  const auto seen = shown();
  RTC_ASSERT(waitFor([&] { return shown() > seen + 15; }));
}

RTC_TEST(sound_of_odd_rates_and_many_channels_arrives) {
  for (const char* caps :
       {"rate=11025,channels=1,format=U8", "rate=96000,channels=6,format=F32LE,channel-mask=(bitmask)0x3f"}) {
    const Pair pair(std::string("audiotestsrc is-live=true ! audio/x-raw,") + caps, "", "");
    ck_assert_msg(pair.viewer->reaches("audio-in-packets", 25), "no sound of %s", caps);
  }
}
