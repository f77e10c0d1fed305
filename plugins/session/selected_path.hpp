// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which pair of candidates ICE has chosen, as kinds: the path's type, and whether it goes through a relay.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/guarded.hpp"
#include "plugins/core/candidates.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Bound to the session's thread, except for what ICE's own thread tells.
class SelectedPath {
 public:
  struct Path {
    core::CandidateKind local;
    core::CandidateKind remote;
    bool relayed() const { return local.type == "relay" || remote.type == "relay"; }
  };

  /// Before the first description.
  void watch(GstElement* webrtcbin);
  void local(std::string_view candidate) { local_.add(candidate); }
  void remote(std::string_view candidate) { remote_.add(candidate); }

  /// Nothing before a pair was chosen.
  std::optional<Path> path() const;

 private:
  using Foundations = std::pair<std::string, std::string>;

  core::Candidates local_;
  core::Candidates remote_;
  /// Of the pair that was chosen last; shared with ICE's thread.
  std::shared_ptr<Guarded<std::optional<Foundations>>> selected_ =
      std::make_shared<Guarded<std::optional<Foundations>>>();
};

}  // namespace rtc
