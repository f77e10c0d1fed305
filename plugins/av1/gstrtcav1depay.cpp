// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcav1depay
 * @title: rtcav1depay
 * @short_description: takes AV1 out of RTP packets
 *
 * The payload format of the Alliance for Open Media (version 1.0). It begins with a key frame; after a loss it asks for
 * one and gives nothing until it comes. `rtcsignalsrc` uses it, since the element of GStreamer is not in Debian 12.
 */
#include "plugins/av1/gstrtcav1depay.h"

#include <gst/rtp/gstrtpbuffer.h>
#include <gst/video/video.h>

#include "base/gobject.hpp"
#include "plugins/core/av1_packets.hpp"

namespace {

/// A wish for a key frame is not repeated sooner: the last one may still be on its way.
constexpr gint64 kPatience = 300 * G_TIME_SPAN_MILLISECOND;

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("application/x-rtp, media=video, clock-rate=90000, encoding-name=AV1"));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-av1, stream-format=obu-stream, alignment=tu"));

class Av1Depay {
 public:
  explicit Av1Depay(GstRtcAv1Depay* self) : base_(reinterpret_cast<GstRTPBaseDepayload*>(self)) {}

  static void classInit(GstRtcAv1DepayClass* klass);

  gboolean setCaps();
  GstBuffer* take(GstRTPBuffer* packet);

 private:
  void wishKeyFrame();

  GstRTPBaseDepayload* const base_;
  rtc::core::Av1Assembly assembly_;
  gint64 wished_ = 0;
};

gboolean Av1Depay::setCaps() {
  base_->clock_rate = 90'000;
  auto* caps = gst_static_pad_template_get_caps(&src_template);
  const auto taken = gst_pad_set_caps(GST_RTP_BASE_DEPAYLOAD_SRCPAD(base_), caps);
  gst_caps_unref(caps);
  return taken;
}

GstBuffer* Av1Depay::take(GstRTPBuffer* packet) {
  const bool lost = GST_BUFFER_IS_DISCONT(packet->buffer);
  const bool marker = gst_rtp_buffer_get_marker(packet) != FALSE;
  const auto* payload = static_cast<const std::uint8_t*>(gst_rtp_buffer_get_payload(packet));
  const auto unit = assembly_.take({payload, gst_rtp_buffer_get_payload_len(packet)}, marker, lost);
  if (!unit) {
    if (marker && assembly_.waits()) wishKeyFrame();
    return nullptr;
  }
  auto* frame = gst_buffer_new_memdup(unit->data.data(), unit->data.size());
  if (!unit->key) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
  return frame;
}

void Av1Depay::wishKeyFrame() {
  const auto now = g_get_monotonic_time();
  if (wished_ != 0 && now - wished_ < kPatience) return;
  wished_ = now;
  gst_pad_push_event(GST_RTP_BASE_DEPAYLOAD_SINKPAD(base_),
                     gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

}  // namespace

struct _GstRtcAv1Depay {
  GstRTPBaseDepayload parent;
};

RTC_DEFINE_TYPE(GstRtcAv1Depay, gst_rtc_av1_depay, GST_TYPE_RTP_BASE_DEPAYLOAD, Av1Depay);

GST_ELEMENT_REGISTER_DEFINE(rtcav1depay, "rtcav1depay", GST_RANK_NONE, GST_TYPE_RTC_AV1_DEPAY)

namespace {

void Av1Depay::classInit(GstRtcAv1DepayClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  auto* base_class = GST_RTP_BASE_DEPAYLOAD_CLASS(klass);
  base_class->set_caps = [](GstRTPBaseDepayload* self, GstCaps*) noexcept -> gboolean {
    return gst_rtc_av1_depay_impl(self).setCaps();
  };
  base_class->process_rtp_packet = [](GstRTPBaseDepayload* self, GstRTPBuffer* packet) noexcept -> GstBuffer* {
    return gst_rtc_av1_depay_impl(self).take(packet);
  };
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "AV1 RTP depayloader", "Codec/Depayloader/Network/RTP",
                                        "Takes AV1 out of RTP packets", "The gst-rtc authors");
}

}  // namespace
