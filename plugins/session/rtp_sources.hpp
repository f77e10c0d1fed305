// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What RTP and RTCP say of each stream of a connection, by its SSRC: read from the RTP session and the jitter buffers
// inside `webrtcbin`, whose own get-stats mixes streams of a bundle up until 1.26.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/session/gst_ptr.hpp"
#include "plugins/session/path_feedback.hpp"

namespace rtc {

/// Of a stream that we send: what we count, and what the peer's last report says.
struct SentRtp {
  std::uint64_t packets = 0;
  unsigned nacks = 0;  ///< packets asked for again, by the peer
  unsigned plis = 0;   ///< key frames asked for, by the peer
  struct Report {
    double fraction_lost = 0;  ///< 0 to 1, since the report before
    int lost = 0;
    std::uint64_t received = 0;  ///< packets, from a number on that is only good for differences
    double jitter = 0;           ///< ms
    double round_trip = 0;       ///< ms; 0 while the peer has had no report of ours
  };
  std::optional<Report> report;
};

/// Of a stream that we receive.
struct ReceivedRtp {
  std::uint64_t packets = 0;
  int lost = 0;
  double jitter = 0;  ///< ms
  unsigned plis = 0;
  unsigned nacks = 0;               ///< requests for lost packets
  std::uint64_t late = 0;           ///< packets that came too late for the jitter buffer
  std::uint64_t duplicates = 0;     ///< packets that came twice
  std::uint64_t retransmitted = 0;  ///< packets that came because they were asked for again
  unsigned recovered = 0;           ///< packets that were computed from redundancy
};

/// Bound to the session's thread, except for what `webrtcbin`'s threads tell.
class RtpSources {
 public:
  /// Before the first description.
  void watch(GstElement* webrtcbin);

  struct Snapshot {
    std::map<std::uint32_t, SentRtp> sent;
    std::map<std::uint32_t, ReceivedRtp> received;
  };
  Snapshot read() const;
  /// What became of single packets that we sent, since the last call.
  std::vector<core::PacketFate> takeFates() { return feedback_.take(); }

 private:
  struct Elements {
    Ptr<GstElement> session;
    std::map<std::uint32_t, Ptr<GstElement>> jitter_buffers;
    std::vector<Ptr<GstElement>> fec_decoders;
  };
  PathFeedback feedback_;
  std::shared_ptr<Guarded<Elements>> elements_ = std::make_shared<Guarded<Elements>>();
};

}  // namespace rtc
