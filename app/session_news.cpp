// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/session_news.hpp"

namespace rtc::app {

namespace {

std::string textOf(const GstStructure* structure, const char* field) {
  const char* text = gst_structure_get_string(structure, field);
  return text == nullptr ? "" : text;
}

}  // namespace

SessionEvent sessionEventFrom(const GstStructure* structure, const Options& options) {
  return {textOf(structure, "state"), textOf(structure, "user"), options.server, textOf(structure, "message")};
}

CallEvent callEventFrom(const GstStructure* structure) {
  return {textOf(structure, "state"),     textOf(structure, "call"),   textOf(structure, "peer"),
          textOf(structure, "direction"), textOf(structure, "reason"), textOf(structure, "display"),
          textOf(structure, "group")};
}

StreamEvent streamEventFrom(const GstStructure* structure) {
  return {textOf(structure, "state"), textOf(structure, "call"), textOf(structure, "peer"), textOf(structure, "kind"),
          textOf(structure, "pad")};
}

MissedCallEvent missedCallEventFrom(const GstStructure* structure) {
  guint ago = 0;
  gst_structure_get_uint(structure, "ago", &ago);
  return {textOf(structure, "call"), textOf(structure, "peer"), ago};
}

}  // namespace rtc::app
