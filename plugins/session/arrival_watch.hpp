// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How late what comes in is when it comes in, for the times that its jitter buffer gives it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/guarded.hpp"
#include "plugins/core/path_lateness.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Of one jitter buffer.
class ArrivalWatch {
 public:
  /// How late the last packet of a frame came, of those that the peer sent once. On the streaming thread before the
  /// jitter buffer.
  using OnFrame = std::function<void(GstClockTimeDiff late)>;

  /// Before its first packet, and for as long as it lives.
  static std::shared_ptr<ArrivalWatch> of(GstElement* jitter_buffer, OnFrame on_frame);

  ArrivalWatch(GstElement* jitter_buffer, OnFrame on_frame);

  /// What its packets are: nothing is heard before. Thread-safe.
  void describe(const GstCaps* packets);

 private:
  void entered(GstBuffer* packet);
  void left(GstPad* pad, GstBuffer* packet);

  GstElement* const jitter_buffer_;  ///< borrowed: its pads hold us
  const OnFrame on_frame_;
  Guarded<std::optional<core::PathLateness>> lateness_;
};

}  // namespace rtc
