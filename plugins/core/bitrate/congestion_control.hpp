// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much room a path has, by the queue that builds up in it and by the packets that it loses: in the spirit of
// draft-ietf-rmcat-gcc-02, but slower to believe. What does not shrink when less is sent is not our doing: neither a
// path that loses one packet in ten nor one that became longer starves a call.
#pragma once

#include <optional>

#include "plugins/core/bitrate/bandwidth_estimator.hpp"

namespace rtc::core {

class CongestionControl final : public BandwidthEstimator {
 public:
  void on(const PathSample& sample) override;
  void onSilence(Instant now) override;
  std::optional<double> estimate() const override { return limit_; }

 private:
  /// A sign of too little room, and whether sending less makes it go.
  class Suspicion {
   public:
    /// What of the sign is not known to be there anyway.
    double beyondUsual(double sign);
    /// Less is sent because of it. `patience`: when that should show.
    void act(double sign, Instant now, Duration patience, std::optional<double> limit);
    bool acting() const { return acted_.has_value(); }
    /// More of it shows than when less was first sent.
    bool isWorse(double sign) const;
    /// It is gone.
    void clear() { acted_.reset(); }
    /// Whether it stands in spite of all; then it is usual from now on, and `limitBefore` counts again. `obeyed`: as
    /// little was sent as was asked for, so that this tells something.
    bool isUnmoved(double sign, bool obeyed, Instant now);
    std::optional<double> limitBefore() const { return limit_before_; }

   private:
    struct Act {
      double sign = 0;
      Duration patience{0};
      Instant until;
    };
    std::optional<Act> acted_;
    std::optional<double> limit_before_;
    double usual_ = 0;
  };

  bool heedQueue(const PathSample& sample);
  bool heedLoss(const PathSample& sample);
  void grow(const PathSample& sample, double seconds);
  void cut(double limit, double capacity, Instant now);
  bool mayCut(const PathSample& sample) const;
  bool isObeyed(const PathSample& sample) const;

  std::optional<double> limit_;
  double capacity_ = 0;  ///< what came through when the path was last found full, in bit/s
  double last_sent_ = 0;
  Suspicion queue_;
  Suspicion loss_;
  int full_samples_ = 0;  ///< one after the other
  struct Silence {
    std::optional<double> limit;  ///< before it
  };
  std::optional<Silence> before_silence_;  ///< while it lasts
  std::optional<Instant> last_cut_;
  std::optional<Instant> last_sample_;
};

}  // namespace rtc::core
