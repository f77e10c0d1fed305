// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Ownership of what the measured programs hold of GStreamer, libsoup and json-glib.
#pragma once

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "base/ptr.hpp"

RTC_OWN_GOBJECT(GstElement);
RTC_OWN_GOBJECT(GstBus);
RTC_OWN_GOBJECT(GstPad);
RTC_OWN_GOBJECT(JsonBuilder);
RTC_OWN_GOBJECT(JsonGenerator);
RTC_OWN_GOBJECT(JsonParser);
RTC_OWN_GOBJECT(SoupMessage);
RTC_OWN_GOBJECT(SoupSession);
RTC_OWN_GOBJECT(SoupWebsocketConnection);
RTC_OWN_COUNTED(GstCaps, gst_caps_ref, gst_caps_unref);
RTC_OWN_COUNTED(GstPromise, gst_promise_ref, gst_promise_unref);
RTC_OWN_COUNTED(JsonNode, json_node_ref, json_node_unref);
RTC_OWN_UNIQUE(GstWebRTCSessionDescription, gst_webrtc_session_description_free);
RTC_OWN_UNIQUE(GstSDPMessage, gst_sdp_message_free);
