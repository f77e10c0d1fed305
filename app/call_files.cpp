// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/call_files.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include "app/file_news.hpp"
#include "app/missing_elements.hpp"
#include "app/stdin_question.hpp"

namespace rtc::app {

namespace {

constexpr std::string_view kSend = "/send ";

Ptr<GstElement> addElement(GstElement* pipeline, const char* factory) {
  auto element = sink(gst_element_factory_make(factory, nullptr));
  if (element) gst_bin_add(GST_BIN(pipeline), share(element).release());
  return element;
}

}  // namespace

struct CallFiles::Callbacks {
  static gboolean readable(gint fd, GIOCondition, gpointer data) noexcept {
    char line[4096];
    const auto size = ::read(fd, line, sizeof line);
    if (size <= 0) return G_SOURCE_REMOVE;
    std::string text(line, static_cast<std::size_t>(size));
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    static_cast<CallFiles*>(data)->typed(text);
    return G_SOURCE_CONTINUE;
  }
};

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
  if (types) files->readCommands();
  return files;
}

CallFiles::~CallFiles() {
  if (input_) g_source_destroy(input_.get());
}

void CallFiles::readCommands() {
  input_ = adopt(g_unix_fd_source_new(STDIN_FILENO, G_IO_IN));
  g_source_set_callback(input_.get(), G_SOURCE_FUNC(Callbacks::readable), this, nullptr);
  g_source_attach(input_.get(), nullptr);
}

void CallFiles::typed(const std::string& line) {
  if (line.empty()) return;
  if (!line.starts_with(kSend) || line.size() == kSend.size()) {
    face_.show(NoticeEvent{"/send FILE sends a file or a folder"});
    return;
  }
  send({line.substr(kSend.size())});
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
