// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The camera, microphone and speaker of a running call, exchanged when they come, go or fail.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/device_watch.hpp"
#include "app/live_device.hpp"
#include "app/live_input.hpp"

namespace rtc::app {

/// Bound to the main thread.
class CallDevices {
 public:
  /// `speakers`, where `speaker` is to be attached, must outlive this.
  CallDevices(GstElement* pipeline, std::vector<LivePlan> inputs, std::optional<LivePlan> speaker, LivePort& speakers,
              Face& face);
  CallDevices(const CallDevices&) = delete;
  CallDevices& operator=(const CallDevices&) = delete;

  /// Opens them; the pipeline plays. An error is of what is installed: a device that fails is exchanged.
  Result<Done> start();
  /// What the bus tells. True when it was about a device, and is dealt with.
  bool heard(GstMessage* message);

 private:
  struct Input {
    std::unique_ptr<LiveInput> port;
    std::unique_ptr<LiveDevice> device;
  };
  LiveDevice* ownerOf(GstObject* object);
  void failed(LiveDevice& device, GstMessage* message);

  std::vector<Input> inputs_;
  std::unique_ptr<LiveDevice> speaker_;
  std::unique_ptr<DeviceWatch> watch_;
};

}  // namespace rtc::app
