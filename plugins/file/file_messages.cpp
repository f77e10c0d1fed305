// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/file_messages.hpp"

namespace rtc {

using core::file::Code;
using core::file::State;

namespace {

/// Names in the message of an offer; the whole list may be long.
constexpr std::size_t kMostNames = 100;

void addText(GValue* list, const std::string& text) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, G_TYPE_STRING);
  g_value_set_string(&value, text.c_str());
  gst_value_array_append_and_take_value(list, &value);
}

const char* direction(bool incoming) {
  return incoming ? "incoming" : "outgoing";
}

}  // namespace

Ptr<GstStructure> structureOf(const TransferNews& news) {
  const auto& progress = news.progress;
  const bool fails = news.state == State::Rejected || news.state == State::Cancelled || news.state == State::Failed ||
                     news.state == State::Interrupted;
  auto structure = adopt(gst_structure_new(
      "rtc-file", "transfer", G_TYPE_STRING, news.id.c_str(), "peer", G_TYPE_STRING, news.peer.c_str(), "direction",
      G_TYPE_STRING, direction(news.incoming), "state", G_TYPE_STRING, core::file::word(news.state).data(), "name",
      G_TYPE_STRING, news.name.c_str(), "files", G_TYPE_UINT, static_cast<guint>(news.files), "files-done", G_TYPE_UINT,
      static_cast<guint>(news.whole), "files-failed", G_TYPE_UINT, static_cast<guint>(news.failed), "bytes",
      G_TYPE_UINT64, static_cast<guint64>(progress.bytes), "total", G_TYPE_INT64,
      progress.total ? static_cast<gint64>(*progress.total) : gint64{-1}, "rate", G_TYPE_DOUBLE, progress.rate, "left",
      G_TYPE_DOUBLE, progress.left ? static_cast<double>(progress.left->count()) / 1'000 : -1.0, "lanes", G_TYPE_UINT,
      static_cast<guint>(news.lanes), "paused-here", G_TYPE_BOOLEAN, static_cast<gboolean>(news.paused_here),
      "paused-there", G_TYPE_BOOLEAN, static_cast<gboolean>(news.paused_there), nullptr));
  if (fails) {
    gst_structure_set(structure.get(), "reason", G_TYPE_STRING, core::file::word(news.fault.code).data(), "message",
                      G_TYPE_STRING, sentenceFor(news).c_str(), nullptr);
  }
  return structure;
}

Ptr<GstStructure> structureOf(const FileNews& news, const std::string& place) {
  auto structure = adopt(
      gst_structure_new("rtc-file", "transfer", G_TYPE_STRING, news.id.c_str(), "peer", G_TYPE_STRING,
                        news.peer.c_str(), "direction", G_TYPE_STRING, direction(news.incoming), "state", G_TYPE_STRING,
                        news.fault ? "file-failed" : "file-done", "file", G_TYPE_UINT, static_cast<guint>(news.file),
                        "name", G_TYPE_STRING, core::file::shown(news.path).c_str(), nullptr));
  if (!place.empty()) gst_structure_set(structure.get(), "place", G_TYPE_STRING, place.c_str(), nullptr);
  if (news.fault) {
    gst_structure_set(structure.get(), "reason", G_TYPE_STRING, core::file::word(news.fault->code).data(), "message",
                      G_TYPE_STRING, news.fault->text.c_str(), nullptr);
  }
  return structure;
}

Ptr<GstStructure> structureOf(const IncomingTransfer& transfer) {
  const auto& offer = transfer.offer();
  auto structure =
      adopt(gst_structure_new("rtc-file", "transfer", G_TYPE_STRING, transfer.id().c_str(), "peer", G_TYPE_STRING,
                              transfer.peer().c_str(), "direction", G_TYPE_STRING, "incoming", "state", G_TYPE_STRING,
                              "asked", "files", G_TYPE_UINT, static_cast<guint>(offer.entries.size()), "total",
                              G_TYPE_INT64, offer.endless() ? gint64{-1} : static_cast<gint64>(offer.total()), "there",
                              G_TYPE_UINT64, static_cast<guint64>(transfer.plan().there), "refused", G_TYPE_UINT,
                              static_cast<guint>(transfer.plan().refused.size()), "hidden", G_TYPE_BOOLEAN,
                              static_cast<gboolean>(transfer.plan().hidden), nullptr));
  GValue names = G_VALUE_INIT;
  g_value_init(&names, GST_TYPE_ARRAY);
  for (std::size_t i = 0; i < offer.entries.size() && i < kMostNames; ++i) {
    addText(&names, core::file::shown(offer.entries[i].path));
  }
  gst_structure_take_value(structure.get(), "names", &names);
  return structure;
}

void postFileMessage(GstElement* element, Ptr<GstStructure> structure) {
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), release(std::move(structure))));
}

std::string sentenceFor(const TransferNews& news) {
  auto text = news.fault.text;
  if (text.ends_with('.')) text.pop_back();
  const std::string with = news.peer.empty() ? "" : " (" + news.peer + ")";
  switch (news.state) {
    case State::Rejected:
      if (news.incoming) return "The offer was not taken: " + text + with + ".";
      return news.fault.code == Code::Declined ? "The other side declined the files" + with + "."
                                               : "The other side did not take the files: " + text + with + ".";
    case State::Cancelled:
      if (news.fault.code != Code::Cancelled) break;
      return "The transfer was cancelled" + with + ".";
    case State::Interrupted:
      return "The transfer is interrupted: " + text + with + ". It goes on when the connection is back.";
    case State::Done:
      if (news.failed == 0) return "All files arrived" + with + ".";
      return std::to_string(news.failed) + " of " + std::to_string(news.files) + " files did not arrive" + with + ".";
    default:
      break;
  }
  return "The transfer failed: " + text + with + ".";
}

}  // namespace rtc
