/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/rtp/gstrtpbasedepayload.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_AV1_DEPAY (gst_rtc_av1_depay_get_type())
G_DECLARE_FINAL_TYPE(GstRtcAv1Depay, gst_rtc_av1_depay, GST, RTC_AV1_DEPAY, GstRTPBaseDepayload)

GST_ELEMENT_REGISTER_DECLARE(rtcav1depay)

G_END_DECLS
