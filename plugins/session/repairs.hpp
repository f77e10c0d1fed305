// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a peer asks to be sent again, and whether it is.
#pragma once

#include <memory>
#include <optional>

#include "base/guarded.hpp"
#include "plugins/core/bitrate/repair_budget.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Thread-safe.
class Repairs {
 public:
  /// Before the first description.
  void watch(GstElement* webrtcbin);

  /// No more than so many bit/s from now on; nothing: all that is asked for. The peer asks for the rest again.
  void allow(std::optional<double> rate);

 private:
  using Budget = Guarded<core::RepairBudget>;
  const std::shared_ptr<Budget> budget_ = std::make_shared<Budget>();
};

}  // namespace rtc
