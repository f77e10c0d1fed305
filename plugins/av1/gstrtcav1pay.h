/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/rtp/gstrtpbasepayload.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_AV1_PAY (gst_rtc_av1_pay_get_type())
G_DECLARE_FINAL_TYPE(GstRtcAv1Pay, gst_rtc_av1_pay, GST, RTC_AV1_PAY, GstRTPBasePayload)

GST_ELEMENT_REGISTER_DECLARE(rtcav1pay)

G_END_DECLS
