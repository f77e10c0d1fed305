// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcav1pay
 * @title: rtcav1pay
 * @short_description: puts AV1 into RTP packets
 *
 * The payload format of the Alliance for Open Media (version 1.0), without its dependency descriptor. `rtcsignalsink`
 * uses it, since the element of GStreamer is not in Debian 12.
 */
#include "plugins/av1/gstrtcav1pay.h"

#include <gst/rtp/gstrtpbuffer.h>

#include <algorithm>

#include "base/gobject.hpp"
#include "plugins/core/av1_packets.hpp"

namespace {

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-av1, stream-format=obu-stream, alignment=tu"));
GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("application/x-rtp, media=video, payload=(int)[0, 127], clock-rate=90000, "
                                            "encoding-name=AV1"));

class Av1Pay {
 public:
  explicit Av1Pay(GstRtcAv1Pay* self) : base_(reinterpret_cast<GstRTPBasePayload*>(self)) {}

  static void classInit(GstRtcAv1PayClass* klass);

  gboolean setCaps() {
    gst_rtp_base_payload_set_options(base_, "video", TRUE, "AV1", 90'000);
    return gst_rtp_base_payload_set_outcaps(base_, nullptr);
  }
  GstFlowReturn take(GstBuffer* unit);

 private:
  GstBuffer* packetOf(const rtc::core::Bytes& payload, bool last);

  GstRTPBasePayload* const base_;
};

GstBuffer* Av1Pay::packetOf(const rtc::core::Bytes& payload, bool last) {
  auto* packet = gst_rtp_base_payload_allocate_output_buffer(base_, static_cast<guint>(payload.size()), 0, 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gst_rtp_buffer_map(packet, GST_MAP_WRITE, &rtp);
  std::copy(payload.begin(), payload.end(), static_cast<guint8*>(gst_rtp_buffer_get_payload(&rtp)));
  gst_rtp_buffer_set_marker(&rtp, last ? TRUE : FALSE);
  gst_rtp_buffer_unmap(&rtp);
  return packet;
}

GstFlowReturn Av1Pay::take(GstBuffer* unit) {
  const bool key = !GST_BUFFER_FLAG_IS_SET(unit, GST_BUFFER_FLAG_DELTA_UNIT);
  const auto room = gst_rtp_buffer_calc_payload_len(GST_RTP_BASE_PAYLOAD_MTU(base_), 0, 0);
  GstMapInfo map;
  if (!gst_buffer_map(unit, &map, GST_MAP_READ)) return GST_FLOW_ERROR;
  const auto payloads = rtc::core::av1Packets({map.data, map.size}, key, room);
  gst_buffer_unmap(unit, &map);

  auto* packets = gst_buffer_list_new_sized(static_cast<guint>(payloads.size()));
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    auto* packet = packetOf(payloads[i], i + 1 == payloads.size());
    gst_buffer_copy_into(packet, unit, GST_BUFFER_COPY_TIMESTAMPS, 0, static_cast<gsize>(-1));
    if (!key) GST_BUFFER_FLAG_SET(packet, GST_BUFFER_FLAG_DELTA_UNIT);
    gst_buffer_list_add(packets, packet);
  }
  return gst_rtp_base_payload_push_list(base_, packets);
}

}  // namespace

struct _GstRtcAv1Pay {
  GstRTPBasePayload parent;
};

RTC_DEFINE_TYPE(GstRtcAv1Pay, gst_rtc_av1_pay, GST_TYPE_RTP_BASE_PAYLOAD, Av1Pay);

GST_ELEMENT_REGISTER_DEFINE(rtcav1pay, "rtcav1pay", GST_RANK_NONE, GST_TYPE_RTC_AV1_PAY)

namespace {

void Av1Pay::classInit(GstRtcAv1PayClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  auto* base_class = GST_RTP_BASE_PAYLOAD_CLASS(klass);
  base_class->set_caps = [](GstRTPBasePayload* self, GstCaps*) noexcept -> gboolean {
    return gst_rtc_av1_pay_impl(self).setCaps();
  };
  base_class->handle_buffer = [](GstRTPBasePayload* self, GstBuffer* unit) noexcept -> GstFlowReturn {
    const auto result = gst_rtc_av1_pay_impl(self).take(unit);
    gst_buffer_unref(unit);
    return result;
  };
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "AV1 RTP payloader", "Codec/Payloader/Network/RTP",
                                        "Puts AV1 into RTP packets", "The gst-rtc authors");
}

}  // namespace
