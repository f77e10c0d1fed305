// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The flat statistics of one stream in one direction, of which `docs/statistics.md` defines each field.
#pragma once

#include "base/clock.hpp"
#include "plugins/core/loss_fraction.hpp"
#include "plugins/core/rate.hpp"
#include "plugins/session/receiver.hpp"
#include "plugins/session/rtp_sources.hpp"
#include "plugins/session/sender.hpp"

namespace rtc {

/// Bound to the session's thread. Rates are those since the last call.
class StreamStatistics {
 public:
  /// `rtp` may be null: nothing is known yet.
  Ptr<GstStructure> outgoing(const Sender& sender, const SentRtp* rtp, Instant now);
  Ptr<GstStructure> incoming(const Receiver& receiver, const ReceivedRtp* rtp, Instant now);

 private:
  void addFlow(GstStructure* to, std::uint64_t frames, std::uint64_t bytes, Instant now);

  core::Rate frames_;
  core::Rate bytes_;
  core::LossFraction loss_;
};

}  // namespace rtc
