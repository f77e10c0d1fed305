// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/requirements.hpp"

#include <array>
#include <mutex>
#include <utility>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

namespace {

constexpr const char* kBase = "gstreamer1.0-plugins-base";
constexpr const char* kGood = "gstreamer1.0-plugins-good";
constexpr const char* kBad = "gstreamer1.0-plugins-bad";
constexpr const char* kNice = "gstreamer1.0-nice";

constexpr std::array<std::pair<const char*, const char*>, 21> kElements = {{
    {"webrtcbin", kBad},    {"nicesrc", kNice},       {"nicesink", kNice},
    {"dtlsdec", kBad},      {"dtlsenc", kBad},        {"srtpdec", kBad},
    {"srtpenc", kBad},      {"sctpdec", kBad},        {"sctpenc", kBad},
    {"rtpbin", kGood},      {"rtpfunnel", kGood},     {"rtpvp8pay", kGood},
    {"rtpvp8depay", kGood}, {"rtpopuspay", kGood},    {"rtpopusdepay", kGood},
    {"rtprtxsend", kGood},  {"rtprtxreceive", kGood}, {"rtphdrexttwcc", kGood},
    {"appsrc", kBase},      {"appsink", kBase},       {"queue", "libgstreamer1.0-0"},
}};

constexpr std::array<std::pair<const char*, const char*>, 17> kCodecs = {{
    {"vp8enc", kGood},
    {"vp8dec", kGood},
    {"opusenc", kBase},
    {"opusdec", kBase},
    {"videoconvert", kBase},
    {"audioconvert", kBase},
    {"audioresample", kBase},
    {"clocksync", "libgstreamer1.0-0"},
    {"videoscale", kBase},
    {"jpegdec", kGood},
    {"h264parse", kBad},
    {"av1parse", kBad},
    {"rtpvp9pay", kGood},
    {"rtpvp9depay", kGood},
    {"rtph264pay", kGood},
    {"rtph264depay", kGood},
    {"capsfilter", "libgstreamer1.0-0"},
}};

std::string packageOf(const std::string& factory) {
  const auto in = [&factory](const auto& table) -> const char* {
    for (const auto& [name, package] : table) {
      if (factory == name) return package;
    }
    return nullptr;
  };
  if (const auto* package = in(kElements)) return package;
  if (const auto* package = in(kCodecs)) return package;
  return {};
}

}  // namespace

std::vector<Missing> missingElements() {
  std::vector<std::string> factories;
  for (const auto& [name, package] : kElements) factories.emplace_back(name);
  return missingElements(factories);
}

std::vector<Missing> missingElements(const std::vector<std::string>& factories) {
  std::vector<Missing> missing;
  for (const auto& factory : factories) {
    const auto found = adopt(GST_PLUGIN_FEATURE(gst_element_factory_find(factory.c_str())));
    if (!found) missing.push_back({factory, packageOf(factory)});
  }
  return missing;
}

void prepareElements() {
  static std::once_flag once;
  std::call_once(once, [] {
    const auto make = [](const auto& table) {
      for (const auto& [name, package] : table) static_cast<void>(sink(gst_element_factory_make(name, nullptr)));
    };
    make(kElements);
    make(kCodecs);
  });
}

std::string sentence(const std::vector<Missing>& missing) {
  std::string text = "GStreamer lacks ";
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (i > 0) text += i + 1 == missing.size() ? " and " : ", ";
    text += missing[i].factory;
    if (!missing[i].package.empty()) text += " (Debian package " + missing[i].package + ")";
  }
  return text + ". Install what is missing and try again.";
}

}  // namespace rtc
