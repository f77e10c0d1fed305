// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/loss_requests.hpp"

#include <gst/rtp/gstrtcpbuffer.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/signal.hpp"
#include "base/token_bucket.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

namespace {

/// Where more is lost the path is full, and a report asks for all of it with less.
constexpr Rate kAtOnce{6, 3};

struct Lost {
  guint ssrc = 0;
  guint number = 0;
};

std::optional<Lost> lostIn(GstEvent* event) {
  const auto* asked = gst_event_get_structure(event);
  Lost lost;
  if (asked == nullptr || !gst_structure_has_name(asked, "GstRTPRetransmissionRequest") ||
      !gst_structure_get(asked, "ssrc", G_TYPE_UINT, &lost.ssrc, "seqnum", G_TYPE_UINT, &lost.number, nullptr)) {
    return std::nullopt;
  }
  return lost;
}

/// What any RTCP begins with, unless the peer has agreed to do without: an empty report, and our name (RFC 4585
/// section 3.1).
void addBeginning(GstRTCPBuffer& rtcp, guint32 from, GObject* session) {
  GstRTCPPacket packet;
  gst_rtcp_buffer_add_packet(&rtcp, GST_RTCP_TYPE_RR, &packet);
  gst_rtcp_packet_rr_set_ssrc(&packet, from);
  GstStructure* description = nullptr;
  g_object_get(session, "sdes", &description, nullptr);
  const auto kept = adopt(description);
  const char* name = kept ? gst_structure_get_string(kept.get(), "cname") : nullptr;
  if (name == nullptr) return;
  gst_rtcp_buffer_add_packet(&rtcp, GST_RTCP_TYPE_SDES, &packet);
  gst_rtcp_packet_sdes_add_item(&packet, from);
  const auto length = static_cast<guint8>(std::min<std::size_t>(std::strlen(name), 255));
  gst_rtcp_packet_sdes_add_entry(&packet, GST_RTCP_SDES_CNAME, length, reinterpret_cast<const guint8*>(name));
}

/// Of one packet: its number, and an empty mask of further ones behind it (RFC 4585 section 6.2.1).
void addRequest(GstRTCPBuffer& rtcp, guint32 from, const Lost& lost) {
  GstRTCPPacket packet;
  gst_rtcp_buffer_add_packet(&rtcp, GST_RTCP_TYPE_RTPFB, &packet);
  gst_rtcp_packet_fb_set_type(&packet, GST_RTCP_RTPFB_TYPE_NACK);
  gst_rtcp_packet_fb_set_sender_ssrc(&packet, from);
  gst_rtcp_packet_fb_set_media_ssrc(&packet, lost.ssrc);
  gst_rtcp_packet_fb_set_fci_length(&packet, 1);
  GST_WRITE_UINT32_BE(gst_rtcp_packet_fb_get_fci(&packet), (lost.number & 0xffff) << 16);
}

bool ask(GstElement* rtp_session, const Lost& lost) {
  const auto way = staticPad(rtp_session, "send_rtcp_src");
  // A report has to be first, with what the pad's peer needs to know of the stream.
  if (!way || !gst_pad_has_current_caps(way.get())) return false;
  GObject* object = nullptr;
  g_object_get(rtp_session, "internal-session", &object, nullptr);
  const auto session = adopt(object);
  guint ours = 0;
  gboolean alone = FALSE;
  g_object_get(session.get(), "internal-ssrc", &ours, "rtcp-reduced-size", &alone, nullptr);

  constexpr guint kMost = 400;
  auto buffer = adopt(gst_rtcp_buffer_new(kMost));
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  gst_rtcp_buffer_map(buffer.get(), GST_MAP_READWRITE, &rtcp);
  if (alone == FALSE) addBeginning(rtcp, ours, session.get());
  addRequest(rtcp, ours, lost);
  gst_rtcp_buffer_unmap(&rtcp);
  return gst_pad_push(way.get(), release(std::move(buffer))) == GST_FLOW_OK;
}

}  // namespace

void askAtOnce(GstElement* rtp_session) {
  connectSignal<void(GstPad*)>(rtp_session, "pad-added", [](GstPad* pad) {
    if (std::string_view(GST_PAD_NAME(pad)) != "recv_rtp_src") return;
    const auto bucket = std::make_shared<Guarded<TokenBucket>>(TokenBucket(kAtOnce, SteadyClock().now()));
    addProbe(pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, [bucket](GstPad* from, GstPadProbeInfo* info) {
      const auto lost = lostIn(GST_PAD_PROBE_INFO_EVENT(info));
      const auto owner = adopt(gst_pad_get_parent_element(from));
      if (!lost || !owner) return GST_PAD_PROBE_OK;
      const bool may = bucket->with([](TokenBucket& requests) { return requests.take(kAtOnce, SteadyClock().now()); });
      return may && ask(owner.get(), *lost) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
    });
  });
}

}  // namespace rtc
