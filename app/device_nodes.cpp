// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device_nodes.hpp"

#include <fcntl.h>
#include <glib.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

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

bool isForbidden(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
}

bool isBusy(const std::string& path) {
  const int node = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (node >= 0) ::close(node);
  return node < 0 && errno == EBUSY;
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

/// As GStreamer calls it, which is the second line of
///   0 [Headset        ]: USB-Audio - Headset
///                        Example Headset at usb-0000:00:14.0-2, full speed
std::string nameOfCard(const std::string& number) {
  std::ifstream cards("/proc/asound/cards");
  for (std::string line; std::getline(cards, line);) {
    const auto start = line.find_first_not_of(' ');
    const auto end = line.find(" [");
    if (end == std::string::npos || start > end || line.substr(start, end - start) != number) continue;
    if (!std::getline(cards, line)) break;
    const auto name = line.find_first_not_of(' ');
    if (name != std::string::npos) return line.substr(name);
  }
  return "card " + number;
}

/// `pcmC0D0c` is device 0 of card 0, capturing; with a p it plays. Nothing for other nodes.
std::optional<Device> soundDevice(const std::string& node) {
  const auto device_at = node.find('D');
  if (!node.starts_with("pcmC") || device_at == std::string::npos) return std::nullopt;
  const auto card = node.substr(4, device_at - 4);
  Device device;
  device.kind = node.ends_with('c') ? DeviceKind::Microphone : DeviceKind::Speaker;
  device.name = nameOfCard(card);
  device.path = "hw:" + card + "," + node.substr(device_at + 1, node.size() - device_at - 2);
  device.element = (device.kind == DeviceKind::Microphone ? "alsasrc device=" : "alsasink device=") + device.path;
  return device;
}

std::string titleWithKind(const Device& device) {
  return "the " + std::string(nameOf(device.kind)) + " " + titleOf(device);
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

std::vector<Device> closedCameras() {
  std::vector<Device> found;
  for (const auto& path : videoNodes()) {
    if (!isForbidden(path)) continue;
    Device camera;
    camera.name = lineOf(kVideoClass + path.substr(path.rfind('/')) + "/name");
    camera.path = path;
    camera.obstacle = obstacleOf(titleWithKind(camera), path);
    found.push_back(std::move(camera));
  }
  return found;
}

std::vector<Device> closedCards(const std::vector<Device>& listed) {
  std::vector<Device> found;
  const std::string folder = "/dev/snd/";
  for (const auto& node : namesIn(folder)) {
    auto device = soundDevice(node);
    const bool known = device && std::any_of(listed.begin(), listed.end(), [&](const Device& other) {
                         return other.kind == device->kind && other.path == device->path;
                       });
    if (!device || known) continue;
    if (isForbidden(folder + node)) {
      device->obstacle = obstacleOf(titleWithKind(*device), folder + node);
    } else if (isBusy(folder + node)) {
      device->is_busy = true;
      device->obstacle = busyInWords(*device);
    }
    if (!device->usable()) found.push_back(std::move(*device));
  }
  return found;
}

}  // namespace rtc::app
