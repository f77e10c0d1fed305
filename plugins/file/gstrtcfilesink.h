/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_FILE_SINK (gst_rtc_file_sink_get_type())
G_DECLARE_FINAL_TYPE(GstRtcFileSink, gst_rtc_file_sink, GST, RTC_FILE_SINK, GstElement)

GST_ELEMENT_REGISTER_DECLARE(rtcfilesink)

G_END_DECLS
