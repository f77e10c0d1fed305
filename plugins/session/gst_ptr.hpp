// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Ownership of GStreamer's objects and mini-objects.
#pragma once

#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#undef GST_USE_UNSTABLE_API

#include "base/ptr.hpp"

RTC_OWN_COUNTED(GstElement, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstPad, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstBus, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstClock, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstObject, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstBuffer, gst_buffer_ref, gst_buffer_unref);
RTC_OWN_COUNTED(GstCaps, gst_caps_ref, gst_caps_unref);
RTC_OWN_COUNTED(GstContext, gst_context_ref, gst_context_unref);
RTC_OWN_COUNTED(GstEvent, gst_event_ref, gst_event_unref);
RTC_OWN_COUNTED(GstMessage, gst_message_ref, gst_message_unref);
RTC_OWN_COUNTED(GstQuery, gst_query_ref, gst_query_unref);
RTC_OWN_COUNTED(GstSample, gst_sample_ref, gst_sample_unref);
RTC_OWN_COUNTED(GstPromise, gst_promise_ref, gst_promise_unref);
RTC_OWN_COUNTED(GstPluginFeature, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstPlugin, gst_object_ref, gst_object_unref);
RTC_OWN_UNIQUE(GstStructure, gst_structure_free);
RTC_OWN_UNIQUE(GstSDPMessage, gst_sdp_message_free);
RTC_OWN_UNIQUE(GstWebRTCSessionDescription, gst_webrtc_session_description_free);
RTC_OWN_GOBJECT(GstWebRTCDataChannel);
RTC_OWN_GOBJECT(GstWebRTCDTLSTransport);
RTC_OWN_GOBJECT(GstWebRTCRTPTransceiver);
