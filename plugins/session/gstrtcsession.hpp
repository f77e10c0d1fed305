// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The way from the GObject that applications and contexts hold to the session itself.
#pragma once

#include "plugins/session/gst_ptr.hpp"
#include "plugins/session/gstrtcsession.h"
#include "plugins/session/session.hpp"

RTC_OWN_COUNTED(GstRtcSession, gst_object_ref, gst_object_unref);

namespace rtc {

Session& sessionOf(GstRtcSession* session);

}  // namespace rtc
