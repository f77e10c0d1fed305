// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device_nodes.hpp"

#include <glib.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/ptr.hpp"

RTC_OWN_UNIQUE(GDir, g_dir_close);

namespace rtc::app {

namespace {

const std::string kVideoClass = "/sys/class/video4linux";

std::vector<std::string> namesIn(const std::string& folder) {
  std::vector<std::string> names;
  const auto listing = adopt(g_dir_open(folder.c_str(), 0, nullptr));
  if (!listing) return names;
  while (const char* name = g_dir_read_name(listing.get())) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

/// A file's first line; nothing where it cannot be read.
std::string lineOf(const std::string& file) {
  Out<gchar> text;
  if (!g_file_get_contents(file.c_str(), &text, nullptr, nullptr)) return "";
  const std::string whole = text.get();
  return whole.substr(0, whole.find('\n'));
}

bool isClosed(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
}

/// Who may open it, and how to become one of them.
std::string obstacleOf(const std::string& title, const std::string& path) {
  const std::string refused = title + " may not be opened by this user";
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return refused;
  const auto* group = ::getgrgid(about.st_gid);
  const bool group_may = (about.st_mode & S_IRGRP) != 0 && (about.st_mode & S_IWGRP) != 0 && about.st_gid != 0;
  if (group == nullptr || !group_may) return refused + ": only root may. `ls -l " + path + "` tells who may";
  const std::string name = group->gr_name;
  return refused + ", who is not in the group “" + name + "”: `sudo usermod -aG " + name + " " + g_get_user_name() +
         "`, and log in again";
}

Device closedDevice(DeviceKind kind, std::string name, const std::string& path) {
  Device device;
  device.kind = kind;
  device.name = std::move(name);
  device.path = path;
  device.obstacle = obstacleOf("the " + std::string(nameOf(kind)) + " " + titleOf(device), path);
  return device;
}

void addCameras(std::vector<Device>& found) {
  for (const auto& path : videoNodes()) {
    if (!isClosed(path)) continue;
    const auto name = lineOf(kVideoClass + path.substr(path.rfind('/')) + "/name");
    found.push_back(closedDevice(DeviceKind::Camera, name, path));
  }
}

/// `pcmC0D0c` is device 0 of card 0, capturing; with a p it plays.
void addSoundCards(std::vector<Device>& found) {
  const std::string folder = "/dev/snd";
  for (const auto& node : namesIn(folder)) {
    const auto path = folder + "/" + node;
    const auto device_at = node.find('D');
    if (!node.starts_with("pcmC") || device_at == std::string::npos || !isClosed(path)) continue;
    const auto card = node.substr(4, device_at - 4);
    const auto id = lineOf("/proc/asound/card" + card + "/id");
    const auto kind = node.ends_with('c') ? DeviceKind::Microphone : DeviceKind::Speaker;
    found.push_back(closedDevice(kind, id.empty() ? "card " + card : id, path));
  }
}

}  // namespace

std::vector<std::string> videoNodes() {
  std::vector<std::string> paths;
  for (const auto& node : namesIn(kVideoClass)) {
    const bool first = lineOf(kVideoClass + "/" + node + "/index") == "0";
    if (node.starts_with("video") && first) paths.push_back("/dev/" + node);
  }
  return paths;
}

std::vector<Device> closedNodes() {
  std::vector<Device> found;
  addCameras(found);
  addSoundCards(found);
  return found;
}

}  // namespace rtc::app
