// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the peer still lives. GStreamer 1.22 has no consent freshness (RFC 7675) and never notices a peer that died,
// so the session beats on its control channel, and counts any packet as a sign of life.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace rtc::core {

class Liveness {
 public:
  /// How often to say that we live, on the control channel.
  static constexpr Duration kHeartbeat{2'000};
  /// A foreign peer has no heartbeat. Its RTCP may be seconds apart (RFC 3550 section 6.2), so it is given more time.
  static constexpr int kForeignPatience = 3;

  /// `timeout`: dead when nothing came for so long.
  Liveness(Duration timeout, Instant now) : timeout_(timeout), last_sign_(now) {}

  /// A heartbeat, or any RTP or RTCP packet.
  void sign(Instant at) {
    if (at > last_sign_) last_sign_ = at;
  }
  Instant lastSign() const { return last_sign_; }
  bool dead(Instant now, bool has_heartbeat) const {
    return now - last_sign_ >= (has_heartbeat ? timeout_ : timeout_ * kForeignPatience);
  }

  /// When to beat next; the moment is kept.
  bool beatDue(Instant now) {
    if (last_beat_ && now - *last_beat_ < kHeartbeat) return false;
    last_beat_ = now;
    return true;
  }

 private:
  Duration timeout_;
  Instant last_sign_;
  std::optional<Instant> last_beat_;
};

}  // namespace rtc::core
