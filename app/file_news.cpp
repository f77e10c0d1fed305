// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/file_news.hpp"

namespace rtc::app {

namespace {

std::string textOf(const GstStructure* structure, const char* field) {
  const char* text = gst_structure_get_string(structure, field);
  return text == nullptr ? "" : text;
}

bool isSet(const GstStructure* structure, const char* field) {
  gboolean set = FALSE;
  return gst_structure_get_boolean(structure, field, &set) != FALSE && set != FALSE;
}

std::uint64_t count(const GstStructure* structure, const char* field) {
  guint number = 0;
  gst_structure_get_uint(structure, field, &number);
  return number;
}

}  // namespace

FileEvent fileEventFrom(const GstStructure* structure) {
  FileEvent event;
  event.state = textOf(structure, "state");
  event.transfer = textOf(structure, "transfer");
  event.peer = textOf(structure, "peer");
  event.direction = textOf(structure, "direction");
  event.name = textOf(structure, "name");
  event.place = textOf(structure, "place");
  event.reason = textOf(structure, "reason");
  event.message = textOf(structure, "message");
  event.files = count(structure, "files");
  event.files_done = count(structure, "files-done");
  event.files_failed = count(structure, "files-failed");
  event.lanes = count(structure, "lanes");
  guint64 bytes = 0;
  if (gst_structure_get_uint64(structure, "bytes", &bytes) != FALSE) event.bytes = bytes;
  gint64 total = -1;
  if (gst_structure_get_int64(structure, "total", &total) != FALSE) event.total = total;
  gst_structure_get_double(structure, "rate", &event.rate);
  gst_structure_get_double(structure, "left", &event.left);
  event.paused = isSet(structure, "paused-here") || isSet(structure, "paused-there");
  const auto* names = gst_structure_get_value(structure, "names");
  for (guint i = 0; names != nullptr && i < gst_value_array_get_size(names); ++i) {
    event.names.emplace_back(g_value_get_string(gst_value_array_get_value(names, i)));
  }
  return event;
}

}  // namespace rtc::app
