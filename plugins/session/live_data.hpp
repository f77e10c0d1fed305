// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data side of a live call: who uses it, and which of the peer's channels nobody has taken yet. It outlives the
// peer connections that the call may have one after the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/session/data_channels.hpp"
#include "plugins/session/data_user.hpp"
#include "plugins/session/lanes.hpp"

namespace rtc {

/// Bound to the session's thread.
class LiveData final : public CallData {
 public:
  /// So many of the peer's channels wait for a user that knows their label; a further one is closed.
  static constexpr std::size_t kMaxUntaken = 16;

  LiveData(std::string call, std::string user, Lanes::Host lanes);
  ~LiveData() override;

  const std::string& call() const override { return call_; }
  const std::string& user() const override { return user_; }
  bool caller() const override { return lanes_host_.caller; }

  /// There is a connection, whose channels these are. It outlives its part here, which ends with `detach`.
  void attach(DataChannels& channels);
  /// The connection is lost.
  void detach();

  Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options, DataUser* opener) override;

  Result<std::shared_ptr<DataChannel>> openLane(const core::ChannelOptions& options, DataUser* opener) override;

  void add(DataUser* user);
  void remove(DataUser* user);
  /// Of the peer.
  void offer(const std::shared_ptr<DataChannel>& channel);
  void hear(const core::LaneMessage& message);
  /// On the control channel, for the first time.
  void peerSpeaks();

 private:
  void know(const std::shared_ptr<DataChannel>& channel);
  bool tell(const std::shared_ptr<DataChannel>& channel, const DataUser* opener);

  const std::string call_;
  const std::string user_;
  const Lanes::Host lanes_host_;
  DataChannels* channels_ = nullptr;  ///< while there is a connection
  std::unique_ptr<Lanes> lanes_;      ///< likewise
  std::vector<DataUser*> users_;
  std::vector<std::shared_ptr<DataChannel>> known_;    ///< that somebody uses
  std::vector<std::shared_ptr<DataChannel>> untaken_;  ///< of the peer's
};

}  // namespace rtc
