// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device_modes.hpp"

#include <algorithm>
#include <string_view>

namespace rtc::app {

namespace {

/// Calls `visit` with the value, or with each one of a list.
template <typename Visit>
void eachIn(const GValue* value, const Visit& visit) {
  if (value == nullptr) return;
  if (!GST_VALUE_HOLDS_LIST(value)) {
    visit(value);
    return;
  }
  for (guint i = 0; i < gst_value_list_get_size(value); ++i) visit(gst_value_list_get_value(value, i));
}

std::vector<std::string> texts(const GstStructure* structure, const char* field) {
  std::vector<std::string> found;
  eachIn(gst_structure_get_value(structure, field), [&](const GValue* value) {
    if (G_VALUE_HOLDS_STRING(value)) found.emplace_back(g_value_get_string(value));
  });
  return found;
}

/// From the least to the most: what is between in a list or range of steps is left out.
Range range(const GstStructure* structure, const char* field) {
  Range whole;
  eachIn(gst_structure_get_value(structure, field), [&](const GValue* value) {
    Range part;
    if (G_VALUE_HOLDS_INT(value)) part = {g_value_get_int(value), g_value_get_int(value)};
    if (GST_VALUE_HOLDS_INT_RANGE(value)) {
      part = {gst_value_get_int_range_min(value), gst_value_get_int_range_max(value)};
    }
    if (part.to == 0) return;
    whole = {whole.to == 0 ? part.from : std::min(whole.from, part.from), std::max(whole.to, part.to)};
  });
  return whole;
}

std::vector<Fraction> rates(const GstStructure* structure) {
  std::vector<Fraction> found;
  const auto add = [&](const GValue* value) {
    const Fraction rate{gst_value_get_fraction_numerator(value), gst_value_get_fraction_denominator(value)};
    if (rate.numerator > 0) found.push_back(rate);
  };
  eachIn(gst_structure_get_value(structure, "framerate"), [&](const GValue* value) {
    if (GST_VALUE_HOLDS_FRACTION(value)) add(value);
    if (GST_VALUE_HOLDS_FRACTION_RANGE(value)) {
      const auto* from = gst_value_get_fraction_range_min(value);
      const auto* to = gst_value_get_fraction_range_max(value);
      add(from);
      const double thirty = 30.0;
      const auto of = [](const GValue* end) {
        return static_cast<double>(gst_value_get_fraction_numerator(end)) / gst_value_get_fraction_denominator(end);
      };
      if (of(from) < thirty && thirty < of(to)) found.push_back({30, 1});
      add(to);
    }
  });
  std::sort(found.begin(), found.end(), [](const Fraction& a, const Fraction& b) { return a.value() < b.value(); });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::string> formatsOf(const GstStructure* structure) {
  const std::string_view media = gst_structure_get_name(structure);
  if (media == "image/jpeg") return {"JPEG"};
  if (media == "video/x-h264") return {"H264"};
  if (media == "video/x-raw") return texts(structure, "format");
  return {};
}

bool isProgressive(const GstCaps* caps, guint index) {
  const auto* features = gst_caps_get_features(caps, index);
  const auto* mode = gst_structure_get_string(gst_caps_get_structure(caps, index), "interlace-mode");
  return (features == nullptr || gst_caps_features_is_equal(features, GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY)) &&
         (mode == nullptr || std::string_view(mode) == "progressive");
}

}  // namespace

std::vector<PictureMode> pictureModes(const GstCaps* caps) {
  std::vector<PictureMode> modes;
  for (guint i = 0; caps != nullptr && i < gst_caps_get_size(caps); ++i) {
    const auto* structure = gst_caps_get_structure(caps, i);
    if (!isProgressive(caps, i)) continue;
    for (const auto& format : formatsOf(structure)) {
      const PictureMode mode{gst_structure_get_name(structure), format, range(structure, "width"),
                             range(structure, "height"), rates(structure)};
      // Drivers tell the same again for each of their colour spaces.
      const bool known = std::any_of(modes.begin(), modes.end(), [&](const PictureMode& other) {
        return other.format == mode.format && other.width == mode.width && other.height == mode.height;
      });
      if (mode.width.to > 0 && mode.height.to > 0 && !known) modes.push_back(mode);
    }
  }
  return modes;
}

std::vector<SoundMode> soundModes(const GstCaps* caps) {
  std::vector<SoundMode> modes;
  for (guint i = 0; caps != nullptr && i < gst_caps_get_size(caps); ++i) {
    const auto* structure = gst_caps_get_structure(caps, i);
    if (!gst_structure_has_name(structure, "audio/x-raw")) continue;
    SoundMode mode{texts(structure, "format"), range(structure, "rate"), range(structure, "channels")};
    const auto known =
        std::find_if(modes.begin(), modes.end(), [&](const SoundMode& other) { return other.rate == mode.rate; });
    if (known == modes.end()) {
      modes.push_back(std::move(mode));
    } else {
      known->channels = {std::min(known->channels.from, mode.channels.from),
                         std::max(known->channels.to, mode.channels.to)};
    }
  }
  return modes;
}

}  // namespace rtc::app
