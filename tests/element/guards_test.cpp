// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Each guard of plugins/session/guards.hpp against a bare webrtcbin pair, and those that are the peer's own against
// whole calls. G5 (the fingerprint) is in tests/integration, G8 (the DTLS role) in tests/unit and tests/browser.
#include "plugins/session/guards.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/rtp_packet.hpp"
#include "tests/element/raw_peer.hpp"
#include "tests/element/running_call.hpp"
#include "tests/support/check.hpp"

using rtc::Arrivals;
using rtc::testing::elementIn;
using rtc::testing::peerPipelines;
using rtc::testing::RawPeer;
using rtc::testing::RunningCall;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

const std::string kVideo =
    "videotestsrc is-live=true ! video/x-raw,width=160,height=120 ! vp8enc deadline=1 ! rtpvp8pay pt=96 ! webrtc.sink_0 ";
const std::string kAudio = "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=97 ! webrtc.sink_1 ";

/// What came out of a webrtcbin, by media.
struct Drained {
  std::atomic<int> audio = 0;
  std::atomic<int> video = 0;
};

/// Takes all that comes out of the peer's, which may outlive whoever looks at the count.
std::shared_ptr<const Drained> drain(RawPeer& peer, bool guarded) {
  const auto drained = std::make_shared<Drained>();
  auto* bin = GST_BIN(peer.pipeline().element());
  rtc::connectSignal<void(GstPad*)>(peer.webrtcbin(), "pad-added", [drained, bin, guarded](GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
    if (guarded) rtc::guardSourcePad(pad);
    const auto caps = rtc::adopt(gst_pad_get_current_caps(pad));
    const auto* media = gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "media");
    auto& count = g_strcmp0(media, "audio") == 0 ? drained->audio : drained->video;
    rtc::addProbe(pad, GST_PAD_PROBE_TYPE_BUFFER, [drained, &count](GstPad*, GstPadProbeInfo*) {
      ++count;
      return GST_PAD_PROBE_OK;
    });
    auto* fakesink = rtc::addElement(bin, "fakesink");
    g_object_set(fakesink, "async", FALSE, "sync", FALSE, nullptr);
    gst_element_sync_state_with_parent(fakesink);
    gst_pad_link(pad, rtc::staticPad(fakesink, "sink").get());
  });
  return drained;
}

rtc::Ptr<GObject> makeChannel(const RawPeer& peer) {
  GObject* channel = nullptr;
  g_signal_emit_by_name(peer.webrtcbin(), "create-data-channel", "channel", nullptr, &channel);
  return rtc::adopt(channel);
}

/// Stands where webrtcbin has the end of a transport: what comes in at `sink` goes out at `rtp_src`.
GstElement* makeReceiveBin() {
  auto* bin = gst_bin_new("transportreceivebin9");
  auto* identity = rtc::addElement(GST_BIN(bin), "identity");
  gst_element_add_pad(bin, gst_ghost_pad_new("sink", rtc::staticPad(identity, "sink").get()));
  gst_element_add_pad(bin, gst_ghost_pad_new("rtp_src", rtc::staticPad(identity, "src").get()));
  return bin;
}

/// An RTP header (RFC 3550 section 5.1) with this source.
GstBuffer* packetFrom(guint32 ssrc) {
  guint8 header[12] = {0x80, 96};
  GST_WRITE_UINT32_BE(header + 8, ssrc);
  return gst_buffer_new_memdup(header, sizeof header);
}

/// Two peers with picture and tone; the picture's section goes inactive. Whether the tone goes on.
bool survivesInactive(bool guarded) {
  RawPeer one(kVideo + kAudio + "webrtcbin name=webrtc");
  RawPeer other(kVideo + kAudio + "webrtcbin name=webrtc");
  one.trickleTo(other);
  other.trickleTo(one);
  const auto at_one = drain(one, guarded);
  drain(other, guarded);
  for (auto* peer : {&one, &other}) {
    peer->pipeline().play();
    for (const auto* name : {"sink_0", "sink_1"}) {
      const auto pad = rtc::staticPad(peer->webrtcbin(), name);
      RTC_ASSERT(waitFor([&] { return gst_pad_has_current_caps(pad.get()) != FALSE; }));
    }
  }
  negotiate(one, other);
  RTC_ASSERT(waitFor([&] { return at_one->audio > 10 && at_one->video > 10; }));

  GObject* transceiver = nullptr;
  g_signal_emit_by_name(one.webrtcbin(), "get-transceiver", 0, &transceiver);
  const auto picture = rtc::adopt(transceiver);
  g_object_set(picture.get(), "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_INACTIVE, nullptr);
  negotiate(one, other);
  const int audio = at_one->audio;
  return waitFor([&] { return at_one->audio > audio + 100; }, rtc::Duration(8'000));
}

}  // namespace

RTC_TEST(g1_packets_before_their_stream_is_linked_or_announced_do_not_stop_the_transport) {
  RawPeer peer("webrtcbin name=webrtc");
  const auto arrivals = std::make_shared<Arrivals>();
  rtc::guard(peer.webrtcbin(), arrivals, {});
  auto* receive_bin = makeReceiveBin();
  gst_bin_add(GST_BIN(peer.webrtcbin()), receive_bin);
  peer.pipeline().play();
  const auto in = rtc::staticPad(receive_bin, "sink");
  RTC_ASSERT(waitFor([&] { return GST_PAD_IS_ACTIVE(in.get()); }));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_send_event(in.get(), gst_event_new_stream_start("stream"));
  gst_pad_send_event(in.get(), gst_event_new_segment(&segment));
  arrivals->allow({{7, false, 0}});
  // Not linked yet: without the guard this returns GST_FLOW_NOT_LINKED, which ends the transport.
  RTC_ASSERT_EQ(gst_pad_chain(in.get(), packetFrom(7)), GST_FLOW_OK);

  auto* taker = rtc::addElement(GST_BIN(peer.webrtcbin()), "fakesink");
  g_object_set(taker, "async", FALSE, "sync", FALSE, "signal-handoffs", TRUE, nullptr);
  gst_element_sync_state_with_parent(taker);
  std::vector<guint32> came;
  rtc::connectSignal<void(GstBuffer*, GstPad*)>(taker, "handoff", [&came](GstBuffer* packet, GstPad*) {
    guint8 ssrc[4];
    gst_buffer_extract(packet, 8, ssrc, sizeof ssrc);
    came.push_back(GST_READ_UINT32_BE(ssrc));
  });
  gst_element_link_pads(receive_bin, "rtp_src", taker, "sink");
  RTC_ASSERT_EQ(gst_pad_chain(in.get(), packetFrom(8)), GST_FLOW_OK);
  RTC_ASSERT_EQ(gst_pad_chain(in.get(), packetFrom(7)), GST_FLOW_OK);
  RTC_ASSERT_EQ(came.size(), 1u);
  RTC_ASSERT_EQ(came[0], 7u);
  RTC_ASSERT(arrivals->lastSign().has_value());
}

RTC_TEST(g2_a_section_that_goes_inactive_leaves_the_others_alone) {
  RTC_ASSERT(survivesInactive(true));
}

RTC_TEST(g3_each_association_of_the_process_has_its_own_id) {
  gst_init(nullptr, nullptr);
  std::vector<guint> ids;
  for (int i = 0; i < 3; ++i) {
    RawPeer peer("webrtcbin name=webrtc");
    rtc::guard(peer.webrtcbin(), std::make_shared<Arrivals>(), {});
    std::vector<guint> of_peer;
    rtc::connectSignal<void(GstBin*, GstElement*)>(
        peer.webrtcbin(), "deep-element-added", [&of_peer](GstBin*, GstElement* child) {
          if (!g_str_has_prefix(GST_OBJECT_NAME(child), "sctp")) return;
          if (g_object_class_find_property(G_OBJECT_GET_CLASS(child), "sctp-association-id") == nullptr) return;
          guint id = 0;
          g_object_get(child, "sctp-association-id", &id, nullptr);
          of_peer.push_back(id);
        });
    peer.pipeline().play();
    const auto channel = makeChannel(peer);
    const auto offer = peer.createOffer();
    peer.setLocal(offer.get());
    RTC_ASSERT(waitFor([&] { return of_peer.size() == 2; }));
    RTC_ASSERT_EQ(of_peer[0], of_peer[1]);
    ids.push_back(of_peer[0]);
  }
  RTC_ASSERT_EQ(ids[1], ids[0] + 1);
  RTC_ASSERT_EQ(ids[2], ids[1] + 1);
}

RTC_TEST(g4_ice_checks_its_peer_and_leaves_the_router_alone) {
  RawPeer peer("webrtcbin name=webrtc");
  rtc::guard(peer.webrtcbin(), std::make_shared<Arrivals>(), {});
  GObject* ice_object = nullptr;
  g_object_get(peer.webrtcbin(), "ice-agent", &ice_object, nullptr);
  const auto ice = rtc::adopt(ice_object);
  GObject* agent_object = nullptr;
  gboolean tcp = TRUE;
  g_object_get(ice.get(), "agent", &agent_object, "ice-tcp", &tcp, nullptr);
  const auto agent = rtc::adopt(agent_object);
  gboolean upnp = TRUE;
  gboolean checks = FALSE;
  g_object_get(agent.get(), "upnp", &upnp, "keepalive-conncheck", &checks, nullptr);
  RTC_ASSERT(upnp == FALSE);
  RTC_ASSERT(checks != FALSE);
  RTC_ASSERT(tcp == FALSE);
}

RTC_TEST(g6_a_peer_that_closes_its_transport_is_noticed) {
  RunningCall call;
  auto* pipeline = GST_BIN(peerPipelines().front());
  GstElement* encoder = nullptr;
  auto* all = gst_bin_iterate_all_by_element_factory_name(pipeline, "dtlsenc");
  GValue found = G_VALUE_INIT;
  ck_assert(gst_iterator_next(all, &found) == GST_ITERATOR_OK);
  encoder = GST_ELEMENT(g_value_dup_object(&found));
  g_value_unset(&found);
  gst_iterator_free(all);
  // What a browser does when its page goes: DTLS says close_notify, and signaling says nothing.
  gst_element_send_event(encoder, gst_event_new_eos());
  gst_object_unref(encoder);
  const bool cam_first =
      waitFor([&] { return !call.cam->endReason(rtc::Duration(0)).empty(); }, rtc::Duration(6'000)) ||
      !call.viewer->endReason(rtc::Duration(0)).empty();
  RTC_ASSERT(cam_first);
}

RTC_TEST(g7_an_error_in_a_peer_ends_its_call_and_no_pipeline_of_the_users) {
  RunningCall call;
  auto* pipeline = peerPipelines().front();
  GST_ELEMENT_ERROR(pipeline, STREAM, FAILED, ("made to fail"), (nullptr));
  RTC_ASSERT(!call.cam->endReason().empty());
  RTC_ASSERT(!call.viewer->endReason().empty());
  RTC_ASSERT_EQ(call.cam->error(rtc::Duration(0)), "");
  RTC_ASSERT_EQ(call.viewer->error(rtc::Duration(0)), "");
}

RTC_TEST(g17_a_peer_that_takes_nothing_yet_holds_up_no_other) {
  RunningCall call;
  const auto clocksync = elementIn(call.cams_pipeline, "clocksync");
  gboolean waits = TRUE;
  g_object_get(clocksync.get(), "sync", &waits, nullptr);
  RTC_ASSERT(waits == FALSE);
  // As webrtcbin does until a stream's description stands.
  const auto packets = rtc::staticPad(elementIn(call.cams_pipeline, "rtpvp8pay").get(), "src");
  const auto pad = rtc::adopt(gst_pad_get_peer(packets.get()));
  const auto probe = gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER |
                                   GST_PAD_PROBE_TYPE_BUFFER_LIST),
      [](GstPad*, GstPadProbeInfo*, gpointer) noexcept { return GST_PAD_PROBE_OK; }, nullptr, nullptr);
  TestPipeline other("rtcsignalsrc user=other peer=cam server=" + call.service.uri() + " ! fakesink");
  other.play();
  RTC_ASSERT(other.reaches("video-in-decoded", 5));
  gst_pad_remove_probe(pad.get(), probe);
}

RTC_TEST(g19_the_segment_is_not_told_with_every_change_of_stream) {
  RunningCall call("audiotestsrc is-live=true ! out.audio_0 videotestsrc is-live=true");
  struct Seen {
    std::uint32_t stream = 0;  // of the last packet
    std::atomic<int> changes = 0;
    std::atomic<int> segments = 0;
  };
  const auto seen = std::make_shared<Seen>();
  const auto way_out = rtc::staticPad(elementIn(call.cams_pipeline, "rtpfunnel").get(), "src");
  const auto next = rtc::adopt(gst_pad_get_peer(way_out.get()));
  rtc::addProbe(next.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, [seen](GstPad*, GstPadProbeInfo* info) {
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT) ++seen->segments;
    return GST_PAD_PROBE_OK;
  });
  rtc::addProbe(next.get(), rtc::kAnyBuffer, [seen](GstPad*, GstPadProbeInfo* info) {
    rtc::eachBuffer(info, [&seen](GstBuffer* buffer) {
      rtc::RtpPacket packet(buffer, GST_MAP_READ);
      if (std::exchange(seen->stream, packet.ssrc()) != packet.ssrc()) ++seen->changes;
    });
    return GST_PAD_PROBE_OK;
  });
  RTC_ASSERT(waitFor([&] { return seen->changes > 20; }));
  RTC_ASSERT_EQ(seen->segments.load(), 0);
}

RTC_TEST(g20_a_pictures_packets_stay_together) {
  RunningCall call;
  const auto together = std::make_shared<std::atomic<int>>(0);
  rtc::addProbe(rtc::staticPad(elementIn(call.cams_pipeline, "nicesink").get(), "sink").get(),
                GST_PAD_PROBE_TYPE_BUFFER_LIST, [together](GstPad*, GstPadProbeInfo*) {
                  ++*together;
                  return GST_PAD_PROBE_OK;
                });
  RTC_ASSERT(waitFor([&] { return *together > 10; }));
}

RTC_TEST(a_call_leaves_no_element_behind) {
  RunningCall call;
  std::size_t living = 0;
  const auto watch = [&living](GstElement* element) {
    ++living;
    g_object_weak_ref(
        G_OBJECT(element), [](gpointer count, GObject*) noexcept { --*static_cast<std::size_t*>(count); }, &living);
  };
  for (auto* pipeline : peerPipelines()) {
    auto* all = gst_bin_iterate_recurse(GST_BIN(pipeline));
    gst_iterator_foreach(
        all,
        [](const GValue* element, gpointer use) noexcept {
          (*static_cast<decltype(watch)*>(use))(GST_ELEMENT(g_value_get_object(element)));
        },
        const_cast<gpointer>(static_cast<const void*>(&watch)));
    gst_iterator_free(all);
    watch(pipeline);
  }
  RTC_ASSERT(living > 50);
  call.viewer->stop();
  RTC_ASSERT_EQ(call.cam->endReason(), "hangup");
  call.cam->stop();
  ck_assert_msg(waitFor([&] { return living == 0; }), "%zu elements live", living);
}
