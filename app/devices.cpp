// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/devices.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <tuple>

#include "app/device_modes.hpp"
#include "app/device_nodes.hpp"
#include "app/gst_ptr.hpp"
#include "app/launch_text.hpp"

namespace rtc::app {

namespace {

std::string property(GstStructure* properties, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = properties == nullptr ? nullptr : gst_structure_get_string(properties, name);
    if (value != nullptr) return value;
  }
  return "";
}

bool isDefault(GstStructure* properties) {
  gboolean is_default = FALSE;
  return properties != nullptr && gst_structure_get_boolean(properties, "is-default", &is_default) && is_default;
}

/// Nothing for a device that is none to a user.
std::optional<DeviceKind> kindOf(GstDevice* device, GstStructure* properties, const std::string& path) {
  if (gst_device_has_classes(device, "Video/Source") && !path.empty()) return DeviceKind::Camera;
  if (gst_device_has_classes(device, "Audio/Sink")) return DeviceKind::Speaker;
  // What a sound server offers to listen in to a speaker is no microphone.
  const bool monitor = property(properties, {"device.class"}) == "monitor";
  if (gst_device_has_classes(device, "Audio/Source") && !monitor) return DeviceKind::Microphone;
  return std::nullopt;
}

/// The piece of pipeline that opens just this device: its element and the property that names it.
std::string elementOf(GstDevice* device) {
  const auto element = sink(gst_device_create_element(device, nullptr));
  if (!element) return "";
  const auto* factory = gst_element_get_factory(element.get());
  if (factory == nullptr) return "";
  const std::string name = GST_OBJECT_NAME(factory);
  const char* naming = nullptr;
  for (const char* candidate : {"device", "target-object", "path"}) {
    const auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element.get()), candidate);
    if (naming == nullptr && spec != nullptr && spec->value_type == G_TYPE_STRING) naming = candidate;
  }
  if (naming == nullptr) return name;
  Out<gchar> value;
  g_object_get(element.get(), naming, &value, nullptr);
  const auto text = value ? launchValue(value.get()) : Error{""};
  return text ? name + " " + naming + "=" + text.value() : name;
}

bool isFromAlsa(const Device& device) {
  return device.element.starts_with("alsa");
}

std::string unescaped(std::string text) {
  std::erase(text, '\\');
  return text;
}

std::optional<Device> deviceOf(GstDevice* from) {
  const auto properties = adopt(gst_device_get_properties(from));
  const auto path = property(properties.get(), {"device.path", "api.v4l2.path"});
  const auto kind = kindOf(from, properties.get(), path);
  if (!kind) return std::nullopt;
  Device device;
  device.kind = *kind;
  device.name = adopt(gst_device_get_display_name(from)).get();
  const auto caps = adopt(gst_device_get_caps(from));
  if (*kind == DeviceKind::Camera) {
    const auto node = launchValue(path);
    if (!node) return std::nullopt;
    device.path = path;
    device.element = "v4l2src device=" + node.value();
    device.pictures = pictureModes(caps.get());
  } else {
    device.element = elementOf(from);
    device.is_default = isDefault(properties.get());
    device.sounds = soundModes(caps.get());
    if (device.element.empty()) return std::nullopt;
    // The devices of one card often share a name.
    const auto card = device.element.find("device=hw:");
    if (isFromAlsa(device) && card != std::string::npos) device.path = unescaped(device.element.substr(card + 7));
  }
  return device;
}

/// GStreamer asks udev for cameras, which many a container does not run: those that it passed over are asked
/// themselves.
void addUnlistedCameras(std::vector<Device>& found) {
  for (const auto& path : videoNodes()) {
    const bool listed = std::any_of(found.begin(), found.end(), [&](const Device& one) { return one.path == path; });
    const auto source = listed ? nullptr : sink(gst_element_factory_make("v4l2src", nullptr));
    if (!source) continue;
    g_object_set(source.get(), "device", path.c_str(), nullptr);
    if (gst_element_set_state(source.get(), GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS) {
      const auto pad = adopt(gst_element_get_static_pad(source.get(), "src"));
      const auto caps = adopt(gst_pad_query_caps(pad.get(), nullptr));
      Out<gchar> name;
      g_object_get(source.get(), "device-name", &name, nullptr);
      Device camera;
      camera.name = name ? name.get() : path;
      camera.path = path;
      camera.element = "v4l2src device=" + path;
      camera.pictures = pictureModes(caps.get());
      found.push_back(std::move(camera));
    }
    gst_element_set_state(source.get(), GST_STATE_NULL);
  }
}

bool isSound(const Device& device) {
  return device.kind != DeviceKind::Camera;
}

/// Without a sound server the first card is what ALSA itself takes for the default, whether it can be opened or not.
void markDefaults(std::vector<Device>& found) {
  for (const auto kind : {DeviceKind::Microphone, DeviceKind::Speaker}) {
    const auto of_kind = [kind](const Device& device) { return device.kind == kind; };
    const auto known =
        std::find_if(found.begin(), found.end(), [&](const Device& one) { return of_kind(one) && one.is_default; });
    const auto first = std::find_if(found.begin(), found.end(), of_kind);
    if (first == found.end()) continue;
    first->is_default = first->is_default || known == found.end();
    // The default one is the first choice.
    if (known != found.end()) std::rotate(first, known, std::next(known));
  }
}

void add(std::vector<Device>& found, std::vector<Device> more) {
  std::move(more.begin(), more.end(), std::back_inserter(found));
}

std::vector<Device> probed() {
  std::vector<Device> found;
  const auto monitor = adopt(gst_device_monitor_new());
  for (const char* classes : {"Video/Source", "Audio/Source", "Audio/Sink"}) {
    gst_device_monitor_add_filter(monitor.get(), classes, nullptr);
  }
  if (!gst_device_monitor_start(monitor.get())) return found;
  GList* list = gst_device_monitor_get_devices(monitor.get());
  for (GList* item = list; item != nullptr; item = item->next) {
    if (auto device = deviceOf(GST_DEVICE(item->data))) found.push_back(std::move(*device));
  }
  g_list_free_full(list, gst_object_unref);
  gst_device_monitor_stop(monitor.get());
  return found;
}

}  // namespace

std::vector<Device> devices() {
  auto found = probed();
  addUnlistedCameras(found);
  add(found, closedCameras());
  // A sound server has the cards open, and shares them: past it they would only be busy.
  const bool has_server = std::any_of(found.begin(), found.end(),
                                      [](const Device& device) { return isSound(device) && !isFromAlsa(device); });
  if (has_server) {
    std::erase_if(found, isFromAlsa);
  } else {
    add(found, closedCards(found));
  }
  // In the order of their nodes and names: the providers give the newest first.
  std::stable_sort(found.begin(), found.end(), [](const Device& one, const Device& other) {
    return std::tie(one.kind, one.path) < std::tie(other.kind, other.path);
  });
  markDefaults(found);
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
