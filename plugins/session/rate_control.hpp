// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much of our streams one peer is sent: it measures the path to the peer, asks the estimator for its room, and
// gives each stream its part. The sound comes first, the pictures have the rest.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "plugins/core/bitrate/bandwidth_estimator.hpp"
#include "plugins/core/bitrate/expected_loss.hpp"
#include "plugins/core/bitrate/path_meter.hpp"
#include "plugins/core/bitrate/picture_share.hpp"
#include "plugins/core/loss_fraction.hpp"
#include "plugins/core/rate.hpp"
#include "plugins/session/peer.hpp"

namespace rtc {

/// Bound to the session's thread. The peer outlives it.
class RateControl {
 public:
  RateControl(GMainContext* context, Peer& peer, std::unique_ptr<core::BandwidthEstimator> estimator);
  RateControl(const RateControl&) = delete;
  RateControl& operator=(const RateControl&) = delete;

  /// What the path has room for, headers and all, in bit/s; nothing while it has shown no limit.
  std::optional<double> available() const { return estimator_->estimate(); }

 private:
  /// One of ours that the peer is sent.
  struct Picture {
    std::shared_ptr<Sender> sender;
    core::BitrateBounds bounds;
    bool encoded_here = false;
    bool follows_path = false;
  };

  void tick();
  void measure(Instant now);
  void readReports(Instant now);
  void measureByReports(const RtpSources::Snapshot& rtp, double loss, double round_trip, Instant now);
  void feed(core::PathSample sample);
  void allot();
  std::vector<Picture> pictures() const;
  /// What the sound takes, headers and all, in bit/s.
  double soundNeeds() const;
  std::uint64_t framesSent() const;

  GMainContext* const context_;
  Peer& peer_;
  const std::unique_ptr<core::BandwidthEstimator> estimator_;
  core::PathMeter meter_;
  core::PictureShare share_;
  std::map<std::uint32_t, core::LossFraction> losses_;    ///< by SSRC
  std::map<std::uint32_t, core::ExpectedLoss> expected_;  ///< of sound, by SSRC
  core::Rate sent_;
  std::optional<double> shortest_round_trip_;
  double round_trip_ = 0;  ///< ms, by the last reports
  std::optional<Instant> connected_at_;
  std::optional<Instant> heard_at_;  ///< of single packets
  std::uint64_t frames_when_heard_ = 0;
  Instant reports_read_at_;
  Timer next_;
};

}  // namespace rtc
