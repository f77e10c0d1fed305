/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_FILE_SRC (gst_rtc_file_src_get_type())
G_DECLARE_FINAL_TYPE(GstRtcFileSrc, gst_rtc_file_src, GST, RTC_FILE_SRC, GstElement)

GST_ELEMENT_REGISTER_DECLARE(rtcfilesrc)

G_END_DECLS
