// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/devices.hpp"

#include "app/gst_ptr.hpp"

namespace rtc::app {

namespace {

std::string property(GstStructure* properties, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = properties == nullptr ? nullptr : gst_structure_get_string(properties, name);
    if (value != nullptr) return value;
  }
  return "";
}

/// Nothing for a device that is none to a user.
std::string kindOf(GstDevice* device, GstStructure* properties, const std::string& path) {
  if (gst_device_has_classes(device, "Video/Source")) return path.empty() ? "" : "camera";
  if (gst_device_has_classes(device, "Audio/Sink")) return "speaker";
  // What a sound server offers to listen in to a speaker is no microphone.
  const bool monitor = property(properties, {"device.class"}) == "monitor";
  if (gst_device_has_classes(device, "Audio/Source") && !monitor) return "microphone";
  return "";
}

}  // namespace

std::vector<Device> devices() {
  std::vector<Device> found;
  const auto monitor = adopt(gst_device_monitor_new());
  for (const char* classes : {"Video/Source", "Audio/Source", "Audio/Sink"}) {
    gst_device_monitor_add_filter(monitor.get(), classes, nullptr);
  }
  if (!gst_device_monitor_start(monitor.get())) return found;
  GList* list = gst_device_monitor_get_devices(monitor.get());
  for (GList* item = list; item != nullptr; item = item->next) {
    auto* device = GST_DEVICE(item->data);
    const auto properties = adopt(gst_device_get_properties(device));
    const auto path = property(properties.get(), {"device.path", "api.v4l2.path"});
    const auto kind = kindOf(device, properties.get(), path);
    if (!kind.empty()) found.push_back({kind, adopt(gst_device_get_display_name(device)).get(), path});
  }
  g_list_free_full(list, gst_object_unref);
  gst_device_monitor_stop(monitor.get());
  return found;
}

bool hasElement(const char* factory) {
  return adopt(gst_element_factory_find(factory)) != nullptr;
}

bool hasScreen() {
  const auto set = [](const char* variable) {
    const char* value = g_getenv(variable);
    return value != nullptr && *value != '\0';
  };
  if (!hasElement("autovideosink")) return false;
  if (set("WAYLAND_DISPLAY") && (hasElement("waylandsink") || hasElement("glimagesink"))) return true;
  return set("DISPLAY") && (hasElement("ximagesink") || hasElement("xvimagesink") || hasElement("glimagesink"));
}

}  // namespace rtc::app
