// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One kind of device in a running call: what is used goes on being told and exchanged while devices come, go and fail.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/device_choice.hpp"
#include "app/event.hpp"
#include "app/live_port.hpp"
#include "base/task_thread.hpp"

namespace rtc::app {

/// How a device becomes a piece of pipeline.
struct LivePlan {
  DeviceChoice choice;
  std::string told_as;  ///< video, audio, speaker
  std::string joint;    ///< the element of the pipeline at which it is attached
  /// Without a device: what stands in for one. `had_one`: of a call that has used one before.
  std::function<std::string(const std::optional<Device>&, bool had_one)> describe;
};

/// Bound to the main thread.
class LiveDevice {
 public:
  LiveDevice(LivePlan plan, LivePort& port, Face& face);

  /// Attaches what was chosen. An error is of the description, such as a missing element.
  Result<Done> start();
  /// Whether an element is a part of what is attached.
  bool has(GstObject* object) const { return port_.has(object); }
  /// Its error or warning: the next best device takes over.
  void failed(GstObject* part, const GError& error);
  /// Its first data have come.
  void flows() { patience_.cancel(); }
  /// These devices are there now. Gives whether the chosen one is missing.
  bool changed(const std::vector<Device>& there);

 private:
  void giveUp(const Device& device, const DeviceFault& fault);
  void take(const DeviceChoice::Use& use);
  Result<Done> attach(const DeviceChoice::Use& use);

  LivePlan plan_;
  LivePort& port_;
  Face& face_;
  Timer patience_;
};

/// What a choice is told as.
DeviceEvent toldAs(const LivePlan& plan, const DeviceChoice::Use& use);

}  // namespace rtc::app
