// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device_watch.hpp"

#include <utility>

#include "app/devices.hpp"

namespace rtc::app {

namespace {

/// A device's nodes come one after the other, and get their permissions after that.
constexpr Duration kCalm{400};

/// For one that is missing.
constexpr int kMostLooks = 4;

/// Not in step with the other programs that have heard the same news.
Duration untilNextLook() {
  return Duration(g_random_int_range(400, 1'200));
}

}  // namespace

struct DeviceWatch::Callbacks {
  static void node(GFileMonitor*, GFile* file, GFile*, GFileMonitorEvent event, gpointer data) noexcept {
    // Opening and closing a node is no news; coming, going, and who may open it are.
    if (event != G_FILE_MONITOR_EVENT_CREATED && event != G_FILE_MONITOR_EVENT_DELETED &&
        event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED) {
      return;
    }
    const auto name = adopt(g_file_get_basename(file));
    if (name && (g_str_has_prefix(name.get(), "video") || g_str_has_prefix(name.get(), "pcmC") ||
                 g_str_has_prefix(name.get(), "snd"))) {
      static_cast<DeviceWatch*>(data)->stirred();
    }
  }

  static gboolean server(GstBus*, GstMessage* message, gpointer data) noexcept {
    const auto type = GST_MESSAGE_TYPE(message);
    if (type == GST_MESSAGE_DEVICE_ADDED || type == GST_MESSAGE_DEVICE_REMOVED || type == GST_MESSAGE_DEVICE_CHANGED) {
      static_cast<DeviceWatch*>(data)->stirred();
    }
    return G_SOURCE_CONTINUE;
  }
};

DeviceWatch::DeviceWatch(std::function<bool(const std::vector<Device>&)> changed) : changed_(std::move(changed)) {
  watchNodes("/dev");
  watchNodes("/dev/snd");
  listen();
}

DeviceWatch::~DeviceWatch() {
  unlisten();
  for (const auto& node : nodes_) g_signal_handlers_disconnect_by_data(node.get(), this);
}

void DeviceWatch::watchNodes(const char* folder) {
  const auto file = adopt(g_file_new_for_path(folder));
  auto monitor = adopt(g_file_monitor_directory(file.get(), G_FILE_MONITOR_NONE, nullptr, nullptr));
  if (!monitor) return;
  g_signal_connect(monitor.get(), "changed", G_CALLBACK(Callbacks::node), this);
  nodes_.push_back(std::move(monitor));
}

void DeviceWatch::listen() {
  server_ = adopt(gst_device_monitor_new());
  for (const char* classes : {"Audio/Source", "Audio/Sink"}) {
    gst_device_monitor_add_filter(server_.get(), classes, nullptr);
  }
  const auto bus = adopt(gst_device_monitor_get_bus(server_.get()));
  gst_device_monitor_start(server_.get());
  // What it begins with is known.
  while (adopt(gst_bus_pop(bus.get())) != nullptr) {
  }
  server_news_ = adopt(gst_bus_create_watch(bus.get()));
  g_source_set_callback(server_news_.get(), G_SOURCE_FUNC(Callbacks::server), this, nullptr);
  g_source_attach(server_news_.get(), nullptr);
}

void DeviceWatch::unlisten() {
  g_source_destroy(server_news_.get());
  gst_device_monitor_stop(server_.get());
  server_.reset();
}

void DeviceWatch::stirred() {
  looks_ = 0;
  calm_ = Timer(nullptr, kCalm, [this] { look(); });
}

void DeviceWatch::look() {
  // A provider that runs tells what it knows; one that is started anew looks. And a monitor that is started a second
  // time hears nothing.
  unlisten();
  const auto there = devices();
  listen();
  if (changed_(there) && ++looks_ < kMostLooks) calm_ = Timer(nullptr, untilNextLook(), [this] { look(); });
}

}  // namespace rtc::app
