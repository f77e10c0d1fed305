// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pictures with their number drawn into them, so that whoever sees one knows when it was taken: the time from the
// camera to the screen, and which pictures never came. A number is a row of black and white fields at the lower edge,
// large enough for any encoder.
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace rtc::bench {

/// Thread-safe. libwebrtc_call.mjs draws and reads the same.
class NumberedPicture {
 public:
  /// Numbers what leaves the pad: I420, 640x480.
  void number(GstPad* camera);
  /// Reads what a fakesink renders. The sink must live as long as this.
  void read(GstElement* screen);
  /// `,"sent":[[number,at],…],"shown":[[number,at],…]`, in microseconds of the monotonic clock.
  std::string report() const;

 private:
  struct Callbacks;
  using Times = std::vector<std::pair<unsigned, gint64>>;

  mutable std::mutex mutex_;
  Times sent_;
  Times shown_;
};

}  // namespace rtc::bench
