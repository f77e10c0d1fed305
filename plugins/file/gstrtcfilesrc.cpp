// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcfilesrc
 * @title: rtcfilesrc
 * @short_description: receives files from the other users of a session's calls
 *
 * One received file leaves its pad; or, with `directory` or `location`, files are written below a folder, and can then
 * go on after an interruption.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 rtcfilesrc user=bob ! filesink location=copy.iso
 * ]|
 * Waits for a call, and for the one file that is offered in it.
 */
#include "plugins/file/gstrtcfilesrc.h"

#include <atomic>
#include <memory>
#include <string>

#include "base/gobject.hpp"
#include "base/signal.hpp"
#include "plugins/file/file_messages.hpp"
#include "plugins/file/file_receiving.hpp"
#include "plugins/file/file_source_settings.hpp"
#include "plugins/file/no_store.hpp"
#include "plugins/file/receiving_folder.hpp"
#include "plugins/file/stream_output.hpp"
#include "plugins/session/element_session.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_file_debug);
#define GST_CAT_DEFAULT rtc_file_debug

namespace {

using rtc::FileSourceSettings;
using rtc::IncomingTransfer;

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

rtc::SessionSignals src_signals;
guint incoming_offer_signal = 0;

class FileSource {
 public:
  explicit FileSource(GstRtcFileSrc* self);

  static void classInit(GstRtcFileSrcClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  void setContext(GstContext* context) { session_.setContext(context); }
  rtc::Session* session() const { return session_.session(); }

  void loop();
  /// On the session's thread, later; of all transfers if the id is empty.
  bool control(const gchar* id, const std::function<void(IncomingTransfer&)>& what);

 private:
  bool start();
  void stop();
  rtc::Result<rtc::Done> prepareStore();
  std::shared_ptr<rtc::BlockStore> makeStore();
  void offered(IncomingTransfer& transfer);
  void told(const rtc::TransferNews& news);
  void fileTold(const rtc::FileNews& news);
  void finishStream(const rtc::TransferNews& news);
  std::string placeOf(const rtc::core::file::Path& path) const;

  GstElement* const element_;
  GstPad* pad_ = nullptr;
  rtc::ElementSession session_;
  rtc::Guarded<FileSourceSettings> own_;
  FileSourceSettings running_;  ///< as they were at the start
  std::string folder_;
  std::unique_ptr<rtc::FileReceiving> receiving_;
  std::shared_ptr<rtc::StreamOutput> output_;
  rtc::Guarded<std::string> stream_name_;
  std::atomic<bool> stream_done_ = false;
  guint done_ = 0;  ///< transfers
  gulong handler_ = 0;
};

}  // namespace

struct _GstRtcFileSrc {
  GstElement parent;
};

RTC_DEFINE_TYPE(GstRtcFileSrc, gst_rtc_file_src, GST_TYPE_ELEMENT, FileSource);

GST_ELEMENT_REGISTER_DEFINE(rtcfilesrc, "rtcfilesrc", GST_RANK_NONE, GST_TYPE_RTC_FILE_SRC)

namespace {

FileSource::FileSource(GstRtcFileSrc* self) : element_(reinterpret_cast<GstElement*>(self)), session_(element_) {
  pad_ = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_use_fixed_caps(pad_);
  gst_element_add_pad(element_, pad_);
  GST_OBJECT_FLAG_SET(element_, GST_ELEMENT_FLAG_SOURCE);
}

void FileSource::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value)) return;
  bool known = false;
  const bool folder = own_.with([&](FileSourceSettings& own) {
    known = own.set(id - rtc::ElementSession::kFirstOwnProperty, value);
    return own.folderMode();
  });
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  // With a folder nothing leaves the pad, and the pipeline's end is that of the transfers.
  if (folder) {
    GST_OBJECT_FLAG_SET(element_, GST_ELEMENT_FLAG_SINK);
  } else {
    GST_OBJECT_FLAG_UNSET(element_, static_cast<guint>(GST_ELEMENT_FLAG_SINK));
  }
}

void FileSource::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value)) return;
  const bool known = own_.with(
      [&](const FileSourceSettings& own) { return own.get(id - rtc::ElementSession::kFirstOwnProperty, value); });
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
}

GstStateChangeReturn FileSource::changeState(GstStateChange change) {
  if (change == GST_STATE_CHANGE_NULL_TO_READY && !start()) return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!start()) return GST_STATE_CHANGE_FAILURE;
    if (output_) {
      gst_pad_set_active(pad_, TRUE);
      gst_pad_start_task(
          pad_, [](gpointer self) noexcept { gst_rtc_file_src_impl(self).loop(); }, element_, nullptr);
    }
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL) {
    if (output_) {
      output_->stop();
      gst_pad_set_active(pad_, FALSE);
      gst_pad_stop_task(pad_);
    }
    stop();
  }
  const auto result = GST_ELEMENT_CLASS(gst_rtc_file_src_parent_class)->change_state(element_, change);
  if (result == GST_STATE_CHANGE_FAILURE) {
    stop();
    return result;
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) session_.play();
  // Like a live source's: nothing comes before the pipeline plays.
  const bool pauses = change == GST_STATE_CHANGE_READY_TO_PAUSED || change == GST_STATE_CHANGE_PLAYING_TO_PAUSED;
  return pauses && output_ ? GST_STATE_CHANGE_NO_PREROLL : result;
}

rtc::Result<rtc::Done> FileSource::prepareStore() {
  if (!running_.folderMode()) {
    output_ = std::make_shared<rtc::StreamOutput>();
    return rtc::Done{};
  }
  folder_ = running_.folder();
  const auto folder = rtc::RootFolder::open(folder_);
  if (!folder) return folder.error();
  return rtc::Done{};
}

std::shared_ptr<rtc::BlockStore> FileSource::makeStore() {
  if (output_) return output_;
  auto folder = rtc::RootFolder::open(folder_);
  if (!folder) return std::make_shared<rtc::NoStore>(folder.error().message);
  auto store = std::make_shared<rtc::ReceivingFolder>(std::move(folder).value(), running_.conflict);
  if (!running_.location.empty()) store->renameTo(running_.fileName());
  return store;
}

bool FileSource::start() {
  if (session_.session() != nullptr) return true;
  running_ = own_.copy();
  if (const auto ready = prepareStore(); !ready) {
    GST_ELEMENT_ERROR(element_, RESOURCE, OPEN_WRITE, ("%s", ready.error().message.c_str()), (nullptr));
    return false;
  }
  if (!session_.enter(src_signals)) return false;
  rtc::FileReceiving::Options options;
  options.patience = rtc::Duration(running_.resume_timeout);
  if (running_.max_size > 0) options.limits.total = options.limits.stream = running_.max_size;
  if (output_) options.at_once = 1;
  options.make_store = [this] { return makeStore(); };
  IncomingTransfer::Listener listener;
  listener.on_news = [this](const rtc::TransferNews& news) { told(news); };
  listener.on_file = [this](const rtc::FileNews& news) { fileTold(news); };
  listener.on_offer = [this](IncomingTransfer& transfer) { offered(transfer); };
  receiving_ = std::make_unique<rtc::FileReceiving>(*session(), std::move(options), std::move(listener));
  handler_ = rtc::connectSignal<void(const char*, const char*, const char*, const char*)>(
      element_, "call-state-changed", [this](const char*, const char* user, const char* state, const char* reason) {
        if (receiving_) receiving_->callChanged(user, state, reason);
      });
  session()->addDataUser(receiving_.get());
  done_ = 0;
  stream_done_ = false;
  return true;
}

void FileSource::stop() {
  if (session() == nullptr) return;
  g_signal_handler_disconnect(element_, handler_);
  session()->run([this] {
    receiving_->forEach([](IncomingTransfer& transfer) {
      transfer.cancel({rtc::core::file::Code::Cancelled, "the other side stopped"}, true);
    });
  });
  session()->removeDataUser(receiving_.get());
  session()->run([this] { receiving_.reset(); });
  session_.exit();
  output_.reset();
}

// --- The transfers, on the session's thread --------------------------------------------------------------------------

void FileSource::offered(IncomingTransfer& transfer) {
  const auto& plan = transfer.plan();
  stream_name_.with([&](std::string& name) { name = rtc::core::file::shown(transfer.offer().entries.front().path); });
  switch (running_.offers) {
    case rtc::OfferPolicy::None:
      transfer.decline({rtc::core::file::Code::Declined, "declined"});
      return;
    case rtc::OfferPolicy::Auto:
      // A hidden file may be one that programs run: never without being asked.
      if (!plan.hidden) {
        transfer.acceptAll();
        return;
      }
      if (output_) {
        transfer.acceptAll();
        return;
      }
      [[fallthrough]];
    case rtc::OfferPolicy::Ask:
      break;
  }
  rtc::postFileMessage(element_, rtc::structureOf(transfer));
  g_signal_emit(element_, incoming_offer_signal, 0, transfer.id().c_str(), transfer.peer().c_str());
}

void FileSource::told(const rtc::TransferNews& news) {
  const bool over = rtc::core::file::isOver(news.state);
  if (output_ && (over || news.state == rtc::core::file::State::Confirming)) finishStream(news);
  rtc::postFileMessage(element_, rtc::structureOf(news));
  if (!over || output_) return;
  const bool counts = news.state != rtc::core::file::State::Rejected;
  if (!counts || running_.max_transfers == 0 || ++done_ < running_.max_transfers) return;
  if (rtc::endedWell(news)) {
    gst_element_post_message(element_, gst_message_new_eos(GST_OBJECT(element_)));
  } else {
    GST_ELEMENT_ERROR(element_, RESOURCE, READ, ("%s", rtc::sentenceFor(news).c_str()), (nullptr));
  }
}

void FileSource::finishStream(const rtc::TransferNews& news) {
  using rtc::core::file::State;
  if (news.state == State::Rejected || news.state == State::Confirming) return;
  if (rtc::endedWell(news)) {
    // Everything has been pushed: the engine's last word came after that.
    stream_done_ = true;
    output_->stop();
  } else {
    GST_ELEMENT_ERROR(element_, RESOURCE, READ, ("%s", rtc::sentenceFor(news).c_str()), (nullptr));
    output_->stop();
  }
}

std::string FileSource::placeOf(const rtc::core::file::Path& path) const {
  if (!running_.folderMode()) return {};
  if (!running_.location.empty()) return running_.location;
  return folder_ + "/" + rtc::core::file::shown(path);
}

void FileSource::fileTold(const rtc::FileNews& news) {
  rtc::postFileMessage(element_, rtc::structureOf(news, news.fault ? std::string() : placeOf(news.path)));
}

bool FileSource::control(const gchar* id, const std::function<void(IncomingTransfer&)>& what) {
  if (session() == nullptr) return false;
  session()->post([this, wanted = std::string(id == nullptr ? "" : id), what] {
    if (!receiving_) return;
    receiving_->forEach([&](IncomingTransfer& transfer) {
      if (wanted.empty() || transfer.id() == wanted) what(transfer);
    });
  });
  return true;
}

// --- The pipeline, on the pad's thread -------------------------------------------------------------------------------

void FileSource::loop() {
  const auto begin = [this] {
    if (rtc::adopt(gst_pad_get_sticky_event(pad_, GST_EVENT_SEGMENT, 0))) return;
    const auto id = rtc::adopt(gst_pad_create_stream_id(pad_, element_, nullptr));
    gst_pad_push_event(pad_, gst_event_new_stream_start(id.get()));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_BYTES);
    gst_pad_push_event(pad_, gst_event_new_segment(&segment));
  };
  auto bytes = output_->next();
  if (!bytes) {
    if (stream_done_) {
      begin();
      gst_pad_push_event(pad_, gst_event_new_eos());
    }
    gst_pad_pause_task(pad_);
    return;
  }
  begin();
  auto* owned = new rtc::core::file::Bytes(std::move(*bytes));
  const auto free_bytes = [](gpointer given) noexcept { delete static_cast<rtc::core::file::Bytes*>(given); };
  auto* buffer = gst_buffer_new_wrapped_full(static_cast<GstMemoryFlags>(0), owned->data(), owned->size(), 0,
                                             owned->size(), owned, free_bytes);
  const auto flow = gst_pad_push(pad_, buffer);
  if (flow == GST_FLOW_OK) {
    output_->taken();
    return;
  }
  if (flow != GST_FLOW_FLUSHING) {
    if (flow == GST_FLOW_NOT_LINKED || flow < GST_FLOW_EOS) GST_ELEMENT_FLOW_ERROR(element_, flow);
    control(nullptr, [](IncomingTransfer& transfer) {
      transfer.cancel({rtc::core::file::Code::Cancelled, "the receiving pipeline ended"}, false);
    });
  }
  gst_pad_pause_task(pad_);
}

// --- Actions ---------------------------------------------------------------------------------------------------------

gboolean acceptOffer(GObject* self, const gchar* id) noexcept {
  return gst_rtc_file_src_impl(self).control(id, [](IncomingTransfer& transfer) { transfer.acceptAll(); });
}

gboolean acceptSome(GObject* self, const gchar* id, const gchar* files) noexcept {
  const auto chosen = rtc::fileNumbers(files == nullptr ? "" : files);
  if (!chosen) return FALSE;
  return gst_rtc_file_src_impl(self).control(id, [chosen](IncomingTransfer& transfer) {
    std::vector<rtc::core::file::FileId> offered;
    for (const auto each : *chosen) {
      if (each < transfer.offer().entries.size()) offered.push_back(each);
    }
    transfer.accept(offered);
  });
}

gboolean declineOffer(GObject* self, const gchar* id) noexcept {
  return gst_rtc_file_src_impl(self).control(id, [](IncomingTransfer& transfer) {
    transfer.decline({rtc::core::file::Code::Declined, "declined"});
  });
}

gboolean pauseAction(GObject* self, const gchar* id) noexcept {
  return gst_rtc_file_src_impl(self).control(id, [](IncomingTransfer& transfer) { transfer.pause(); });
}

gboolean resumeAction(GObject* self, const gchar* id) noexcept {
  return gst_rtc_file_src_impl(self).control(id, [](IncomingTransfer& transfer) { transfer.resume(); });
}

gboolean cancelAction(GObject* self, const gchar* id) noexcept {
  return gst_rtc_file_src_impl(self).control(id, [](IncomingTransfer& transfer) {
    transfer.cancel({rtc::core::file::Code::Cancelled, "cancelled"}, true);
  });
}

void FileSource::classInit(GstRtcFileSrcClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_file_src_impl, &gst_rtc_file_src_parent_class>(element_class, src_signals);
  FileSourceSettings::install(object_class, rtc::ElementSession::kFirstOwnProperty);
  incoming_offer_signal = g_signal_new("incoming-offer", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, nullptr,
                                       nullptr, nullptr, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  const auto action = [klass](const char* name, GCallback handler, guint count, auto... types) {
    g_signal_new_class_handler(name, G_TYPE_FROM_CLASS(klass),
                               static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION), handler, nullptr,
                               nullptr, nullptr, G_TYPE_BOOLEAN, count, types...);
  };
  action("accept-offer", G_CALLBACK(acceptOffer), 1, G_TYPE_STRING);
  action("accept-some", G_CALLBACK(acceptSome), 2, G_TYPE_STRING, G_TYPE_STRING);
  action("decline-offer", G_CALLBACK(declineOffer), 1, G_TYPE_STRING);
  action("pause-file", G_CALLBACK(pauseAction), 1, G_TYPE_STRING);
  action("resume-file", G_CALLBACK(resumeAction), 1, G_TYPE_STRING);
  action("cancel-file", G_CALLBACK(cancelAction), 1, G_TYPE_STRING);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "WebRTC file source", "Source/Network/WebRTC",
                                        "Receives files from the other users of a session's calls",
                                        "The gst-rtc authors");
  gst_type_mark_as_plugin_api(rtc::offerPolicyType(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(rtc::conflictType(), static_cast<GstPluginAPIFlags>(0));
}

}  // namespace
