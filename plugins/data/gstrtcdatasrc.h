/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_DATA_SRC (gst_rtc_data_src_get_type())
G_DECLARE_FINAL_TYPE(GstRtcDataSrc, gst_rtc_data_src, GST, RTC_DATA_SRC, GstPushSrc)

GST_ELEMENT_REGISTER_DECLARE(rtcdatasrc)

G_END_DECLS
