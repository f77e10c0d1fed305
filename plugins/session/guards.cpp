// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/guards.hpp"

#include <nice/agent.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/loss_requests.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/sparse_reports.hpp"

namespace rtc {

namespace {

/// RFC 8445 section 14.2: checks may be 5 ms apart, not less. libnice's own 20 ms is what a call would wait for.
constexpr guint kIcePacing = 5;

/// In ms: how long libnice goes on looking whether it has a check to make, each time that checks are paced, when it has
/// none. Without a path it is five seconds, in which the peer may still send a candidate.
constexpr guint kIceSettles = 500;

/// Of the arrival reports that a sender's rate follows.
constexpr GstClockTime kReportInterval = 100 * GST_MSECOND;

void setPace(gpointer rtp_session, const core::ReportPace& pace) {
  const auto interval = static_cast<guint64>(pace.interval.count()) * GST_MSECOND;
  g_object_set(rtp_session, "rtcp-min-interval", interval, "rtcp-fraction", pace.bandwidth, nullptr);
}

/// In ms. A request that comes later is about a packet that nobody waits for any more.
constexpr guint kSentAgainWithin = 400;

std::optional<std::uint32_t> ssrcOf(GstBuffer* packet) {
  std::array<guint8, 12> header{};
  if (gst_buffer_extract(packet, 0, header.data(), header.size()) != header.size()) return std::nullopt;
  return GST_READ_UINT32_BE(header.data() + 8);  // RFC 3550 section 5.1
}

// G1. A packet that comes before its stream is linked stops the transport for good (until 1.26), and one of a stream
// that nobody announced is taken for the first section's, which is a crash where that one is the data section.
void admitRtp(GstElement* receive_bin, const std::shared_ptr<Arrivals>& arrivals) {
  const auto way = staticPad(receive_bin, "rtp_src");
  if (!way) return;
  addProbe(way.get(), kAnyBuffer, [arrivals](GstPad* pad, GstPadProbeInfo* info) {
    arrivals->sign();
    if (!gst_pad_is_linked(pad)) return GST_PAD_PROBE_DROP;
    const bool announced = allBuffers(info, [&](GstBuffer* packet) {
      const auto ssrc = ssrcOf(packet);
      return ssrc && arrivals->allowed(*ssrc);
    });
    return announced ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  });
}

void noteRtcp(GstElement* receive_bin, const std::shared_ptr<Arrivals>& arrivals) {
  const auto way = staticPad(receive_bin, "rtcp_src");
  if (!way) return;
  addProbe(way.get(), kAnyBuffer, [arrivals](GstPad*, GstPadProbeInfo*) {
    arrivals->sign();
    return GST_PAD_PROBE_OK;
  });
}

// G3. Up to 1.26 each association takes a random id of 16 bits, and a clash within the process breaks the later one.
guint nextAssociationId() {
  static std::atomic<guint> next = 0;
  return 1 + next++ % G_MAXUINT16;
}

const GstSegment* segmentIn(GstEvent* event) {
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event, &segment);
  return segment;
}

bool knowsSegment(GstPad* pad, GstEvent* told) {
  const auto known = pad != nullptr ? adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0)) : nullptr;
  return known && gst_segment_is_equal(segmentIn(known.get()), segmentIn(told)) != FALSE;
}

// G19. A bundle's funnel tells the segment anew whenever a packet is of another stream than the last one: as often as
// there are pictures and sounds, through all elements that follow.
void tellSegmentOnce(GstElement* funnel) {
  addProbe(staticPad(funnel, "src").get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, [](GstPad* pad, GstPadProbeInfo* info) {
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT) return GST_PAD_PROBE_OK;
    if (!knowsSegment(adopt(gst_pad_get_peer(pad)).get(), event)) return GST_PAD_PROBE_OK;
    gst_event_unref(event);
    return GST_PAD_PROBE_HANDLED;  // dropped, it would count as still to be told, and come with each packet
  });
}

// Between two regular reports one early message may go (RFC 4585 section 3.5.2), and 1.22 waits five seconds for the
// next regular one, while each frame's arrival report takes the early one: a request for a key frame would come too
// late.
void paceFeedback(GstElement* rtp_session) {
  setPace(rtp_session, core::firstReportPace());
  GObject* object = nullptr;
  g_object_get(rtp_session, "internal-session", &object, nullptr);
  if (const auto session = adopt(object)) {
    g_object_set(session.get(), "twcc-feedback-interval", guint64{kReportInterval}, nullptr);
  }
  sendFewReports(rtp_session);
}

void guardChild(GstElement* child, const std::shared_ptr<Arrivals>& arrivals, guint association_id) {
  const std::string_view name = GST_OBJECT_NAME(child);
  auto* factory = gst_element_get_factory(child);
  const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
  if (name.starts_with("transportreceivebin")) {
    admitRtp(child, arrivals);
    noteRtcp(child, arrivals);
  } else if (type == "sctpenc" || type == "sctpdec") {
    // 1.28 hands out ids of its own.
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(child), "automatic-association-id") == nullptr) {
      g_object_set(child, "sctp-association-id", association_id, nullptr);
    }
  } else if (type == "rtpsession") {
    paceFeedback(child);
    askAtOnce(child);
    // G16. Reports of when a packet was sent need a latency that nobody tells it; those of when it was captured do not.
    g_object_set(child, "rtcp-sync-send-time", FALSE, nullptr);
  } else if (type == "clocksync") {
    // Frames come in time, and whoever waits here holds the encoder.
    g_object_set(child, "sync", FALSE, nullptr);
  } else if (type == "rtpfunnel") {
    tellSegmentOnce(child);
  } else if (type == "rtprtxsend") {
    // Behind a queue what is asked for again comes too late, and makes the queue longer.
    g_object_set(child, "max-size-time", kSentAgainWithin, nullptr);
  } else if (type == "rtpjitterbuffer") {
    // The first packet need not wait for the whole latency.
    g_object_set(child, "faststart-min-packets", 1, nullptr);
  }
}

Ptr<GObject> iceOf(GstElement* webrtcbin) {
  GObject* ice = nullptr;
  g_object_get(webrtcbin, "ice-agent", &ice, nullptr);
  return adopt(ice);  // never sunk: webrtcbin itself holds it floating
}

/// libnice's; null where webrtcbin has another ICE, or hides it.
Ptr<GObject> agentOf(GObject* ice) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(ice), "agent") == nullptr) return nullptr;
  GObject* object = nullptr;
  g_object_get(ice, "agent", &object, nullptr);
  auto agent = adopt(object);
  return NICE_IS_AGENT(agent.get()) ? std::move(agent) : nullptr;
}

// G4. UPnP opens sockets and talks to the router unasked; without checks as keep-alives ICE itself never fails.
void tuneIce(GstElement* webrtcbin, const IceTuning& tuning) {
  const auto ice = iceOf(webrtcbin);
  if (!ice) return;
  g_object_set(ice.get(), "ice-tcp", tuning.tcp ? TRUE : FALSE, nullptr);
  if (tuning.min_port != 0) g_object_set(ice.get(), "min-rtp-port", tuning.min_port, nullptr);
  if (tuning.max_port != 0) g_object_set(ice.get(), "max-rtp-port", tuning.max_port, nullptr);
  if (const auto agent = agentOf(ice.get())) {
    g_object_set(agent.get(), "upnp", FALSE, "keepalive-conncheck", TRUE, "stun-pacing-timer", kIcePacing, nullptr);
  }
  bindIce(webrtcbin, tuning.addresses);
}

// G9. 1.22 sets each new jitter buffer by every section of the bundle in turn, so that the last one decides for all:
// sound behind a picture would switch the picture's retransmission off. Connected after its own handler, this one has
// the last word.
void askAgain(GstElement* webrtcbin, std::shared_ptr<Arrivals> arrivals) {
  const auto rtpbin = adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (!rtpbin) return;
  connectSignal<void(GstElement*, guint, guint)>(
      rtpbin.get(), "new-jitterbuffer", [arrivals = std::move(arrivals)](GstElement* jitter_buffer, guint, guint ssrc) {
        g_object_set(jitter_buffer, "do-retransmission", arrivals->acceptsNack(ssrc) ? TRUE : FALSE, nullptr);
      });
}

}  // namespace

void Arrivals::allow(const std::vector<core::RemoteStream>& streams) {
  streams_.with([&](auto& allowed) {
    allowed.clear();
    for (const auto& stream : streams) allowed.emplace(stream.ssrc, stream);
  });
}

bool Arrivals::allowed(std::uint32_t ssrc) const {
  return streams_.with([ssrc](const auto& allowed) { return allowed.contains(ssrc); });
}

bool Arrivals::acceptsNack(std::uint32_t ssrc) const {
  return streams_.with([ssrc](const auto& allowed) {
    const auto stream = allowed.find(ssrc);
    return stream != allowed.end() && stream->second.nack;
  });
}

std::optional<core::Carried> Arrivals::carried(std::uint32_t ssrc) const {
  return streams_.with([ssrc](const auto& allowed) -> std::optional<core::Carried> {
    const auto stream = allowed.find(ssrc);
    return stream == allowed.end() ? std::nullopt : stream->second.carried;
  });
}

RemotePlace Arrivals::place(std::uint32_t ssrc) const {
  return streams_.with([ssrc](const auto& allowed) {
    const auto stream = allowed.find(ssrc);
    return stream == allowed.end() ? RemotePlace{} : RemotePlace{stream->second.mline, stream->second.place};
  });
}

void Arrivals::sign() {
  last_sign_ = SteadyClock().now().time_since_epoch().count();
}

std::optional<Instant> Arrivals::lastSign() const {
  const auto last = last_sign_.load();
  if (last == 0) return std::nullopt;
  return Instant(Duration(last));
}

void guard(GstElement* webrtcbin, std::shared_ptr<Arrivals> arrivals, const IceTuning& ice) {
  tuneIce(webrtcbin, ice);
  askAgain(webrtcbin, arrivals);
  connectSignal<void(GstBin*, GstElement*)>(webrtcbin, "deep-element-added",
                                            [arrivals = std::move(arrivals), id = nextAssociationId()](
                                                GstBin*, GstElement* child) { guardChild(child, arrivals, id); });
}

void bindIce(GstElement* webrtcbin, const std::vector<std::string>& addresses) {
  const auto ice = iceOf(webrtcbin);
  const auto agent = ice ? agentOf(ice.get()) : nullptr;
  if (!agent) return;
  for (const auto& text : addresses) {
    NiceAddress address{};
    nice_address_init(&address);
    if (nice_address_set_from_string(&address, text.c_str()) == FALSE) continue;
    nice_agent_add_local_address(NICE_AGENT(agent.get()), &address);
  }
}

void settleIce(GstElement* webrtcbin) {
  const auto ice = iceOf(webrtcbin);
  const auto agent = ice ? agentOf(ice.get()) : nullptr;
  if (agent) g_object_set(agent.get(), "idle-timeout", kIceSettles, nullptr);
}

void paceReports(GstElement* webrtcbin, const core::ReportPace& pace) {
  const auto rtpbin = adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (!rtpbin) return;
  GObject* object = nullptr;
  g_signal_emit_by_name(rtpbin.get(), "get-internal-session", 0, &object);
  if (const auto session = adopt(object)) setPace(session.get(), pace);
}

void guardSourcePad(GstPad* pad) {
  const auto target = adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(pad)));
  if (!target) return;
  // G2. A section that goes inactive ends its stream, and the next packet for it would end all others of the bundle.
  addProbe(target.get(), kAnyBuffer, [](GstPad* from, GstPadProbeInfo*) {
    const auto peer = adopt(gst_pad_get_peer(from));
    return peer && GST_PAD_IS_EOS(peer.get()) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  });
}

void letSendersGo(GstElement* pipeline) {
  auto* encoders = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "sctpenc");
  const auto flush = [](const GValue* encoder, gpointer) noexcept {
    gst_pad_send_event(staticPad(GST_ELEMENT(g_value_get_object(encoder)), "src").get(), gst_event_new_flush_start());
  };
  while (gst_iterator_foreach(encoders, flush, nullptr) == GST_ITERATOR_RESYNC) gst_iterator_resync(encoders);
  gst_iterator_free(encoders);
}

}  // namespace rtc
