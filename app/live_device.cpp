// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/live_device.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "app/devices.hpp"

namespace rtc::app {

namespace {

/// A device that has given nothing for so long gives nothing.
constexpr Duration kPatience{10'000};

/// The kernel's node of a camera or of a card's device; empty for one of a sound server.
std::string nodeOf(const Device& device) {
  if (!device.path.starts_with("hw:")) return device.path.starts_with("/dev/") ? device.path : "";
  const auto comma = device.path.find(',');
  return "/dev/snd/pcmC" + device.path.substr(3, comma - 3) + "D" + device.path.substr(comma + 1) +
         (device.kind == DeviceKind::Microphone ? "c" : "p");
}

/// The kernel's word for one that has been pulled, also while its node is still there. Of a sound server's nothing is
/// known.
bool isPulled(const Device& device) {
  const auto path = nodeOf(device);
  const int node = path.empty() ? -1 : ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (node >= 0) ::close(node);
  return !path.empty() && node < 0 && (errno == ENODEV || errno == ENOENT || errno == ENXIO);
}

/// What is left of those that were there, one of which has failed: others may have gone with it, and the news of that
/// come later.
std::vector<Device> leftOf(std::vector<Device> there, const Device& failed) {
  if (nodeOf(failed).empty()) return devices();
  std::erase_if(there, [&](const Device& device) { return device.kind == failed.kind && isPulled(device); });
  return there;
}

}  // namespace

DeviceEvent toldAs(const LivePlan& plan, const DeviceChoice::Use& use) {
  const bool is_speaker = plan.told_as == "speaker";
  DeviceEvent event{plan.told_as, use.device ? "device" : (is_speaker ? "none" : "test"), use.told};
  if (use.device) {
    event.device = use.device->name;
    event.path = use.device->path;
  }
  return event;
}

LiveDevice::LiveDevice(LivePlan plan, LivePort& port, Face& face) : plan_(std::move(plan)), port_(port), face_(face) {}

Result<Done> LiveDevice::start() {
  return attach(plan_.choice.now());
}

void LiveDevice::failed(GstObject* part, const GError& error) {
  // At once: a device says its last more than once.
  if (!port_.remove(part)) return;
  const auto used = plan_.choice.now().device;
  if (!used) {
    // What stands in for a device needs none: nothing is left to try.
    face_.show(ErrorEvent{error.message});
    return;
  }
  const bool is_busy = g_error_matches(&error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY) != FALSE;
  giveUp(*used, {is_busy ? DeviceFault::Kind::Busy : DeviceFault::Kind::Broken, error.message});
}

void LiveDevice::giveUp(const Device& device, const DeviceFault& fault) {
  take(plan_.choice.failed(fault, leftOf(plan_.choice.there(), device)));
}

bool LiveDevice::changed(const std::vector<Device>& there) {
  if (const auto use = plan_.choice.changed(there)) take(*use);
  return plan_.choice.waits();
}

void LiveDevice::take(const DeviceChoice::Use& use) {
  face_.show(toldAs(plan_, use));
  if (const auto attached = attach(use); !attached) face_.show(ErrorEvent{attached.error().message});
}

Result<Done> LiveDevice::attach(const DeviceChoice::Use& use) {
  patience_.cancel();
  auto attached = port_.use(plan_.describe(use.device, plan_.choice.hadOne()));
  if (attached && use.device && use.device->kind != DeviceKind::Speaker) {
    patience_ = Timer(nullptr, kPatience, [this] {
      const auto used = plan_.choice.now().device;
      if (used) giveUp(*used, {DeviceFault::Kind::Broken, "nothing comes from it"});
    });
  }
  return attached;
}

}  // namespace rtc::app
