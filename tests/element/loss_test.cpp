// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call over a path that loses packets: what is lost is sent again, and the sender learns what arrived.
#include <atomic>
#include <memory>
#include <string>

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::testing::elementIn;
using rtc::testing::jitterBufferCount;
using rtc::testing::packetsHeardOf;
using rtc::testing::peerPipelines;
using rtc::testing::RunningCall;
using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;
using rtc::testing::watchPeerPipelines;

namespace {

/// Loses one of so many media packets that come in at a peer's pipeline, which may outlive it.
class LossyPath {
 public:
  explicit LossyPath(GstElement* pipeline, int one_of = 20) : state_(std::make_shared<State>(one_of)) {
    const auto source = elementIn(pipeline, "nicesrc");
    gst_pad_add_probe(
        rtc::staticPad(source.get(), "src").get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer state) noexcept {
          return (*static_cast<Shared*>(state))->pass(GST_PAD_PROBE_INFO_BUFFER(info));
        },
        new Shared(state_), [](gpointer state) noexcept { delete static_cast<Shared*>(state); });
  }

  int lost() const { return state_->lost; }

 private:
  struct State {
    explicit State(int one) : one_of(one) {}
    GstPadProbeReturn pass(GstBuffer* packet) {
      guint8 kind[2] = {};
      gst_buffer_extract(packet, 0, kind, sizeof kind);
      // RFC 7983: 128 to 191 is SRTP or SRTCP; RFC 5761: the latter has 192 to 223 behind it.
      const bool media = kind[0] >= 128 && kind[0] <= 191 && (kind[1] < 192 || kind[1] > 223);
      if (!media || ++seen % one_of != 0) return GST_PAD_PROBE_OK;
      ++lost;
      return GST_PAD_PROBE_DROP;
    }
    const int one_of;
    std::atomic<int> seen = 0;
    std::atomic<int> lost = 0;
  };
  using Shared = std::shared_ptr<State>;

  const Shared state_;
};

/// What one side of a call says by RTCP.
struct Said {
  std::atomic<int> arrivals = 0;  ///< which packets came, and when (transport-cc)
  std::atomic<int> reports = 0;   ///< of a stream (SR, RR), with nothing else to say
};

/// What this side's RTP session says from now on.
std::shared_ptr<Said> hear(GstElement* pipeline) {
  const auto said = std::make_shared<Said>();
  const auto way = rtc::staticPad(elementIn(pipeline, "rtpsession").get(), "send_rtcp_src");
  rtc::addProbe(way.get(), GST_PAD_PROBE_TYPE_BUFFER, [said](GstPad*, GstPadProbeInfo* info) {
    guint8 header[2] = {};
    gst_buffer_extract(GST_PAD_PROBE_INFO_BUFFER(info), 0, header, sizeof header);
    // RFC 3550 section 6.4; RFC 4585 section 6.2, format 15.
    if (header[1] == 200 || header[1] == 201) ++said->reports;
    if (header[1] == 205 && (header[0] & 0x1f) == 15) ++said->arrivals;
    return GST_PAD_PROBE_OK;
  });
  return said;
}

}  // namespace

RTC_TEST(lost_packets_of_a_picture_are_sent_again) {
  RunningCall call;
  const LossyPath path(call.viewers_pipeline);
  RTC_ASSERT(waitFor([&] { return path.lost() >= 10; }));
  RTC_ASSERT(waitFor([&] { return jitterBufferCount(call.viewers_pipeline, "rtx-success-count") >= 8; }));
}

RTC_TEST(a_lost_packet_is_asked_for_by_a_message_of_its_own) {
  RunningCall call;
  std::atomic<int> requests = 0;
  gst_pad_add_probe(
      rtc::staticPad(elementIn(call.viewers_pipeline, "rtpsession").get(), "send_rtcp_src").get(),
      GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer count) noexcept {
        // RFC 4585: an empty report and a name come first (section 3.1), and the request is all that follows.
        auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        const guint8 empty_report[] = {0x80, 201, 0, 1};
        const guint8 request[] = {0x81, 205, 0, 3};
        constexpr gsize kRequest = 16;
        const auto size = gst_buffer_get_size(buffer);
        if (size < 120 && size > kRequest && gst_buffer_memcmp(buffer, 0, empty_report, sizeof empty_report) == 0 &&
            gst_buffer_memcmp(buffer, size - kRequest, request, sizeof request) == 0) {
          ++*static_cast<std::atomic<int>*>(count);
        }
        return GST_PAD_PROBE_OK;
      },
      &requests, nullptr);
  const LossyPath path(call.viewers_pipeline);
  RTC_ASSERT(waitFor([&] { return requests >= 5; }));
  call.viewer->stop();
}

RTC_TEST(the_sender_hears_when_its_packets_arrived) {
  RunningCall call;
  RTC_ASSERT(waitFor([&] { return packetsHeardOf(call.cams_pipeline) > 0; }));
}

RTC_TEST(sound_is_encoded_for_the_loss_that_the_peer_reports) {
  RunningCall call("audiotestsrc is-live=true ! out.audio_0 videotestsrc is-live=true");
  const auto expected = [&] {
    const auto encoder = elementIn(call.cam->element(), "opusenc");
    gint percent = 0;
    if (encoder) g_object_get(encoder.get(), "packet-loss-percentage", &percent, nullptr);
    return percent;
  };
  RTC_ASSERT(waitFor([&] { return expected() > 0; }));
  const LossyPath path(call.viewers_pipeline, 3);
  RTC_ASSERT(waitFor([&] { return expected() >= 12; }));
  RTC_ASSERT(expected() <= 25);
}

RTC_TEST(of_each_streams_reports_few_are_sent) {
  const SignaldProcess service;
  const auto party = [&](const std::string& user, const std::string& peer) {
    return std::make_unique<TestPipeline>(
        "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1 ! rtcsignalsink name=out server=" +
        service.uri() + " user=" + user + peer + " audiotestsrc is-live=true ! out. rtcsignalsrc name=in");
  };
  watchPeerPipelines();
  const auto bob = party("bob", "");
  bob->play();
  RTC_ASSERT(bob->posts("rtc-session", {{"state", "online"}}));
  const auto alice = party("alice", " peer=bob");
  alice->play();
  RTC_ASSERT(alice->reaches("video-in-decoded", 1));
  const auto said = hear(peerPipelines().front());
  RTC_ASSERT(waitFor([&] { return said->arrivals >= 30; }));
  // Three or four streams report each time; and one of them at least, whenever a report is due.
  ck_assert_msg(said->reports <= 2 * said->arrivals, "%d reports, %d of arrivals", said->reports.load(),
                said->arrivals.load());
}
