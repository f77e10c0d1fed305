// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The plugin `rtc`: which elements it has.
#include "plugins/av1/gstrtcav1depay.h"
#include "plugins/av1/gstrtcav1pay.h"
#include "plugins/data/gstrtcdatasink.h"
#include "plugins/data/gstrtcdatasrc.h"
#include "plugins/file/gstrtcfilesink.h"
#include "plugins/file/gstrtcfilesrc.h"
#include "plugins/session/gstrtcsession.h"
#include "plugins/signal/gstrtcsignalsink.h"
#include "plugins/signal/gstrtcsignalsrc.h"

#define PACKAGE "gst-rtc"

static gboolean plugin_init(GstPlugin* plugin) noexcept {
  // Registered now, so that an application can make a session of its own by the type's name.
  g_type_ensure(GST_TYPE_RTC_SESSION);
  return GST_ELEMENT_REGISTER(rtcsignalsink, plugin) && GST_ELEMENT_REGISTER(rtcsignalsrc, plugin) &&
         GST_ELEMENT_REGISTER(rtcdatasink, plugin) && GST_ELEMENT_REGISTER(rtcdatasrc, plugin) &&
         GST_ELEMENT_REGISTER(rtcfilesink, plugin) && GST_ELEMENT_REGISTER(rtcfilesrc, plugin) &&
         GST_ELEMENT_REGISTER(rtcav1pay, plugin) && GST_ELEMENT_REGISTER(rtcav1depay, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, rtc, "WebRTC calls: signaling, sessions, media, data, files",
                  plugin_init, GST_RTC_VERSION, "LGPL", "gst-rtc", "https://gitlab.freedesktop.org/gstreamer")
