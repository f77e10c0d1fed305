// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcfilesink
 * @title: rtcfilesink
 * @short_description: sends files to the other user of a call
 *
 * What enters its pad is sent as one file, or, with `location`, a file or a whole folder of this machine. Its EOS
 * message comes when the other side has confirmed that all of it arrived.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=a.iso ! rtcfilesink user=alice peer=bob
 * ]|
 * Calls bob and sends him the file.
 */
#include "plugins/file/gstrtcfilesink.h"

#include <memory>
#include <string>
#include <vector>

#include "base/gobject.hpp"
#include "base/signal.hpp"
#include "plugins/file/file_messages.hpp"
#include "plugins/file/file_sending.hpp"
#include "plugins/file/source_files.hpp"
#include "plugins/file/stream_input.hpp"
#include "plugins/session/element_session.hpp"

GST_DEBUG_CATEGORY(rtc_file_debug);
#define GST_CAT_DEFAULT rtc_file_debug

namespace {

constexpr guint kLocation = rtc::ElementSession::kFirstOwnProperty;
constexpr guint kFileName = kLocation + 1;
constexpr guint kMaxBitrate = kLocation + 2;
constexpr guint kMaxLanes = kLocation + 3;
constexpr guint kResumeTimeout = kLocation + 4;

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

rtc::SessionSignals sink_signals;

class FileSink {
 public:
  explicit FileSink(GstRtcFileSink* self);

  static void classInit(GstRtcFileSinkClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  void setContext(GstContext* context) { session_.setContext(context); }
  rtc::Session* session() const { return session_.session(); }

  GstFlowReturn chain(GstBuffer* buffer);
  gboolean event(GstEvent* event);
  bool sendFiles(const gchar* const* paths);
  bool control(const std::function<void(rtc::FileSending&)>& what);

 private:
  struct Own {
    std::string location;
    std::string file_name;
    guint64 max_bitrate = 0;
    guint max_lanes = 8;
    guint resume_timeout = 60'000;
  };

  bool start();
  void stop();
  bool sendLocation();
  void beginStream();
  void told(const rtc::TransferNews& news);
  std::string streamName() const;
  std::string textProperty(const char* name) const;

  GstElement* const element_;
  GstPad* pad_ = nullptr;
  rtc::ElementSession session_;
  rtc::Guarded<Own> own_;
  std::unique_ptr<rtc::FileSending> sending_;
  rtc::Guarded<std::shared_ptr<rtc::StreamInput>> input_;
  std::string main_id_;  ///< of the transfer whose end is that of the element
  gulong handler_ = 0;
};

}  // namespace

struct _GstRtcFileSink {
  GstElement parent;
};

RTC_DEFINE_TYPE(GstRtcFileSink, gst_rtc_file_sink, GST_TYPE_ELEMENT, FileSink);

GST_ELEMENT_REGISTER_DEFINE(rtcfilesink, "rtcfilesink", GST_RANK_NONE, GST_TYPE_RTC_FILE_SINK)

namespace {

FileSink::FileSink(GstRtcFileSink* self) : element_(reinterpret_cast<GstElement*>(self)), session_(element_) {
  pad_ = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(pad_, [](GstPad*, GstObject* parent, GstBuffer* buffer) noexcept {
    return gst_rtc_file_sink_impl(parent).chain(buffer);
  });
  gst_pad_set_event_function(pad_, [](GstPad*, GstObject* parent, GstEvent* event) noexcept {
    return gst_rtc_file_sink_impl(parent).event(event);
  });
  gst_element_add_pad(element_, pad_);
  GST_OBJECT_FLAG_SET(element_, GST_ELEMENT_FLAG_SINK);
}

void FileSink::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value)) return;
  const auto text = [value] {
    const auto* given = g_value_get_string(value);
    return std::string(given == nullptr ? "" : given);
  };
  own_.with([&](Own& own) {
    switch (id) {
      case kLocation:
        own.location = text();
        break;
      case kFileName:
        own.file_name = text();
        break;
      case kMaxBitrate:
        own.max_bitrate = g_value_get_uint64(value);
        break;
      case kMaxLanes:
        own.max_lanes = g_value_get_uint(value);
        break;
      case kResumeTimeout:
        own.resume_timeout = g_value_get_uint(value);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
    }
  });
}

void FileSink::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value)) return;
  const auto own = own_.copy();
  switch (id) {
    case kLocation:
      g_value_set_string(value, own.location.c_str());
      break;
    case kFileName:
      g_value_set_string(value, own.file_name.c_str());
      break;
    case kMaxBitrate:
      g_value_set_uint64(value, own.max_bitrate);
      break;
    case kMaxLanes:
      g_value_set_uint(value, own.max_lanes);
      break;
    case kResumeTimeout:
      g_value_set_uint(value, own.resume_timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

GstStateChangeReturn FileSink::changeState(GstStateChange change) {
  if (change == GST_STATE_CHANGE_NULL_TO_READY || change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!start()) return GST_STATE_CHANGE_FAILURE;
  }
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !sendLocation()) return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL) stop();
  const auto result = GST_ELEMENT_CLASS(gst_rtc_file_sink_parent_class)->change_state(element_, change);
  if (result == GST_STATE_CHANGE_FAILURE) {
    stop();
  } else if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    session_.play();
  }
  return result;
}

std::string FileSink::textProperty(const char* name) const {
  gchar* text = nullptr;
  g_object_get(element_, name, &text, nullptr);
  const auto owned = rtc::adopt(text);
  return owned ? owned.get() : "";
}

bool FileSink::start() {
  if (session_.session() != nullptr) return true;
  if (!session_.enter(sink_signals)) return false;
  const auto own = own_.copy();
  rtc::FileSending::Options options;
  options.peer = textProperty("peer");
  options.patience = rtc::Duration(own.resume_timeout);
  options.engine.max_bitrate = own.max_bitrate;
  options.engine.max_lanes = own.max_lanes;
  rtc::FileSending::Listener listener;
  listener.on_news = [this](const rtc::TransferNews& news) { told(news); };
  listener.on_file = [this](const rtc::FileNews& news) { rtc::postFileMessage(element_, rtc::structureOf(news, {})); };
  sending_ = std::make_unique<rtc::FileSending>(*session(), std::move(options), std::move(listener));
  handler_ = rtc::connectSignal<void(const char*, const char*, const char*, const char*)>(
      element_, "call-state-changed", [this](const char*, const char* user, const char* state, const char* reason) {
        if (sending_) sending_->callChanged(user, state, reason);
      });
  session()->addDataUser(sending_.get());
  return true;
}

void FileSink::stop() {
  if (const auto input = input_.copy()) input->stop();
  if (session() == nullptr) return;
  g_signal_handler_disconnect(element_, handler_);
  session()->run([this] { sending_->cancel({rtc::core::file::Code::Cancelled, "the other side stopped"}); });
  session()->removeDataUser(sending_.get());
  session()->run([this] { sending_.reset(); });
  session_.exit();
  input_.with([](auto& input) { input.reset(); });
  main_id_.clear();
}

bool FileSink::sendLocation() {
  const auto location = own_.copy().location;
  if (location.empty()) return true;
  if (gst_pad_is_linked(pad_) != FALSE) {
    GST_ELEMENT_ERROR(element_, LIBRARY, SETTINGS,
                      ("Either link the sink pad, or set location: a transfer has one source."), (nullptr));
    return false;
  }
  auto files = rtc::SourceFiles::open({location});
  if (!files) {
    GST_ELEMENT_ERROR(element_, RESOURCE, OPEN_READ, ("%s", files.error().message.c_str()), (nullptr));
    return false;
  }
  std::shared_ptr<rtc::SourceFiles> source = std::move(files).value();
  session()->run([&] {
    main_id_ = rtc::core::file::hex(source->offer().id);
    sending_->send(source->offer(), source);
  });
  return true;
}

std::string FileSink::streamName() const {
  if (auto name = own_.copy().file_name; !name.empty()) return name;
  std::string name = "stream";
  auto* query = gst_query_new_uri();
  if (gst_pad_peer_query(pad_, query) != FALSE) {
    gchar* uri = nullptr;
    gst_query_parse_uri(query, &uri);
    const auto owned = rtc::adopt(uri);
    const auto path = rtc::adopt(owned ? g_filename_from_uri(owned.get(), nullptr, nullptr) : nullptr);
    if (path) name = rtc::adopt(g_path_get_basename(path.get())).get();
  }
  gst_query_unref(query);
  return rtc::core::file::problemWith({name}).empty() ? name : "stream";
}

void FileSink::beginStream() {
  rtc::core::file::Offer offer;
  offer.id = rtc::newTransferId();
  rtc::core::file::Entry entry;
  entry.path = {streamName()};
  gint64 about = 0;
  if (gst_pad_peer_query_duration(pad_, GST_FORMAT_BYTES, &about) != FALSE && about > 0) {
    entry.about = static_cast<std::uint64_t>(about);
  }
  offer.entries.push_back(std::move(entry));
  auto input = std::make_shared<rtc::StreamInput>(offer.block);
  input_.with([&](auto& current) { current = input; });
  session()->post([this, offer = std::move(offer), input] {
    if (!sending_) return;
    main_id_ = rtc::core::file::hex(offer.id);
    sending_->send(offer, input, false);
  });
}

GstFlowReturn FileSink::chain(GstBuffer* given) {
  const auto buffer = rtc::adopt(given);
  if (!input_.copy()) beginStream();
  GstMapInfo map;
  if (gst_buffer_map(buffer.get(), &map, GST_MAP_READ) == FALSE) return GST_FLOW_ERROR;
  const bool taken = input_.copy()->push({map.data, map.size});
  gst_buffer_unmap(buffer.get(), &map);
  return taken ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

gboolean FileSink::event(GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    if (!input_.copy()) beginStream();
    input_.copy()->end();
  }
  gst_event_unref(event);
  return TRUE;
}

bool FileSink::sendFiles(const gchar* const* paths) {
  if (session() == nullptr || paths == nullptr) return false;
  std::vector<std::string> list;
  for (; *paths != nullptr; ++paths) list.emplace_back(*paths);
  auto files = rtc::SourceFiles::open(list);
  if (!files) {
    rtc::TransferNews news;
    news.state = rtc::core::file::State::Failed;
    news.fault = {rtc::core::file::Code::Io, files.error().message};
    rtc::postFileMessage(element_, rtc::structureOf(news));
    return false;
  }
  std::shared_ptr<rtc::SourceFiles> source = std::move(files).value();
  session()->post([this, source] {
    if (sending_) sending_->send(source->offer(), source);
  });
  return true;
}

bool FileSink::control(const std::function<void(rtc::FileSending&)>& what) {
  if (session() == nullptr) return false;
  session()->post([this, what] {
    if (sending_) what(*sending_);
  });
  return true;
}

void FileSink::told(const rtc::TransferNews& news) {
  rtc::postFileMessage(element_, rtc::structureOf(news));
  if (news.id != main_id_ || !rtc::core::file::isOver(news.state)) return;
  if (const auto input = input_.copy()) input->stop();
  if (rtc::endedWell(news)) {
    gst_element_post_message(element_, gst_message_new_eos(GST_OBJECT(element_)));
  } else {
    GST_ELEMENT_ERROR(element_, RESOURCE, WRITE, ("%s", rtc::sentenceFor(news).c_str()), (nullptr));
  }
}

gboolean sendFilesAction(GObject* self, const gchar* const* paths) noexcept {
  return gst_rtc_file_sink_impl(self).sendFiles(paths);
}

gboolean pauseAction(GObject* self) noexcept {
  return gst_rtc_file_sink_impl(self).control([](rtc::FileSending& sending) { sending.pause(); });
}

gboolean resumeAction(GObject* self) noexcept {
  return gst_rtc_file_sink_impl(self).control([](rtc::FileSending& sending) { sending.resume(); });
}

gboolean cancelAction(GObject* self) noexcept {
  return gst_rtc_file_sink_impl(self).control([](rtc::FileSending& sending) {
    sending.cancel({rtc::core::file::Code::Cancelled, "cancelled"});
  });
}

void FileSink::classInit(GstRtcFileSinkClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_file_debug, "rtcfile", 0, "Files in the calls of a session");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_file_sink_impl, &gst_rtc_file_sink_parent_class>(element_class, sink_signals);
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const auto add = [object_class](guint id, GParamSpec* spec) {
    g_object_class_install_property(object_class, id, spec);
  };
  add(kLocation, g_param_spec_string("location", "location", "A file or folder to send, instead of what enters the pad",
                                     nullptr, flags));
  add(kFileName,
      g_param_spec_string("file-name", "file-name", "Name of what enters the pad; that of the source's file if empty",
                          nullptr, flags));
  add(kMaxBitrate, g_param_spec_uint64("max-bitrate", "max-bitrate", "Most of the path to use, in bit/s; 0 is no limit",
                                       0, G_MAXUINT64 / 16, 0, flags));
  add(kMaxLanes, g_param_spec_uint("max-lanes", "max-lanes",
                                   "Most peer connections to stripe over; they are added while they help", 1,
                                   rtc::core::file::kMostLanes, 8, flags));
  add(kResumeTimeout,
      g_param_spec_uint("resume-timeout", "resume-timeout", "How long to try to get a lost connection back, in ms",
                        1'000, 86'400'000, 60'000, flags));
  const auto action = [klass](const char* name, GCallback handler, guint count, auto... types) {
    g_signal_new_class_handler(name, G_TYPE_FROM_CLASS(klass),
                               static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION), handler, nullptr,
                               nullptr, nullptr, G_TYPE_BOOLEAN, count, types...);
  };
  action("send-files", G_CALLBACK(sendFilesAction), 1, G_TYPE_STRV);
  action("pause-file", G_CALLBACK(pauseAction), 0);
  action("resume-file", G_CALLBACK(resumeAction), 0);
  action("cancel-file", G_CALLBACK(cancelAction), 0);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "WebRTC file sink", "Sink/Network/WebRTC",
                                        "Sends files to the other user of a call", "The gst-rtc authors");
}

}  // namespace
