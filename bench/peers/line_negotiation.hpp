// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A bare webrtcbin that negotiates by one line each way: a description with all its candidates, \x01 for each line's
// end.
#pragma once

#include <functional>
#include <string>

#include "bench/peers/gst_ptr.hpp"

namespace rtc::bench {

class LineNegotiation {
 public:
  enum class Role { Offers, Answers };

  /// `tell` is called once, on a thread of webrtcbin's. This outlives `webrtc`.
  LineNegotiation(GstElement* webrtc, Role role, std::function<void(const std::string& line)> tell);
  LineNegotiation(const LineNegotiation&) = delete;
  LineNegotiation& operator=(const LineNegotiation&) = delete;

  /// Who offers begins, once all that is to be offered is there.
  void begin();
  /// The other side's line.
  void hear(std::string line);

 private:
  static void described(GstPromise* promise, gpointer self);
  static void gathered(GstElement* webrtc, GParamSpec* spec, gpointer self);

  GstElement* const webrtc_;
  const Role role_;
  const std::function<void(const std::string& line)> tell_;
};

}  // namespace rtc::bench
