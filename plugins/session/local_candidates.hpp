// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Our candidates on their way to the peer: each at the time at which telling it leads to the better path.
#pragma once

#include <functional>
#include <vector>

#include "base/task_thread.hpp"
#include "plugins/core/negotiation.hpp"

namespace rtc {

/// Bound to the thread of its context.
class LocalCandidates {
 public:
  using Candidate = core::Negotiation::LocalCandidate;

  /// How long our relayed addresses wait before the peer hears of them. libnice takes a path once any two work, and
  /// where both routers must first be opened from within, two by way of a relay are often quicker than the direct one.
  static constexpr Duration kRelayDelay{300};
  /// webrtcbin may say that it has all candidates before it shows the last of them.
  static constexpr Duration kLast{100};

  /// `relay_only`: there is no other path that a relayed one could outrun.
  LocalCandidates(GMainContext* context, bool relay_only, std::function<void(const Candidate&)> tell);
  LocalCandidates(const LocalCandidates&) = delete;
  LocalCandidates& operator=(const LocalCandidates&) = delete;

  void found(Candidate candidate);
  /// There are no more.
  void complete();
  /// Tells nothing any more.
  void stop();

 private:
  GMainContext* const context_;
  const bool relay_only_;
  const std::function<void(const Candidate&)> tell_;
  std::vector<Candidate> held_;  ///< relayed ones, and the end of candidates behind them
  Timer relay_delay_;
  Timer last_;
};

}  // namespace rtc
