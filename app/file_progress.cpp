// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/file_progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace rtc::app {

namespace {

constexpr int kBar = 24;
constexpr std::size_t kNamesAsked = 5;

std::string bar(double part) {
  const int full = std::clamp(static_cast<int>(part * kBar), 0, kBar);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kBar - full), '.') + "]";
}

std::string what(const FileEvent& event) {
  if (event.files <= 1) return event.name;
  return event.name + " and " + std::to_string(event.files - 1) + " more";
}

std::string running(const FileEvent& event) {
  std::string line;
  if (event.total > 0) {
    const double part = static_cast<double>(event.bytes) / static_cast<double>(event.total);
    char percent[8];
    std::snprintf(percent, sizeof percent, "%3d%%", std::clamp(static_cast<int>(part * 100), 0, 100));
    line = bar(part) + " " + percent + "  ";
  }
  line += what(event) + "  " + sizeInWords(static_cast<double>(event.bytes));
  if (event.total > 0) line += " of " + sizeInWords(static_cast<double>(event.total));
  if (event.paused) return line + "  paused";
  line += "  " + sizeInWords(event.rate) + "/s";
  if (event.left >= 0) line += "  " + timeInWords(event.left) + " left";
  if (event.lanes > 1) line += "  " + std::to_string(event.lanes) + " lanes";
  return line;
}

}  // namespace

std::string sizeInWords(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1'000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, kUnits[unit]);
  return text;
}

std::string timeInWords(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  char text[32];
  if (whole >= 3'600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3'600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

std::string offerQuestion(const FileEvent& offer) {
  std::string names;
  for (std::size_t i = 0; i < offer.names.size() && i < kNamesAsked; ++i)
    names += (i == 0 ? "" : ", ") + offer.names[i];
  if (offer.files > kNamesAsked) names += ", …";
  const auto size = offer.total < 0 ? std::string("of unknown size") : sizeInWords(static_cast<double>(offer.total));
  return "Take " + std::to_string(offer.files) + (offer.files == 1 ? " file" : " files") + " (" + size + ") from " +
         offer.peer + ": " + names + "? [y/n]";
}

std::string fileLine(const FileEvent& event) {
  const bool sends = event.direction == "outgoing";
  if (event.state == "running") return running(event);
  if (event.state == "offered" && sends)
    return "offered " + what(event) + " to " + event.peer + "; waiting for the answer";
  if (event.state == "file-done" && !sends) return "received " + (event.place.empty() ? event.name : event.place);
  if (event.state == "file-failed")
    return (sends ? "not sent: " : "not received: ") + event.name + ": " + event.message;
  if (event.state == "done" && event.files_failed == 0) {
    return (sends ? "sent " : "all received: ") + what(event) + ", " + sizeInWords(static_cast<double>(event.bytes));
  }
  if (event.state == "done") {
    return std::to_string(event.files_failed) + " of " + std::to_string(event.files) + " files did not arrive";
  }
  return event.message;
}

}  // namespace rtc::app
