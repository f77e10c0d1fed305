// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How long after their time-stamps a peer's streams are played: as long as nearly all of each comes in time over the
// path, and no longer. Every GStreamer sink waits for the whole of it, so that it is the greater part of what a call is
// late by. So a picture that has to be sent again is not waited for by all others, where it is shown late: only where
// those are many, the others wait.
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

  /// What becomes of a picture that is later than all the others wait.
  enum class Late {
    Shown,  ///< when it is there
    Lost,   ///< nothing, perhaps: whoever takes it drops what is late
  };
  /// As lost at first.
  void count(Late late) { late_ = late; }

  /// A stream begins. What is told of others is not heard.
  void begin(std::uint32_t ssrc, Kind kind);
  /// What of a frame was not lost on the path had come so long after its time-stamp.
  void arrived(std::uint32_t ssrc, Duration late, Instant now);
  /// A frame of a stream was complete so long after its time-stamp, what was sent again of it included, and takes so
  /// long to decode. Gives the delay if it changes by that.
  std::optional<Duration> frame(std::uint32_t ssrc, Duration late, Duration decoding, Instant now);

  Duration value() const { return value_; }

 private:
  /// Of the frames of the last seconds.
  class Lateness {
   public:
    void add(Instant at, Duration late) { frames_.push_back({at, late}); }
    void forget(Instant before);
    /// What all but the latest `late_of_hundred` stay within.
    Duration within(std::size_t late_of_hundred) const;

   private:
    struct Frame {
      Instant at;
      Duration late;
    };
    std::deque<Frame> frames_;
  };
  struct Stream {
    Kind kind;
    std::optional<Instant> begun;  ///< with its first frame
    Lateness on_the_path;
    Lateness decoding;  ///< what that took
    Lateness decoded;   ///< all in all

    /// What came before was held back, and says nothing.
    bool counts(Instant now) const;
  };

  std::optional<Duration> judge(Instant now);
  /// What the path asks for.
  Duration wanted(Instant now);

  Late late_ = Late::Lost;
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
inline constexpr Duration kGranted{10};

/// And the rest: a picture that is later than what is announced is given so much time from where it was decoded on.
inline constexpr Duration kDrawing{5};

/// How long a packet that is missing is waited for, where the peer sends lost ones again: long enough for a second
/// request after the first one, or what came for it, was lost, too. Nothing is played later for it; but what refers to
/// the packet cannot be decoded before. `round_trip` may be unknown.
Duration repairTime(std::optional<Duration> round_trip);

/// Likewise, where it is not sent again and may only have been overtaken, when streams are played after `delay`: what
/// follows a lost packet must still come in time. It is also how far a stream may fall behind before `rtpjitterbuffer`
/// takes the stall for a new beginning, and stamps it anew.
Duration overtakenTime(Duration delay);

}  // namespace rtc::core
