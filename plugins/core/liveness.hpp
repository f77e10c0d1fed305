// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the peer still lives. GStreamer 1.22 has no consent freshness (RFC 7675) and never notices a peer that died,
// so the session beats on its control channel, and counts any packet as a sign of life.
#pragma once

#include "base/clock.hpp"

namespace rtc::core {

class Liveness {
 public:
  /// How often to say that we live, on the control channel.
  static constexpr Duration kHeartbeat{2'000};

  /// `timeout`: dead when nothing came for so long.
  Liveness(Duration timeout, Instant now) : timeout_(timeout), last_sign_(now) {}

  /// A heartbeat, or any RTP or RTCP packet.
  void sign(Instant at) {
    if (at > last_sign_) last_sign_ = at;
  }
  bool dead(Instant now) const { return now - last_sign_ >= timeout_; }

 private:
  Duration timeout_;
  Instant last_sign_;
};

}  // namespace rtc::core
