// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What crosses from one pipeline to another that has the same clock and base time carries running times.
#pragma once

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// The buffer with its running times for time-stamps; its memory is shared, not copied.
inline Ptr<GstBuffer> inRunningTime(GstBuffer* buffer, const GstSegment* segment) {
  auto frame = adopt(gst_buffer_copy(buffer));
  for (auto* time : {&GST_BUFFER_PTS(frame.get()), &GST_BUFFER_DTS(frame.get())}) {
    if (GST_CLOCK_TIME_IS_VALID(*time)) *time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, *time);
  }
  return frame;
}

/// How much later than its running time a buffer is in an element's hands.
inline GstClockTimeDiff lateness(GstElement* element, GstClockTime running_time) {
  const auto clock = adopt(gst_element_get_clock(element));
  if (!clock || !GST_CLOCK_TIME_IS_VALID(running_time)) return 0;
  const auto now = gst_clock_get_time(clock.get()) - gst_element_get_base_time(element);
  return GST_CLOCK_DIFF(running_time, now);
}

}  // namespace rtc
