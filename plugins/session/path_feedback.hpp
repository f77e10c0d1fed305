// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the peer tells of each packet that we send it: when it came, or that it did not (transport-cc).
#pragma once

#include <memory>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/core/bitrate/path_meter.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// What an IPv4 packet has beside its RTP payload: IP, UDP, RTP with the packet's number, and SRTP's tag.
inline constexpr std::uint32_t kPacketHeaders = 20 + 8 + 20 + 10;

/// Bound to the session's thread, except for what `webrtcbin`'s threads tell.
class PathFeedback {
 public:
  /// `rtp_session` has no pads yet.
  void watch(GstElement* rtp_session);
  /// What was told since the last call, in the order of the packets.
  std::vector<core::PacketFate> take();

 private:
  using Fates = std::vector<core::PacketFate>;
  std::shared_ptr<Guarded<Fates>> fates_ = std::make_shared<Guarded<Fates>>();
};

}  // namespace rtc
