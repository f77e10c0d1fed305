// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcdatasink
 * @title: rtcdatasink
 * @short_description: sends messages on a data channel of a WebRTC session
 *
 * Each buffer is one message, to every peer of the session: text if the caps are `text/x-raw,format=utf8`, else bytes.
 * The element waits while there is no open channel, and while one of them has `max-bytes` to send. EOS is passed on
 * when the peers have all of it, and the channels are closed.
 *
 * Elements of one pipeline with the same `session` share one login, and with each peer one connection. With
 * `rtcdatasrc` of the same `label` beside it, both use the same channels.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 fakesrc sync=true format=time datarate=64000 sizetype=2 sizemax=64 ! rtcdatasink user=sensor
 * ]|
 * Gives a thousand readings of 64 bytes a second to everyone who calls the user `sensor`.
 */
#include "plugins/data/gstrtcdatasink.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/gobject.hpp"
#include "plugins/data/element_channels.hpp"
#include "plugins/data/outbox.hpp"
#include "plugins/data/text.hpp"

GST_DEBUG_CATEGORY_STATIC(rtc_data_sink_debug);
#define GST_CAT_DEFAULT rtc_data_sink_debug

namespace {

constexpr guint kMaxBytesProperty = rtc::ChannelProperties::kFirstOwnProperty;
constexpr guint kStateProperty = rtc::ChannelProperties::kFirstOwnProperty + 1;
constexpr guint64 kDefaultMaxBytes = 1024 * 1024;

/// What the peers may take to confirm the last messages.
constexpr rtc::Duration kDrain{10'000};

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format=utf8; application/octet-stream; ANY"));

rtc::SessionSignals sink_signals;
guint state_signal = 0;

class DataSink {
 public:
  explicit DataSink(GstRtcDataSink* self)
      : element_(reinterpret_cast<GstElement*>(self)), base_(reinterpret_cast<GstBaseSink*>(self)), session_(element_) {
    gst_base_sink_set_sync(base_, FALSE);
    // Messages may never come, and the session must begin all the same.
    gst_base_sink_set_async_enabled(base_, FALSE);
  }

  static void classInit(GstRtcDataSinkClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  void setContext(GstContext* context) { session_.setContext(context); }
  rtc::Session* session() const { return session_.session(); }

  // On the streaming thread.
  bool setCaps(const GstCaps* caps);
  GstFlowReturn render(GstBuffer* buffer);
  rtc::Outbox::Pass awaitRoom(rtc::Outbox& box);
  void drain();

  void unlock() { outbox()->interrupt(); }
  void unlockStop() { outbox()->resume(); }

 private:
  using Box = std::shared_ptr<rtc::Outbox>;

  Box outbox() const { return outbox_.copy(); }
  bool start();
  void stop();
  // On the session's thread.
  void pump();
  void report();
  void fail(const std::string& what);

  GstElement* const element_;
  GstBaseSink* const base_;
  rtc::ElementSession session_;
  rtc::ChannelProperties properties_{true};
  std::atomic<guint64> max_bytes_ = kDefaultMaxBytes;
  const rtc::ElementChannels::SharedState state_ = rtc::ElementChannels::makeState();
  rtc::Guarded<Box> outbox_{std::make_shared<rtc::Outbox>(kDefaultMaxBytes)};
  std::unique_ptr<rtc::ElementChannels> channels_;
  bool text_ = false;
};

}  // namespace

struct _GstRtcDataSink {
  GstBaseSink parent;
};

RTC_DEFINE_TYPE(GstRtcDataSink, gst_rtc_data_sink, GST_TYPE_BASE_SINK, DataSink);

GST_ELEMENT_REGISTER_DEFINE(rtcdatasink, "rtcdatasink", GST_RANK_NONE, GST_TYPE_RTC_DATA_SINK)

namespace {

void DataSink::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value) || properties_.set(id, value)) return;
  if (id == kMaxBytesProperty) {
    max_bytes_ = g_value_get_uint64(value);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

void DataSink::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value) || properties_.get(id, value)) return;
  if (id == kMaxBytesProperty) {
    g_value_set_uint64(value, max_bytes_.load());
  } else if (id == kStateProperty) {
    g_value_set_enum(value, static_cast<gint>(state_->load()));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

GstStateChangeReturn DataSink::changeState(GstStateChange change) {
  const bool starts = change == GST_STATE_CHANGE_NULL_TO_READY || change == GST_STATE_CHANGE_READY_TO_PAUSED;
  const bool stops = change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL;
  if (starts && !start()) return GST_STATE_CHANGE_FAILURE;
  const auto result = GST_ELEMENT_CLASS(gst_rtc_data_sink_parent_class)->change_state(element_, change);
  if (stops || result == GST_STATE_CHANGE_FAILURE) {
    stop();
  } else if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    session_.play();
  }
  return result;
}

bool DataSink::start() {
  if (session_.session() != nullptr) return true;
  auto wish = properties_.wish();
  if (const auto checked = rtc::core::check(wish.options); !checked) {
    GST_ELEMENT_ERROR(element_, LIBRARY, SETTINGS, ("%s", checked.error().message.c_str()), (nullptr));
    return false;
  }
  if (!session_.enter(sink_signals)) return false;
  outbox_.with([this](Box& box) { box = std::make_shared<rtc::Outbox>(max_bytes_.load()); });
  rtc::ElementChannels::Listener listener;
  listener.on_change = [this] { pump(); };
  listener.on_error = [this](const std::string& what) { fail(what); };
  channels_ = std::make_unique<rtc::ElementChannels>(rtc::ElementChannels::Audience{element_, state_signal, state_},
                                                     *session_.session(), std::move(wish),
                                                     rtc::ElementChannels::Use::OnePerCall, std::move(listener));
  channels_->start();
  return true;
}

void DataSink::stop() {
  if (session_.session() == nullptr) return;
  channels_->finish();
  channels_.reset();
  session_.exit();
}

// --- Sending ---------------------------------------------------------------------------------------------------------

bool DataSink::setCaps(const GstCaps* caps) {
  text_ = rtc::areText(caps);
  return true;
}

GstFlowReturn DataSink::render(GstBuffer* buffer) {
  const auto size = gst_buffer_get_size(buffer);
  if (size > rtc::core::kMaxMessage) {
    GST_ELEMENT_ERROR(element_, RESOURCE, WRITE,
                      ("A message of %zu bytes is too large: a data channel takes %zu at most. Send smaller buffers.",
                       size, rtc::core::kMaxMessage),
                      (nullptr));
    return GST_FLOW_ERROR;
  }
  rtc::DataMessage message{text_, rtc::adopt(g_bytes_new_take(g_malloc(size), size))};
  gst_buffer_extract(buffer, 0, const_cast<gpointer>(g_bytes_get_data(message.bytes.get(), nullptr)), size);
  if (text_ && !rtc::isUtf8(message.view())) {
    GST_ELEMENT_ERROR(element_, STREAM, FORMAT,
                      ("A message of text is not UTF-8. Send it as application/octet-stream, or convert it before."),
                      (nullptr));
    return GST_FLOW_ERROR;
  }
  const auto box = outbox();
  for (;;) {
    switch (awaitRoom(*box)) {
      case rtc::Outbox::Pass::Ready:
        if (box->put(std::move(message))) channels_->post([this] { pump(); });
        return GST_FLOW_OK;
      case rtc::Outbox::Pass::Failed:
        return GST_FLOW_ERROR;
      case rtc::Outbox::Pass::Interrupted:
        if (base_->flushing != FALSE) return GST_FLOW_FLUSHING;
        if (base_->need_preroll == FALSE) break;
        if (const auto flow = gst_base_sink_wait_preroll(base_); flow != GST_FLOW_OK) return flow;
    }
  }
}

// Without the lock of the base class: the first message may come in the middle of the change to PLAYING, which needs
// that lock, and before whose end nobody is called.
rtc::Outbox::Pass DataSink::awaitRoom(rtc::Outbox& box) {
  const auto interruptions = box.interruptions();
  GST_BASE_SINK_PREROLL_UNLOCK(base_);
  const auto pass = box.awaitRoom(interruptions);
  GST_BASE_SINK_PREROLL_LOCK(base_);
  return pass;
}

void DataSink::drain() {
  const auto box = outbox();
  if (!box->used() || box->awaitTaken() != rtc::Outbox::Pass::Ready) return;
  box->expectClose();
  channels_->post([this] {
    channels_->close();
    report();
  });
  if (box->awaitClosed(kDrain) == rtc::Outbox::Pass::Failed) {
    GST_ELEMENT_WARNING(element_, RESOURCE, WRITE, ("The peer has not confirmed the last messages: they may be lost."),
                        (nullptr));
  }
}

void DataSink::pump() {
  const auto box = outbox();
  while (!channels_->open().empty()) {
    const auto* message = box->next();
    if (message == nullptr) break;
    for (const auto& channel : std::vector(channels_->open())) {
      const auto sent = channel->send({message->text, rtc::share(message->bytes)});
      if (!sent && channel->state() == rtc::DataChannel::State::Open) fail(sent.error().message);
    }
    box->drop();
  }
  report();
}

void DataSink::report() {
  for (const auto& channel : channels_->open()) channel->setLowThreshold(max_bytes_.load() / 4);
  outbox()->report(channels_->open().size(), channels_->allClosed(), channels_->mostBuffered());
}

void DataSink::fail(const std::string& what) {
  GST_ELEMENT_ERROR(element_, RESOURCE, WRITE, ("%s", what.c_str()), (nullptr));
  outbox()->fail();
}

void DataSink::classInit(GstRtcDataSinkClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_data_sink_debug, "rtcdatasink", 0, "Messages to the peers of a session");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_data_sink_impl, &gst_rtc_data_sink_parent_class>(element_class, sink_signals);
  auto* base_class = GST_BASE_SINK_CLASS(klass);
  base_class->set_caps = [](GstBaseSink* base, GstCaps* caps) noexcept -> gboolean {
    return gst_rtc_data_sink_impl(base).setCaps(caps);
  };
  base_class->render = [](GstBaseSink* base, GstBuffer* buffer) noexcept {
    return gst_rtc_data_sink_impl(base).render(buffer);
  };
  base_class->event = [](GstBaseSink* base, GstEvent* event) noexcept -> gboolean {
    if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) gst_rtc_data_sink_impl(base).drain();
    return GST_BASE_SINK_CLASS(gst_rtc_data_sink_parent_class)->event(base, event);
  };
  base_class->unlock = [](GstBaseSink* base) noexcept -> gboolean {
    gst_rtc_data_sink_impl(base).unlock();
    return TRUE;
  };
  base_class->unlock_stop = [](GstBaseSink* base) noexcept -> gboolean {
    gst_rtc_data_sink_impl(base).unlockStop();
    return TRUE;
  };

  rtc::ChannelProperties::install(object_class, true);
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(
      object_class, kMaxBytesProperty,
      g_param_spec_uint64(
          "max-bytes", "max-bytes",
          "What may wait to be sent, in bytes, before upstream is held. Some 1 MiB beside it is on its way", 1,
          G_MAXUINT32, kDefaultMaxBytes, flags));
  state_signal = rtc::ElementChannels::install(klass, kStateProperty);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "WebRTC data channel sink", "Sink/Network/WebRTC",
                                        "Sends messages on a data channel to the peers of a WebRTC session",
                                        "The gst-rtc authors");
}

}  // namespace
