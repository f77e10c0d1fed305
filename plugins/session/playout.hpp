// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When what a peer sends is played, and how long its jitter buffers wait for what is missing. `rtpjitterbuffer` has one
// number for both, `latency`; but it holds nothing back that is complete, so that here each has its own: the delay is
// what sinks wait, by the latency that `rtcsignalsrc` answers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/core/playout_delay.hpp"
#include "plugins/session/arrival_watch.hpp"
#include "plugins/session/receiver.hpp"

namespace rtc {

/// Bound to the session's thread, but for `watch` and `follow`, and what they hear on streaming threads.
class Playout : public std::enable_shared_from_this<Playout> {
 public:
  /// `fixed`: the delay, whatever the path is like. `on_change`: the delay has become another; on a streaming thread.
  Playout(std::optional<Duration> fixed, std::function<void()> on_change);

  /// Before the first description. `arrivals` know which streams are sent again.
  void watch(GstElement* webrtcbin, const std::shared_ptr<Arrivals>& arrivals);

  /// Learns from the stream's frames when the path lets them through. Before it is opened.
  void follow(Receiver& receiver);
  /// Its frames go to one that decodes them, and shows a picture that is late all the same; or not.
  void playTo(bool decoder);
  /// To the peer and back; nothing if only the jitter buffers know.
  void setRoundTrip(std::optional<Duration> round_trip);

  /// How long after their time-stamps streams are played.
  Duration delay() const;
  /// What of that is announced to the pipeline where frames are `decoded`, or not.
  Duration announced(bool decoded) const;

  /// The jitter buffers follow what has changed.
  void apply() const;

 private:
  struct JitterBuffer {
    Ptr<GstElement> element;
    std::shared_ptr<ArrivalWatch> watch;  ///< none where the delay is fixed
    bool repaired = false;                ///< lost packets are sent again
  };
  struct State {
    core::PlayoutDelay delay;
    std::map<std::uint32_t, JitterBuffer> jitter_buffers;
    std::optional<Duration> round_trip;
  };
  /// The jitter buffers whose lost packets are sent again: they have locks of their own, and are asked without ours.
  std::vector<Ptr<GstElement>> repaired() const;

  void arrived(std::uint32_t ssrc, GstClockTimeDiff late);
  void frame(std::uint32_t ssrc, GstClockTimeDiff late, GstClockTime decoding);
  void add(GstElement* jitter_buffer, std::uint32_t ssrc, bool repaired);
  Duration patience(const State& state, bool repaired) const;

  const std::optional<Duration> fixed_;
  const std::function<void()> on_change_;
  Guarded<State> state_;
};

}  // namespace rtc
