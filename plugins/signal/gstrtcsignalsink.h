/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_SIGNAL_SINK (gst_rtc_signal_sink_get_type())
G_DECLARE_FINAL_TYPE(GstRtcSignalSink, gst_rtc_signal_sink, GST, RTC_SIGNAL_SINK, GstBin)

GST_ELEMENT_REGISTER_DECLARE(rtcsignalsink)

G_END_DECLS
