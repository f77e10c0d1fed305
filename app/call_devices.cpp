// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/call_devices.hpp"

#include <string_view>
#include <utility>

namespace rtc::app {

namespace {

/// The elements that choose among several say with a warning that none of these works, and go on with a false one.
bool isAutomatic(GstObject* object) {
  return std::string_view(G_OBJECT_TYPE_NAME(object)).starts_with("GstAuto");
}

}  // namespace

CallDevices::CallDevices(GstElement* pipeline, std::vector<LivePlan> inputs, std::optional<LivePlan> speaker,
                         LivePort& speakers, Face& face) {
  for (auto& plan : inputs) {
    auto port = LiveInput::at(pipeline, plan.joint.c_str());
    if (!port) continue;
    auto device = std::make_unique<LiveDevice>(std::move(plan), *port, face);
    inputs_.push_back({std::move(port), std::move(device)});
  }
  if (speaker) speaker_ = std::make_unique<LiveDevice>(std::move(*speaker), speakers, face);
}

Result<Done> CallDevices::start() {
  for (const auto& input : inputs_) {
    if (auto started = input.device->start(); !started) return started;
  }
  if (speaker_) {
    if (auto started = speaker_->start(); !started) return started;
  }
  if (inputs_.empty() && !speaker_) return Done{};
  watch_ = std::make_unique<DeviceWatch>([this](const std::vector<Device>& there) {
    bool waits = false;
    for (const auto& input : inputs_) waits |= input.device->changed(there);
    if (speaker_) waits |= speaker_->changed(there);
    return waits;
  });
  return Done{};
}

bool CallDevices::heard(GstMessage* message) {
  const auto type = GST_MESSAGE_TYPE(message);
  if (type == GST_MESSAGE_APPLICATION) {
    for (const auto& input : inputs_) {
      if (!input.port->ready(GST_MESSAGE_SRC(message))) continue;
      input.device->flows();
      return true;
    }
    return false;
  }
  const bool fails =
      type == GST_MESSAGE_ERROR || (type == GST_MESSAGE_WARNING && isAutomatic(GST_MESSAGE_SRC(message)));
  auto* device = fails ? ownerOf(GST_MESSAGE_SRC(message)) : nullptr;
  if (device == nullptr) return false;
  failed(*device, message);
  return true;
}

LiveDevice* CallDevices::ownerOf(GstObject* object) {
  for (const auto& input : inputs_) {
    if (input.port->has(object)) return input.device.get();
  }
  return speaker_ && speaker_->has(object) ? speaker_.get() : nullptr;
}

void CallDevices::failed(LiveDevice& device, GstMessage* message) {
  Out<GError> error;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
  } else {
    gst_message_parse_warning(message, &error, nullptr);
  }
  device.failed(GST_MESSAGE_SRC(message), *error.get());
}

}  // namespace rtc::app
