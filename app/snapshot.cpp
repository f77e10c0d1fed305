// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/snapshot.hpp"

#include <gst/video/video.h>

#include "app/devices.hpp"
#include "app/missing_elements.hpp"

namespace rtc::app {

namespace {

constexpr GstClockTime kLongestConversion = 5 * GST_SECOND;

}  // namespace

Result<Done> canTakeSnapshots() {
  if (hasElement("pngenc")) return Done{};
  return Error{"A snapshot needs the element “pngenc”. " + adviceFor("pngenc")};
}

Result<SnapshotEvent> writeSnapshot(GstSample* picture, const std::string& file) {
  const auto caps = adopt(gst_caps_new_empty_simple("image/png"));
  Out<GError> error;
  const auto png = adopt(gst_video_convert_sample(picture, caps.get(), kLongestConversion, &error));
  if (!png) return Error{"The snapshot could not be made: " + std::string(error->message)};
  SnapshotEvent event;
  event.file = file;
  if (GstVideoInfo info; gst_video_info_from_caps(&info, gst_sample_get_caps(picture)) != FALSE) {
    event.width = GST_VIDEO_INFO_WIDTH(&info);
    event.height = GST_VIDEO_INFO_HEIGHT(&info);
  }
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(png.get());
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return Error{"The snapshot could not be read."};
  const bool written =
      g_file_set_contents(file.c_str(), reinterpret_cast<const char*>(map.data), static_cast<gssize>(map.size), &error);
  gst_buffer_unmap(buffer, &map);
  if (!written) return Error{"The snapshot could not be written: " + std::string(error->message)};
  return event;
}

}  // namespace rtc::app
