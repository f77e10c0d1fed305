// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data channel `rtc.control` of one peer: heartbeat, round trip, farewell. It stands for the life of the
// connection, which also keeps the description's data section alive.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "plugins/core/control.hpp"
#include "plugins/session/data_channels.hpp"

namespace rtc {

/// Bound to the session's thread.
class ControlChannel {
 public:
  struct Listener {
    std::function<void()> on_sign;  ///< the peer spoke
    std::function<void(signaling::Reason)> on_bye;
    std::function<void(const core::LaneMessage&)> on_lane;
    std::function<void(const core::StreamMessage&)> on_stream;
  };

  /// Null where `webrtcbin` refuses to make the channel. It opens, and speaks, once the peer has shown its certificate.
  static std::unique_ptr<ControlChannel> make(DataChannels& channels, Listener listener);
  ~ControlChannel();

  /// Says a heartbeat, if the channel is open.
  void beat();
  /// Says farewell; false if the channel is not open.
  bool bye(signaling::Reason reason);

  /// False if the channel is not open.
  bool say(const core::Control& message);

  /// Whether the peer ever spoke here: a foreign one does not.
  bool spoken() const { return spoken_; }
  std::optional<std::chrono::duration<double, std::milli>> roundTrip() const { return round_trip_; }

 private:
  ControlChannel(std::shared_ptr<DataChannel> channel, Listener listener);
  void listen();
  void heard(const DataMessage& message);
  void handle(const core::Heartbeat& beat);
  void handle(const core::Alive& alive);
  void handle(const core::Bye& bye);
  void handle(const core::LaneMessage& lane) { listener_.on_lane(lane); }
  void handle(const core::StreamMessage& stream) { listener_.on_stream(stream); }

  using Moment = std::chrono::steady_clock::time_point;

  const std::shared_ptr<DataChannel> channel_;
  const Listener listener_;
  bool spoken_ = false;
  int number_ = 0;
  Moment beat_at_;
  std::optional<std::chrono::duration<double, std::milli>> round_trip_;
};

}  // namespace rtc
