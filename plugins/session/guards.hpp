// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What keeps `webrtcbin` 1.22 from dying of what a peer does or does not do. All of it goes through public API and does
// no harm on newer versions. `docs/webrtcbin.md` tells the story of each.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "plugins/core/negotiation.hpp"
#include "plugins/core/report_pace.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Where a received stream stands in the description.
struct RemotePlace {
  unsigned section = 0;
  unsigned of_its_kind = 0;  ///< among the sections of its kind
};

/// What the guards of one peer share with it. Thread-safe.
class Arrivals {
 public:
  /// Only these RTP streams may come in from now on.
  void allow(const std::vector<core::RemoteStream>& streams);
  bool allowed(std::uint32_t ssrc) const;
  /// Whether the stream's lost packets may be asked for again.
  bool acceptsNack(std::uint32_t ssrc) const;
  /// What the stream carries, where a description said so.
  std::optional<core::Carried> carried(std::uint32_t ssrc) const;
  /// Where the description has the stream; at the first place of its kind where nobody said.
  RemotePlace place(std::uint32_t ssrc) const;

  /// An RTP or RTCP packet came.
  void sign();
  /// When the last one came; nothing if none ever did.
  std::optional<Instant> lastSign() const;

 private:
  Guarded<std::map<std::uint32_t, core::RemoteStream>> streams_;
  std::atomic<Duration::rep> last_sign_ = 0;
};

struct IceTuning {
  bool tcp = false;                    ///< gather TCP candidates too
  std::vector<std::string> addresses;  ///< of this host, to be used and no others; empty: all
  unsigned min_port = 0;               ///< of the host's candidates; 0: any
  unsigned max_port = 0;
};

/// Before the first description: G1, G3, G4, G9 and G16, and the tuning of ICE and of the jitter buffers.
void guard(GstElement* webrtcbin, std::shared_ptr<Arrivals> arrivals, const IceTuning& ice);

/// The addresses of this host that ICE uses, and no others; of none, all that it finds. `guard` does it.
void bindIce(GstElement* webrtcbin, const std::vector<std::string>& addresses);

/// Once it has found a path: G4.
void settleIce(GstElement* webrtcbin);

/// How often a connected `webrtcbin` reports, from now on. `core::firstReportPace` until told otherwise.
void paceReports(GstElement* webrtcbin, const core::ReportPace& pace);

/// For each source pad, when it is shown: G2.
void guardSourcePad(GstPad* pad);

/// Before the pipeline goes down: G12.
void letSendersGo(GstElement* pipeline);

}  // namespace rtc
