// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call with redundancy over a path that loses packets and brings nothing again: what is lost is computed from what
// came. See G15 in docs/webrtcbin.md.
#include <gst/rtp/gstrtpbuffer.h>

#include <atomic>
#include <functional>
#include <memory>
#include <random>

#include "plugins/session/elements.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::testing::elementIn;
using rtc::testing::packetsHeardOf;
using rtc::testing::RunningCall;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

// As our own offers have them.
constexpr guint8 kRetransmissions[] = {97, 117};
constexpr guint8 kUlpfec = 118;

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=30/1";

/// Drops some of the RTP packets that pass a pad.
class Loss {
 public:
  using Chooses = std::function<bool(guint8 payload_type)>;
  Loss(GstPad* pad, Chooses drops) : state_(std::make_shared<State>()) {
    state_->drops = std::move(drops);
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
          return pass(**static_cast<std::shared_ptr<State>*>(data), GST_PAD_PROBE_INFO_BUFFER(info));
        },
        new std::shared_ptr<State>(state_),
        [](gpointer data) noexcept { delete static_cast<std::shared_ptr<State>*>(data); });
  }
  int lost() const { return state_->lost; }

 private:
  struct State {
    Chooses drops;
    std::atomic<int> lost = 0;
  };
  static GstPadProbeReturn pass(State& state, GstBuffer* packet) {
    guint8 header[2] = {};
    gst_buffer_extract(packet, 0, header, sizeof header);
    // RFC 7983: 128 to 191 is SRTP or SRTCP; RFC 5761: the latter has 192 to 223 behind it.
    if (header[0] < 128 || header[0] > 191 || (header[1] >= 192 && header[1] <= 223)) return GST_PAD_PROBE_OK;
    if (!state.drops(header[1] & 0x7f)) return GST_PAD_PROBE_OK;
    ++state.lost;
    return GST_PAD_PROBE_DROP;
  }
  std::shared_ptr<State> state_;
};

bool isRetransmission(guint8 payload_type) {
  return payload_type == kRetransmissions[0] || payload_type == kRetransmissions[1];
}

/// A tenth of the picture's packets are lost, and each that is sent again. Which ones, is not regular: where pictures
/// and their redundancy take turns, it could be always the redundancy.
Loss badPath(GstElement* pipeline) {
  return {rtc::staticPad(elementIn(pipeline, "nicesrc").get(), "src").get(),
          [random = std::make_shared<std::minstd_rand>()](guint8 payload_type) {
            if (isRetransmission(payload_type)) return true;
            return payload_type == 116 && (*random)() % 10 == 0;
          }};
}

/// The newest value of a field of the one stream that the viewer receives.
double ofStream(const TestPipeline& pipeline, const char* field) {
  GstStructure* all = nullptr;
  g_object_get(pipeline.named("in"), "stats", &all, nullptr);
  const auto stats = rtc::adopt(all);
  if (!stats || gst_structure_n_fields(stats.get()) == 0) return 0;
  const auto* call =
      gst_value_get_structure(gst_structure_get_value(stats.get(), gst_structure_nth_field_name(stats.get(), 0)));
  const auto* streams = gst_structure_get_value(call, "streams");
  for (guint i = 0; i < gst_value_array_get_size(streams); ++i) {
    const auto* stream = gst_value_get_structure(gst_value_array_get_value(streams, i));
    if (g_strcmp0(gst_structure_get_string(stream, "direction"), "in") != 0) continue;
    if (g_strcmp0(gst_structure_get_string(stream, "kind"), "video") != 0) continue;
    guint value = 0;
    if (gst_structure_get_uint(stream, field, &value)) return value;
  }
  return 0;
}

/// Packets that the jitter buffers of this pipeline have waited for in vain.
guint givenUp(GstElement* pipeline) {
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "rtpjitterbuffer");
  guint64 sum = 0;
  const auto add = [](const GValue* element, gpointer into) noexcept {
    GstStructure* structure = nullptr;
    g_object_get(g_value_get_object(element), "stats", &structure, nullptr);
    const auto stats = rtc::adopt(structure);
    guint64 lost = 0;
    gst_structure_get_uint64(stats.get(), "num-lost", &lost);
    *static_cast<guint64*>(into) += lost;
  };
  gst_iterator_foreach(all, add, &sum);
  gst_iterator_free(all);
  return static_cast<guint>(sum);
}

/// The payload type that a decoder of this pipeline looks for; 0 if none does.
guint fecPayloadType(GstElement* pipeline) {
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "rtpulpfecdec");
  guint found = 0;
  const auto look = [](const GValue* element, gpointer into) noexcept {
    guint payload_type = 0;
    gboolean passthrough = TRUE;
    g_object_get(g_value_get_object(element), "pt", &payload_type, "passthrough", &passthrough, nullptr);
    if (!passthrough && payload_type != 0) *static_cast<guint*>(into) = payload_type;
  };
  gst_iterator_foreach(all, look, &found);
  gst_iterator_free(all);
  return found;
}

void losesAndRecovers(const std::string& codec) {
  RunningCall call(kPicture, 0, "", "fec-percentage=100 video-codecs=" + codec);
  ck_assert(waitFor([&] { return fecPayloadType(call.viewers_pipeline) == kUlpfec; }));
  const auto path = badPath(call.viewers_pipeline);
  ck_assert(waitFor([&] { return path.lost() >= 40; }));
  ck_assert_msg(waitFor([&] { return ofStream(*call.viewer, "recovered") >= 20; }), "of %d lost %f were recovered",
                path.lost(), ofStream(*call.viewer, "recovered"));
  // As soon as it could be: nobody has waited for most of it.
  const auto given_up = givenUp(call.viewers_pipeline);
  const auto recovered = ofStream(*call.viewer, "recovered");
  ck_assert_msg(static_cast<double>(given_up) < recovered, "%f were recovered, %u given up", recovered, given_up);
}

void hasNone(const std::string& settings) {
  RunningCall call(kPicture, 0, "", settings);
  ck_assert(call.viewer->reaches("video-in-decoded", 10));
  ck_assert_uint_eq(fecPayloadType(call.viewers_pipeline), 0);
}

}  // namespace

RTC_TEST(lost_packets_of_a_picture_are_computed_from_redundancy) {
  losesAndRecovers("vp8");
}

RTC_TEST(those_of_vp9_are_too) {
  losesAndRecovers("vp9");
}

RTC_TEST(redundancy_that_is_lost_is_no_gap_in_the_picture) {
  RunningCall call(kPicture, 0, "", "fec-percentage=100");
  const auto decoder = elementIn(call.viewers_pipeline, "rtpreddec");
  const Loss loss(rtc::staticPad(decoder.get(), "src").get(),
                  [](guint8 payload_type) { return payload_type == kUlpfec; });
  RTC_ASSERT(waitFor([&] { return loss.lost() >= 10; }));
  const auto asked_before = ofStream(*call.viewer, "plis");
  const auto decoded_before = call.viewer->statistic("video-in-decoded").value_or(0);
  RTC_ASSERT(call.viewer->reaches("video-in-decoded", decoded_before + 60));
  RTC_ASSERT(ofStream(*call.viewer, "plis") <= asked_before + 1);
  const auto given_up = givenUp(call.viewers_pipeline);
  ck_assert_msg(given_up <= static_cast<guint>(loss.lost()) / 10, "of %d lost %u were waited for", loss.lost(),
                given_up);
}

RTC_TEST(the_sender_hears_when_its_redundant_packets_arrived) {
  RunningCall call(kPicture, 0, "", "fec-percentage=50");
  RTC_ASSERT(waitFor([&] { return fecPayloadType(call.viewers_pipeline) == kUlpfec; }));
  RTC_ASSERT(waitFor([&] { return packetsHeardOf(call.cams_pipeline) > 0; }));
}

RTC_TEST(redundancy_is_off_by_default) {
  hasNone("");
}

RTC_TEST(a_codec_without_numbered_pictures_has_no_redundancy) {
  hasNone("fec-percentage=100 video-codecs=h264");
}
