// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How late a stream's frames come over the path, for the times at which its jitter buffer has them played. What waits
// there for a packet that was lost is as late as that one; this tells the path's jitter alone, and knows of what came
// too late to get through.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace rtc::core {

class PathLateness {
 public:
  using Time = std::chrono::nanoseconds;

  /// In Hz, of the RTP time-stamps.
  explicit PathLateness(std::uint32_t clock_rate) : clock_rate_(clock_rate) {}

  /// The jitter buffer has what carries this RTP time-stamp played at that time.
  void stamped(std::uint32_t rtp_time, Time played) { stamp_ = {rtp_time, played}; }

  /// A packet has come that was not sent again. Gives how late the frame before it was, when it begins another one.
  std::optional<Time> arrived(std::uint32_t rtp_time, Time at) {
    if (!stamp_) return std::nullopt;
    const auto late = at - playedAt(rtp_time);
    if (frame_ && frame_->first == rtp_time) {
      frame_->second = std::max(frame_->second, late);
      return std::nullopt;
    }
    const auto before = std::exchange(frame_, Stamp{rtp_time, late});
    return before ? std::optional(before->second) : std::nullopt;
  }

 private:
  using Stamp = std::pair<std::uint32_t, Time>;

  Time playedAt(std::uint32_t rtp_time) const {
    const auto ticks = static_cast<std::int32_t>(rtp_time - stamp_->first);  // RTP time-stamps wrap
    return stamp_->second + Time(std::int64_t{1'000'000'000} * ticks / clock_rate_);
  }

  std::uint32_t clock_rate_;
  std::optional<Stamp> stamp_;  ///< the last one
  std::optional<Stamp> frame_;  ///< that packets come of, and how late the latest was
};

}  // namespace rtc::core
