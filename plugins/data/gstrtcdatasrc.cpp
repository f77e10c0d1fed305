// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcdatasrc
 * @title: rtcdatasrc
 * @short_description: receives messages from a data channel of a WebRTC session
 *
 * Each message that a peer of the session sends on a channel of this `label` is one buffer, with the caps
 * `text/x-raw,format=utf8` for text and `application/octet-stream` for bytes. A message of a kind that downstream does
 * not take is left out. When the last channel closes, EOS follows what it carried (`eos-on-close`).
 *
 * A WebRTC peer cannot be held back: messages wait here, up to `max-bytes`, and `leaky` says what happens then.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 rtcdatasrc user=logger peer=sensor ! filesink location=/dev/null
 * ]|
 * Calls the user `sensor` and writes down its readings.
 */
#include "plugins/data/gstrtcdatasrc.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/gobject.hpp"
#include "plugins/data/element_channels.hpp"
#include "plugins/data/inbox.hpp"
#include "plugins/data/text.hpp"

GST_DEBUG_CATEGORY_STATIC(rtc_data_src_debug);
#define GST_CAT_DEFAULT rtc_data_src_debug

namespace {

constexpr guint kFirstProperty = rtc::ChannelProperties::kFirstOwnProperty;
enum Property : guint { kMaxBytes = kFirstProperty, kLeaky, kEosOnClose, kDropped, kState };

constexpr guint64 kDefaultMaxBytes = 4 * 1024 * 1024;

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format=(string)utf8; application/octet-stream"));

rtc::SessionSignals src_signals;
guint state_signal = 0;

struct Receiving {
  guint64 max_bytes = kDefaultMaxBytes;
  rtc::Leaky leaky = rtc::Leaky::No;
  bool eos_on_close = true;
};

class DataSrc {
 public:
  explicit DataSrc(GstRtcDataSrc* self)
      : element_(reinterpret_cast<GstElement*>(self)), base_(reinterpret_cast<GstBaseSrc*>(self)), session_(element_) {
    gst_base_src_set_live(base_, TRUE);
    gst_base_src_set_format(base_, GST_FORMAT_TIME);
    gst_base_src_set_do_timestamp(base_, TRUE);
  }

  static void classInit(GstRtcDataSrcClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  void setContext(GstContext* context) { session_.setContext(context); }
  rtc::Session* session() const { return session_.session(); }

  // On the streaming thread.
  GstFlowReturn create(GstBuffer** buffer);

  void unlock() { inbox()->interrupt(); }
  void unlockStop() { inbox()->resume(); }

 private:
  using Box = std::shared_ptr<rtc::Inbox>;

  Box inbox() const { return inbox_.copy(); }
  bool start();
  void stop();
  bool takesCaps(bool text);
  // On the session's thread.
  void arrived(rtc::DataMessage message);
  void changed();
  void fail(const std::string& what);

  GstElement* const element_;
  GstBaseSrc* const base_;
  rtc::ElementSession session_;
  rtc::ChannelProperties properties_{false};
  rtc::Guarded<Receiving> receiving_;
  rtc::Guarded<Box> inbox_{std::make_shared<rtc::Inbox>(kDefaultMaxBytes, rtc::Leaky::No)};
  const rtc::ElementChannels::SharedState state_ = rtc::ElementChannels::makeState();
  std::unique_ptr<rtc::ElementChannels> channels_;
  std::optional<bool> text_;  ///< what the caps say, if there are any yet
  bool was_open_ = false;     // of the session's thread, like the next
  bool failed_ = false;
};

}  // namespace

struct _GstRtcDataSrc {
  GstPushSrc parent;
};

RTC_DEFINE_TYPE(GstRtcDataSrc, gst_rtc_data_src, GST_TYPE_PUSH_SRC, DataSrc);

GST_ELEMENT_REGISTER_DEFINE(rtcdatasrc, "rtcdatasrc", GST_RANK_NONE, GST_TYPE_RTC_DATA_SRC)

namespace {

void DataSrc::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value) || properties_.set(id, value)) return;
  receiving_.with([&](Receiving& receiving) {
    if (id == kMaxBytes) {
      receiving.max_bytes = g_value_get_uint64(value);
    } else if (id == kLeaky) {
      receiving.leaky = static_cast<rtc::Leaky>(g_value_get_enum(value));
    } else if (id == kEosOnClose) {
      receiving.eos_on_close = g_value_get_boolean(value) != FALSE;
    } else {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
    }
  });
}

void DataSrc::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value) || properties_.get(id, value)) return;
  const auto receiving = receiving_.copy();
  switch (id) {
    case kMaxBytes:
      g_value_set_uint64(value, receiving.max_bytes);
      break;
    case kLeaky:
      g_value_set_enum(value, static_cast<gint>(receiving.leaky));
      break;
    case kEosOnClose:
      g_value_set_boolean(value, receiving.eos_on_close);
      break;
    case kDropped:
      g_value_set_uint64(value, inbox()->dropped());
      break;
    case kState:
      g_value_set_enum(value, static_cast<gint>(state_->load()));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

GstStateChangeReturn DataSrc::changeState(GstStateChange change) {
  const bool starts = change == GST_STATE_CHANGE_NULL_TO_READY || change == GST_STATE_CHANGE_READY_TO_PAUSED;
  const bool stops = change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL;
  if (starts && !start()) return GST_STATE_CHANGE_FAILURE;
  const auto result = GST_ELEMENT_CLASS(gst_rtc_data_src_parent_class)->change_state(element_, change);
  if (stops || result == GST_STATE_CHANGE_FAILURE) {
    stop();
  } else if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    session_.play();
  }
  return result;
}

bool DataSrc::start() {
  if (session_.session() != nullptr) return true;
  auto wish = properties_.wish();
  if (const auto checked = rtc::core::check(wish.options); !checked) {
    GST_ELEMENT_ERROR(element_, LIBRARY, SETTINGS, ("%s", checked.error().message.c_str()), (nullptr));
    return false;
  }
  if (!session_.enter(src_signals)) return false;
  const auto receiving = receiving_.copy();
  inbox_.with([&](Box& box) { box = std::make_shared<rtc::Inbox>(receiving.max_bytes, receiving.leaky); });
  text_.reset();
  was_open_ = failed_ = false;
  rtc::ElementChannels::Listener listener;
  listener.on_message = [this](rtc::DataMessage message) { arrived(std::move(message)); };
  listener.on_change = [this] { changed(); };
  listener.on_error = [this](const std::string& what) { fail(what); };
  channels_ = std::make_unique<rtc::ElementChannels>(rtc::ElementChannels::Audience{element_, state_signal, state_},
                                                     *session_.session(), std::move(wish),
                                                     rtc::ElementChannels::Use::All, std::move(listener));
  channels_->start();
  return true;
}

void DataSrc::stop() {
  if (session_.session() == nullptr) return;
  channels_->finish();
  channels_.reset();
  session_.exit();
}

// --- Receiving -------------------------------------------------------------------------------------------------------

GstFlowReturn DataSrc::create(GstBuffer** buffer) {
  const auto box = inbox();
  for (;;) {
    rtc::Inbox::End end{};
    auto message = box->take(end);
    if (!message) return end == rtc::Inbox::End::Interrupted ? GST_FLOW_FLUSHING : GST_FLOW_EOS;
    const bool text = message->text && rtc::isUtf8(message->view());
    if (!takesCaps(text)) {
      GST_WARNING_OBJECT(element_, "a message of %s is left out: nobody downstream takes it", text ? "text" : "bytes");
      continue;
    }
    *buffer = gst_buffer_new_wrapped_bytes(message->bytes.get());
    return GST_FLOW_OK;
  }
}

bool DataSrc::takesCaps(bool text) {
  if (text_ == text) return true;
  const auto caps = rtc::adopt(gst_caps_from_string(text ? rtc::kTextCaps : rtc::kBytesCaps));
  if (gst_pad_peer_query_accept_caps(GST_BASE_SRC_PAD(base_), caps.get()) == FALSE) return false;
  if (gst_base_src_set_caps(base_, caps.get()) == FALSE) return false;
  text_ = text;
  return true;
}

void DataSrc::arrived(rtc::DataMessage message) {
  if (failed_ || inbox()->put(std::move(message))) return;
  channels_->close();
  fail("Messages come faster than they are read. Read faster, raise max-bytes, or let some be dropped (leaky).");
}

void DataSrc::changed() {
  const bool open = !channels_->allClosed();
  was_open_ = was_open_ || !channels_->open().empty();
  inbox()->setEnded(was_open_ && !open && receiving_.copy().eos_on_close);
}

void DataSrc::fail(const std::string& what) {
  failed_ = true;
  GST_ELEMENT_ERROR(element_, RESOURCE, READ, ("%s", what.c_str()), (nullptr));
}

void DataSrc::classInit(GstRtcDataSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_data_src_debug, "rtcdatasrc", 0, "Messages from the peers of a session");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_data_src_impl, &gst_rtc_data_src_parent_class>(element_class, src_signals);
  auto* base_class = GST_BASE_SRC_CLASS(klass);
  // The caps follow from the messages.
  base_class->negotiate = [](GstBaseSrc*) noexcept -> gboolean { return TRUE; };
  GST_PUSH_SRC_CLASS(klass)->create = [](GstPushSrc* push, GstBuffer** buffer) noexcept {
    return gst_rtc_data_src_impl(push).create(buffer);
  };
  base_class->unlock = [](GstBaseSrc* base) noexcept -> gboolean {
    gst_rtc_data_src_impl(base).unlock();
    return TRUE;
  };
  base_class->unlock_stop = [](GstBaseSrc* base) noexcept -> gboolean {
    gst_rtc_data_src_impl(base).unlockStop();
    return TRUE;
  };

  rtc::ChannelProperties::install(object_class, false);
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(object_class, kMaxBytes,
                                  g_param_spec_uint64("max-bytes", "max-bytes", "What may wait to be read, in bytes", 1,
                                                      G_MAXUINT32, kDefaultMaxBytes, flags));
  g_object_class_install_property(
      object_class, kLeaky,
      g_param_spec_enum("leaky", "leaky", "What to do with a message that comes when max-bytes wait", rtc::leakyType(),
                        static_cast<gint>(rtc::Leaky::No), flags));
  g_object_class_install_property(
      object_class, kEosOnClose,
      g_param_spec_boolean("eos-on-close", "eos-on-close",
                           "Send EOS when the last channel has closed. FALSE: wait for another one", TRUE, flags));
  g_object_class_install_property(
      object_class, kDropped,
      g_param_spec_uint64("dropped", "dropped", "Messages for which there was no room", 0, G_MAXUINT64, 0,
                          static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  gst_type_mark_as_plugin_api(rtc::leakyType(), static_cast<GstPluginAPIFlags>(0));
  state_signal = rtc::ElementChannels::install(klass, kState);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "WebRTC data channel source", "Source/Network/WebRTC",
                                        "Receives messages from a data channel of the peers of a WebRTC session",
                                        "The gst-rtc authors");
}

}  // namespace
