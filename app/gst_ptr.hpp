// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How GStreamer's objects are owned.
#pragma once

#include <gst/gst.h>

#include "base/ptr.hpp"

RTC_OWN_COUNTED(GstElement, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstBus, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstMessage, gst_message_ref, gst_message_unref);
RTC_OWN_COUNTED(GstPad, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstDevice, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstDeviceMonitor, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstElementFactory, gst_object_ref, gst_object_unref);
RTC_OWN_COUNTED(GstCaps, gst_caps_ref, gst_caps_unref);
RTC_OWN_COUNTED(GstSample, gst_sample_ref, gst_sample_unref);
RTC_OWN_UNIQUE(GstStructure, gst_structure_free);
RTC_OWN_UNIQUE(GstIterator, gst_iterator_free);
RTC_OWN_UNIQUE(GstParseContext, gst_parse_context_free);
