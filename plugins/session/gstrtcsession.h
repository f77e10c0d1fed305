/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTC_SESSION (gst_rtc_session_get_type())
G_DECLARE_FINAL_TYPE(GstRtcSession, gst_rtc_session, GST, RTC_SESSION, GstObject)

/// The GstContext type under which the elements of a pipeline share the session of that name; its structure has one
/// field, "session". Transfer full.
gchar* gst_rtc_session_context_type(const gchar* name);

/// A new session. Transfer full.
GstRtcSession* gst_rtc_session_new(const gchar* name);

/// A context that carries the session, for gst_element_set_context(). Transfer full.
GstContext* gst_rtc_session_to_context(GstRtcSession* session);

/// The session in the context, borrowed; NULL if there is none.
GstRtcSession* gst_rtc_session_from_context(GstContext* context);

G_END_DECLS
