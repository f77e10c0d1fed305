// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The flat statistics of one call, of which `docs/statistics.md` defines each field.
#pragma once

#include <array>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "plugins/core/rate.hpp"
#include "plugins/session/media_source.hpp"
#include "plugins/session/peer.hpp"
#include "plugins/session/stream_statistics.hpp"

namespace rtc {

/// Bound to the session's thread.
class CallStatistics {
 public:
  explicit CallStatistics(Instant connected_at) : connected_at_(connected_at) {}

  /// Adds the fields to `to`. Rates are those since the last call.
  void add(GstStructure* to, const Peer& peer, const std::vector<std::shared_ptr<MediaSource>>& sources, Instant now);

 private:
  void addPath(GstStructure* to, const Peer& peer);
  void addStreams(GstStructure* to, const Peer& peer, Instant now);
  void addOutgoing(GstStructure* to, const Peer& peer, core::Kind kind, Instant now);
  void addIncoming(GstStructure* to, const Peer& peer, core::Kind kind, Instant now);

  struct Flow {
    core::Rate frames;
    core::Rate bytes;
  };

  Instant connected_at_;
  std::map<core::Kind, Flow> outgoing_;
  std::map<core::Kind, Flow> incoming_;
  std::map<unsigned, StreamStatistics> sent_;      ///< by section
  std::map<unsigned, StreamStatistics> received_;  ///< by SSRC
};

}  // namespace rtc
