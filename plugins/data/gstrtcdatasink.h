/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_DATA_SINK (gst_rtc_data_sink_get_type())
G_DECLARE_FINAL_TYPE(GstRtcDataSink, gst_rtc_data_sink, GST, RTC_DATA_SINK, GstBaseSink)

GST_ELEMENT_REGISTER_DECLARE(rtcdatasink)

G_END_DECLS
