// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A further connection of a call that carries one data channel and nothing else. It is guarded, verified and watched as
// the first one is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "plugins/core/control.hpp"
#include "plugins/session/peer.hpp"

namespace rtc {

/// Bound to the session's thread.
class Lane {
 public:
  struct Host {
    std::function<void(const core::LaneMessage&)> say;
    std::function<void(const std::shared_ptr<DataChannel>&)> on_channel;  ///< that the peer opened
    std::function<void()> on_over;                                        ///< nothing more comes: drop the lane, later
  };
  /// From the first word to the open channel.
  static constexpr Duration kSetup{15'000};
  /// What the side that closed may take to end the lane.
  static constexpr Duration kLinger{5'000};

  Lane(TaskThread& thread, int number, PeerConfig config, Host host);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// As who opens it.
  Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options);
  /// As who is asked.
  void answer(std::string offer);
  void hear(const core::LaneAnswer& answer) { peer_.hear(core::DescriptionType::Answer, answer.sdp); }
  void hear(const core::LaneCandidate& said);

  /// Closes the channel. `why` is for its user.
  void end(const std::string& why);

 private:
  void happened(const Peer::DescribesItself& description);
  void happened(const Peer::HasCandidate& candidate);
  void happened(const Peer::CarriesData&);
  void happened(const Peer::HasChannel& shown);
  void happened(const Peer::SaysBye&) { end("the peer closed the lane"); }
  void happened(const Peer::Fails& fails) { end("the lane failed: " + fails.why); }
  template <typename Other>
  void happened(const Other&) {}
  void closed(const std::string& why);
  void watch(const std::shared_ptr<DataChannel>& channel);

  TaskThread& thread_;
  const int number_;
  const Host host_;
  core::ChannelOptions options_;
  bool opens_ = false;
  bool over_ = false;
  Result<std::shared_ptr<DataChannel>> channel_;
  Timer deadline_;
  Peer peer_;
};

}  // namespace rtc
