// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace rtc::app {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string rateInWords(const Fraction& rate) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", rate.value());
  return text;
}

std::string rangeInWords(const Range& range) {
  const auto from = std::to_string(range.from);
  return range.from == range.to ? from : from + " to " + std::to_string(range.to);
}

std::string sizeInWords(const PictureMode& mode) {
  const auto size = [](int width, int height) { return std::to_string(width) + "x" + std::to_string(height); };
  const auto from = size(mode.width.from, mode.height.from);
  const auto to = size(mode.width.to, mode.height.to);
  std::vector<std::string> rates;
  for (const auto& rate : mode.rates) rates.push_back(rateInWords(rate));
  return (from == to ? from : from + " to " + to) + (rates.empty() ? "" : " (" + joined(rates) + ")");
}

}  // namespace

const char* nameOf(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::Camera:
      return "camera";
    case DeviceKind::Microphone:
      return "microphone";
    case DeviceKind::Speaker:
      return "speaker";
  }
  return "";
}

std::string titleOf(const Device& device) {
  return "“" + device.name + "”" + (device.path.empty() ? "" : " (" + device.path + ")");
}

std::string busyInWords(const Device& device) {
  return titleOf(device) + " is in use by another program: close that one, or choose another with --" +
         nameOf(device.kind);
}

std::vector<std::string> modesInWords(const Device& device) {
  std::vector<std::string> lines;
  // In the order of the device, by format; then formats that can do the same in one line.
  std::vector<std::pair<std::string, std::string>> sizes_of;
  for (const auto& mode : device.pictures) {
    auto known = std::find_if(sizes_of.begin(), sizes_of.end(), [&](const auto& e) { return e.first == mode.format; });
    if (known == sizes_of.end()) known = sizes_of.insert(sizes_of.end(), {mode.format, ""});
    known->second += (known->second.empty() ? "" : ", ") + sizeInWords(mode);
  }
  std::vector<std::pair<std::string, std::string>> formats_of;
  for (const auto& [format, sizes] : sizes_of) {
    auto known = std::find_if(formats_of.begin(), formats_of.end(),
                              [&, &wanted = sizes](const auto& e) { return e.second == wanted; });
    if (known == formats_of.end()) {
      formats_of.emplace_back(format, sizes);
    } else {
      known->first += ", " + format;
    }
  }
  for (const auto& [formats, sizes] : formats_of) lines.push_back(formats + ": " + sizes);
  for (const auto& mode : device.sounds) {
    lines.push_back(joined(mode.formats) + ": " + rangeInWords(mode.rate) + " Hz, " + rangeInWords(mode.channels) +
                    (mode.channels == Range{1, 1} ? " channel" : " channels"));
  }
  return lines;
}

}  // namespace rtc::app
