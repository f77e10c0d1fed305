/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_STREAM_PAD (gst_rtc_stream_pad_get_type())
G_DECLARE_FINAL_TYPE(GstRtcStreamPad, gst_rtc_stream_pad, GST, RTC_STREAM_PAD, GstGhostPad)

/// A sink pad of rtcsignalsink: a ghost of `target`, with the property `mute`. Floating.
GstPad* gst_rtc_stream_pad_new(const gchar* name, GstPad* target, GstPadTemplate* templ);

/// Whether the stream is muted. Thread-safe.
gboolean gst_rtc_stream_pad_is_muted(GstRtcStreamPad* pad);

G_END_DECLS
