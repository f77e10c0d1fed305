// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The lanes of one call: further connections for bulk data, agreed on over the control channel of the first one
// (docs/protocol.md, "Lanes").
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "plugins/session/lane.hpp"

namespace rtc {

/// Bound to the session's thread.
class Lanes {
 public:
  /// At a time, whoever opened them: each is a `webrtcbin`.
  static constexpr std::size_t kMax = 8;

  struct Host {
    TaskThread& thread;
    bool caller;
    std::function<PeerConfig(core::Role)> config;
    /// On the control channel; false if the peer does not speak there.
    std::function<bool(const core::LaneMessage&)> say;
    std::function<void(const std::shared_ptr<DataChannel>&)> on_channel;  ///< that the peer opened
  };

  explicit Lanes(Host host);
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;
  ~Lanes();

  /// The channel of a new lane, or the sentence that says why there is none. A peer that knows nothing of lanes shows
  /// by the channel's end, `Lane::kSetup` later.
  Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options);
  /// From the peer.
  void hear(const core::LaneMessage& message);
  /// The peer speaks on the control channel: what was to be said there before goes now.
  void peerSpeaks();
  void end();

 private:
  void handle(const core::LaneOffer& offer);
  void handle(const core::LaneAnswer& answer);
  void handle(const core::LaneCandidate& said);
  void handle(const core::LaneClose& close);

  void say(const core::LaneMessage& message);
  Lane& add(int number, core::Role role);
  void over(int number);
  Lane* find(int number);
  std::size_t count() const { return lanes_.size() + ending_.size(); }

  const Host host_;
  std::shared_ptr<Mailbox<Lanes>> mailbox_;
  std::map<int, std::unique_ptr<Lane>> lanes_;
  /// Until their farewell is out.
  std::map<int, std::pair<std::unique_ptr<Lane>, Timer>> ending_;
  int next_;
  bool peer_speaks_ = false;
  std::vector<core::LaneMessage> unsaid_;  ///< until then
};

}  // namespace rtc
