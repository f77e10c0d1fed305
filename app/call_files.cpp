// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/call_files.hpp"

#include "app/file_news.hpp"
#include "app/missing_elements.hpp"
#include "app/stdin_question.hpp"

namespace rtc::app {

namespace {

Ptr<GstElement> addElement(GstElement* pipeline, const char* factory) {
  auto element = sink(gst_element_factory_make(factory, nullptr));
  if (element) gst_bin_add(GST_BIN(pipeline), element.get());
  return element;
}

}  // namespace

Result<std::unique_ptr<CallFiles>> CallFiles::make(const Options& options, GstElement* pipeline, Face& face) {
  std::unique_ptr<CallFiles> files(new CallFiles(options, face));
  // Who is asked about calls cannot type commands as well.
  const bool types = options.command == Command::Dial && StdinQuestion::canAsk();
  if (types || !options.files.empty()) {
    files->sender_ = addElement(pipeline, "rtcfilesink");
    if (!files->sender_) return Error{adviceFor("rtcfilesink")};
  }
  if (!options.received_files.empty()) {
    files->receiver_ = addElement(pipeline, "rtcfilesrc");
    if (!files->receiver_) return Error{adviceFor("rtcfilesrc")};
    g_object_set(files->receiver_.get(), "directory", options.received_files.c_str(), "max-transfers", 0U, nullptr);
  }
  return files;
}

bool CallFiles::send(const std::string& file) {
  if (!sender_) return false;
  send(std::vector{file});
  return true;
}

void CallFiles::connected() {
  if (!sender_ || options_.files.empty() || std::exchange(sent_, true)) return;
  send(options_.files);
}

void CallFiles::send(const std::vector<std::string>& files) {
  std::vector<const gchar*> paths;
  for (const auto& file : files) paths.push_back(file.c_str());
  paths.push_back(nullptr);
  gboolean done = FALSE;
  g_signal_emit_by_name(sender_.get(), "send-files", paths.data(), &done);
}

void CallFiles::heard(const GstStructure* structure) {
  const auto event = fileEventFrom(structure);
  face_.show(event);
  if (event.state != "asked" || !receiver_) return;
  face_.show(NoticeEvent{"Hidden files are declined in a call; rtc-call receive asks about them."});
  gboolean done = FALSE;
  g_signal_emit_by_name(receiver_.get(), "decline-offer", event.transfer.c_str(), &done);
}

}  // namespace rtc::app
