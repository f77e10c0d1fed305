/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_SIGNAL_SRC (gst_rtc_signal_src_get_type())
G_DECLARE_FINAL_TYPE(GstRtcSignalSrc, gst_rtc_signal_src, GST, RTC_SIGNAL_SRC, GstBin)

GST_ELEMENT_REGISTER_DECLARE(rtcsignalsrc)

G_END_DECLS
