// SPDX-License-Identifier: LGPL-2.1-or-later
//
// From the command line to the text of a pipeline: which launch file, and what stands for its parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/event.hpp"
#include "app/live_device.hpp"
#include "app/options.hpp"
#include "app/received_media.hpp"
#include "base/result.hpp"

namespace rtc::app {

struct CallPipeline {
  std::string pipeline;
  ReceivedMedia::Graphs received;
  std::vector<LivePlan> inputs;
  std::optional<LivePlan> speaker;
};

/// Tells each device that it chooses.
Result<CallPipeline> describeCall(const Options& options, Face& face);

}  // namespace rtc::app
