// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Tells when devices may have come or gone. The kernel's nodes are watched as files, which also works where no udev
// runs and for ALSA, which GStreamer does not watch; a sound server's devices through GStreamer's monitor.
#pragma once

#include <gio/gio.h>

#include <functional>
#include <vector>

#include "app/device.hpp"
#include "app/gst_ptr.hpp"
#include "base/task_thread.hpp"

RTC_OWN_GOBJECT(GFile);
RTC_OWN_GOBJECT(GFileMonitor);

namespace rtc::app {

/// Bound to the main thread.
class DeviceWatch {
 public:
  /// `changed` gets all that are there now, some moments after the last of several changes. It says whether one that it
  /// wants is missing: another program that looks at the same moment hides it, so that ours is repeated a few times.
  explicit DeviceWatch(std::function<bool(const std::vector<Device>&)> changed);
  DeviceWatch(const DeviceWatch&) = delete;
  DeviceWatch& operator=(const DeviceWatch&) = delete;
  ~DeviceWatch();

 private:
  struct Callbacks;
  void watchNodes(const char* folder);
  void listen();
  void unlisten();
  void stirred();
  void look();

  std::function<bool(const std::vector<Device>&)> changed_;
  std::vector<Ptr<GFileMonitor>> nodes_;
  Ptr<GstDeviceMonitor> server_;
  Ptr<GSource> server_news_;
  Timer calm_;
  int looks_ = 0;  // since the last change
};

}  // namespace rtc::app
