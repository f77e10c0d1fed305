// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcsignalsrc
 * @title: rtcsignalsrc
 * @short_description: receives media from the peers of a WebRTC session
 *
 * Each stream that a peer of the session sends appears as a pad: `video_%u` or `audio_%u`, decoded, or with
 * `output=encoded` as the peer encoded it, or with `output=rtp` in its packets. When the call ends, the pad ends with
 * EOS and goes away. A pad that is not linked harms nobody.
 *
 * Elements of one pipeline with the same `session` share one login, and with each peer one connection: with
 * `rtcsignalsink` beside it, a call is two-way.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 rtcsignalsrc user=viewer peer=cam ! videoconvert ! autovideosink
 * ]|
 * Calls the user `cam` and shows the picture that comes.
 *
 * A call is also a URI, `rtc://[USER[:TOKEN]@]HOST[:PORT]/PEER` (`rtcs://` for a service with TLS), which `playbin` and
 * `gst-play-1.0` play.
 */
#include "plugins/signal/gstrtcsignalsrc.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/gobject.hpp"
#include "base/guarded.hpp"
#include "plugins/core/call_uri.hpp"
#include "plugins/session/element_session.hpp"
#include "plugins/signal/output_stream.hpp"

GST_DEBUG_CATEGORY_STATIC(rtc_signal_src_debug);
#define GST_CAT_DEFAULT rtc_signal_src_debug

namespace {

using rtc::core::Kind;

using rtc::Output;

constexpr guint kOutputProperty = rtc::ElementSession::kFirstOwnProperty;

GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE("video_%u", GST_PAD_SRC, GST_PAD_SOMETIMES,
                            GST_STATIC_CAPS("video/x-raw; video/x-vp8; video/x-vp9; "
                                            "video/x-h264, stream-format=byte-stream, alignment=au; "
                                            "video/x-av1, stream-format=obu-stream, alignment=tu; "
                                            "application/x-rtp, media=video, clock-rate=90000, "
                                            "encoding-name={VP8, VP9, H264, AV1}"));
GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SRC, GST_PAD_SOMETIMES,
                            GST_STATIC_CAPS("audio/x-raw; audio/x-opus; "
                                            "application/x-rtp, media=audio, clock-rate=48000, encoding-name=OPUS"));

rtc::SessionSignals src_signals;

GType outputType() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        {static_cast<gint>(Output::Raw), "Decoded pictures and sound", "raw"},
        {static_cast<gint>(Output::Encoded), "Frames as the peer encoded them", "encoded"},
        {static_cast<gint>(Output::Rtp), "RTP packets as the peer sent them, in order", "rtp"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstRtcSignalSrcOutput", values);
  }();
  return type;
}

class SignalSrc final : private rtc::MediaSink {
 public:
  explicit SignalSrc(GstRtcSignalSrc* self)
      : element_(reinterpret_cast<GstElement*>(self)), bin_(reinterpret_cast<GstBin*>(self)), session_(element_) {
    GST_OBJECT_FLAG_SET(element_, GST_ELEMENT_FLAG_SOURCE);
    gst_bin_set_suppressed_flags(bin_, static_cast<GstElementFlags>(GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK));
  }

  static void classInit(GstRtcSignalSrcClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  void setContext(GstContext* context) { session_.setContext(context); }
  rtc::Session* session() const { return session_.session(); }
  bool setUri(const char* uri, GError** error);
  gchar* uri() const { return g_strdup(uri_.copy().c_str()); }

 private:
  using Streams = std::vector<std::shared_ptr<rtc::OutputStream>>;

  std::shared_ptr<rtc::StreamSink> open(const rtc::StreamStart& start) override;
  void complete() override { gst_element_no_more_pads(element_); }
  void set(rtc::Setting setting, const std::string& text);
  bool start();
  void stop();
  std::string freePadName(Kind kind) const;
  void removeSoon(std::weak_ptr<rtc::OutputStream> ended);
  void remove(const std::shared_ptr<rtc::OutputStream>& stream);

  GstElement* const element_;
  GstBin* const bin_;
  rtc::ElementSession session_;
  rtc::Guarded<Output> output_{Output::Raw};
  rtc::Guarded<std::string> uri_;  ///< without the token
  rtc::Guarded<Streams> streams_;
};

}  // namespace

struct _GstRtcSignalSrc {
  GstBin parent;
};

static void handleUris(GType type);

RTC_DEFINE_TYPE_WITH_CODE(GstRtcSignalSrc, gst_rtc_signal_src, GST_TYPE_BIN, SignalSrc, handleUris(g_define_type_id););

static void initUriHandler(gpointer interface, gpointer) noexcept {
  auto* handler = static_cast<GstURIHandlerInterface*>(interface);
  handler->get_type = [](GType) noexcept { return GST_URI_SRC; };
  handler->get_protocols = [](GType) noexcept {
    static const gchar* const protocols[] = {"rtc", "rtcs", nullptr};
    return protocols;
  };
  handler->get_uri = [](GstURIHandler* self) noexcept { return gst_rtc_signal_src_impl(self).uri(); };
  handler->set_uri = [](GstURIHandler* self, const gchar* uri, GError** error) noexcept -> gboolean {
    return gst_rtc_signal_src_impl(self).setUri(uri, error);
  };
}

static void handleUris(GType type) {
  static const GInterfaceInfo handler = {initUriHandler, nullptr, nullptr};
  g_type_add_interface_static(type, GST_TYPE_URI_HANDLER, &handler);
}

GST_ELEMENT_REGISTER_DEFINE(rtcsignalsrc, "rtcsignalsrc", GST_RANK_NONE, GST_TYPE_RTC_SIGNAL_SRC)

namespace {

void SignalSrc::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value)) return;
  if (id == kOutputProperty) {
    output_.with([value](Output& output) { output = static_cast<Output>(g_value_get_enum(value)); });
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

void SignalSrc::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value)) return;
  if (id == kOutputProperty) {
    g_value_set_enum(value, static_cast<gint>(output_.copy()));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

bool SignalSrc::setUri(const char* text, GError** error) {
  if (session_.session() != nullptr) {
    g_set_error(error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE, "the URI of rtcsignalsrc can only be set in NULL");
    return false;
  }
  const auto parsed = rtc::core::parseCallUri(text);
  if (!parsed) {
    g_set_error(error, GST_URI_ERROR, GST_URI_ERROR_BAD_URI, "%s", parsed.error().message.c_str());
    return false;
  }
  const auto& [server, user, token, peer, shown] = parsed.value();
  const auto guest = "guest-" + std::to_string(g_random_int());
  set(rtc::Setting::Server, server);
  set(rtc::Setting::User, user.empty() ? guest : user);
  set(rtc::Setting::Token, token);
  set(rtc::Setting::Peer, peer);
  uri_.with([&said = shown](std::string& uri) { uri = said; });
  return true;
}

void SignalSrc::set(rtc::Setting setting, const std::string& text) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, G_TYPE_STRING);
  g_value_set_string(&value, text.c_str());
  session_.setProperty(static_cast<guint>(setting), &value);
  g_value_unset(&value);
}

GstStateChangeReturn SignalSrc::changeState(GstStateChange change) {
  const bool starts = change == GST_STATE_CHANGE_NULL_TO_READY || change == GST_STATE_CHANGE_READY_TO_PAUSED;
  const bool stops = change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL;
  if (starts && !start()) return GST_STATE_CHANGE_FAILURE;
  if (stops) stop();
  const auto result = GST_ELEMENT_CLASS(gst_rtc_signal_src_parent_class)->change_state(element_, change);
  if (result == GST_STATE_CHANGE_FAILURE) {
    stop();
    return result;
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) session_.play();
  const bool to_paused = change == GST_STATE_CHANGE_READY_TO_PAUSED || change == GST_STATE_CHANGE_PLAYING_TO_PAUSED;
  return to_paused ? GST_STATE_CHANGE_NO_PREROLL : result;  // what comes from a peer is live
}

bool SignalSrc::start() {
  if (session_.session() != nullptr) return true;
  if (!session_.enter(src_signals)) return false;
  session_.session()->setSink(this);
  return true;
}

void SignalSrc::stop() {
  if (session_.session() != nullptr) {
    session_.session()->setSink(nullptr);
    session_.exit();
  }
  for (const auto& stream : streams_.with([](Streams& streams) { return std::exchange(streams, {}); }))
    stream->remove();
}

std::shared_ptr<rtc::StreamSink> SignalSrc::open(const rtc::StreamStart& start) {
  rtc::OutputStream::Options options;
  const auto kind = rtc::core::traits(start.codec).kind;
  options.pad_name = freePadName(kind);
  options.codec = start.codec;
  options.output = output_.copy();
  options.wish_key_frame = start.wish_key_frame;
  options.on_finished = [this](std::weak_ptr<rtc::OutputStream> ended) { removeSoon(std::move(ended)); };
  GST_INFO_OBJECT(element_, "%s is a stream of %s", options.pad_name.c_str(), start.peer.c_str());

  auto* templ = gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(element_),
                                                   kind == Kind::Video ? "video_%u" : "audio_%u");
  const auto* caps = options.output == Output::Rtp ? start.packets : start.caps;
  auto stream = rtc::OutputStream::make(bin_, templ, caps, std::move(options));
  if (!stream) {
    GST_ELEMENT_ERROR(element_, CORE, MISSING_PLUGIN, ("%s", stream.error().message.c_str()), (nullptr));
    return nullptr;
  }
  streams_.with([&](Streams& streams) { streams.push_back(stream.value()); });
  gst_element_post_message(element_, gst_message_new_latency(GST_OBJECT(element_)));
  return std::move(stream).value();
}

std::string SignalSrc::freePadName(Kind kind) const {
  for (guint number = 0;; ++number) {
    auto name = std::string(rtc::core::word(kind)) + "_" + std::to_string(number);
    if (!rtc::adopt(gst_element_get_static_pad(element_, name.c_str()))) return name;
  }
}

void SignalSrc::removeSoon(std::weak_ptr<rtc::OutputStream> ended) {
  using Ended = std::weak_ptr<rtc::OutputStream>;
  // The thread that brings the end cannot wait for its own end.
  gst_element_call_async(
      element_,
      [](GstElement* element, gpointer stream) noexcept {
        if (const auto alive = static_cast<Ended*>(stream)->lock()) gst_rtc_signal_src_impl(element).remove(alive);
      },
      new Ended(std::move(ended)), [](gpointer stream) noexcept { delete static_cast<Ended*>(stream); });
}

void SignalSrc::remove(const std::shared_ptr<rtc::OutputStream>& stream) {
  streams_.with([&](Streams& streams) { std::erase(streams, stream); });
  stream->remove();
}

void SignalSrc::classInit(GstRtcSignalSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_signal_src_debug, "rtcsignalsrc", 0, "Media from the peers of a session");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_signal_src_impl, &gst_rtc_signal_src_parent_class>(element_class, src_signals);
  g_object_class_install_property(
      object_class, kOutputProperty,
      g_param_spec_enum(
          "output", "output",
          "What the pads give: decoded media, frames as the peer encoded them, or their RTP packets", outputType(),
          static_cast<gint>(Output::Raw),
          static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)));
  gst_element_class_add_static_pad_template(element_class, &video_template);
  gst_element_class_add_static_pad_template(element_class, &audio_template);
  gst_element_class_set_static_metadata(element_class, "WebRTC call source", "Source/Network/WebRTC",
                                        "Receives media from the peers of a WebRTC session", "The gst-rtc authors");
  gst_type_mark_as_plugin_api(outputType(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(rtc::acceptPolicyType(), static_cast<GstPluginAPIFlags>(0));
}

}  // namespace
