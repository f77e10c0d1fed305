// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What crosses from one pipeline to another that has the same clock and base time carries running times.
#pragma once

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// The sample's buffer with its running times for time-stamps; its memory is shared, not copied.
inline Ptr<GstBuffer> inRunningTime(GstSample* sample) {
  auto frame = adopt(gst_buffer_copy(gst_sample_get_buffer(sample)));
  const auto* segment = gst_sample_get_segment(sample);
  for (auto* time : {&GST_BUFFER_PTS(frame.get()), &GST_BUFFER_DTS(frame.get())}) {
    if (GST_CLOCK_TIME_IS_VALID(*time)) *time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, *time);
  }
  return frame;
}

}  // namespace rtc
