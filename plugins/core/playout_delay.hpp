// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How long after their time-stamps a peer's streams are played: as long as nearly all of each comes in time, and no
// longer. Every GStreamer sink waits for the whole of it, so that it is the greater part of what a call is late by.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "base/clock.hpp"
#include "plugins/core/sdp.hpp"

namespace rtc::core {

/// Grows as soon as too much comes too late, and falls slowly: each change moves what is being played.
class PlayoutDelay {
 public:
  /// Until something is known of the path.
  static constexpr Duration kFirst{20};
  /// A conversation bears no more (ITU-T G.114): what comes later is late.
  static constexpr Duration kMost{400};

  /// A frame of a stream was complete, or decoded, so long after its time-stamp. Gives the delay if it changes by that.
  std::optional<Duration> frame(std::uint32_t ssrc, Kind kind, Duration late, Instant now);

  Duration value() const { return value_; }

 private:
  struct Stream {
    Kind kind;
    Instant begun;
    struct Frame {
      Instant at;
      Duration late;
    };
    std::deque<Frame> frames;  ///< of the last seconds

    void forget(Instant before);
    /// What all but the latest few frames stay within.
    Duration within() const;
  };

  std::optional<Duration> judge(Instant now);
  /// What the path asks for.
  Duration wanted(Instant now);

  std::map<std::uint32_t, Stream> streams_;
  Duration value_ = kFirst;
  std::optional<Instant> begun_;
  Instant judged_{};
  Instant changed_{};
  bool learned_ = false;
};

/// What of that need not be announced where frames are decoded, what that takes included: any sink leaves what is on
/// its way to it some time beyond what is announced, those of pictures 15 ms, the others 20 (`processing-deadline`).
/// The rest is for what else is in the way.
inline constexpr Duration kGranted{8};

/// How long a packet that is missing is waited for, where the peer sends lost ones again: long enough for a second
/// request after the first one, or what came for it, was lost, too. Nothing is played later for it; but what refers to
/// the packet cannot be decoded before. `round_trip` may be unknown.
Duration repairTime(std::optional<Duration> round_trip);

/// Likewise, where it is not sent again and may only have been overtaken. It is also how far a stream may fall behind
/// before `rtpjitterbuffer` takes the stall for a new beginning, and stamps it anew.
inline constexpr Duration kOvertaken{100};

}  // namespace rtc::core
