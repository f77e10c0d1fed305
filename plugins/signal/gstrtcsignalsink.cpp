// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-rtcsignalsink
 * @title: rtcsignalsink
 * @short_description: sends media to the peers of a WebRTC session
 *
 * Media that enters here goes to every peer of the session: those that the session calls (`peer`), and those that call
 * it. Each request pad is one stream. Raw video and audio are encoded here, once, however many peers there are; VP8 and
 * Opus are passed on as they come.
 *
 * Elements of one pipeline with the same `session` share one login, and with each peer one connection: with
 * `rtcsignalsrc` beside it, a call is two-way.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 videotestsrc is-live=true ! rtcsignalsink user=cam
 * ]|
 * Waits to be called, and sends a test picture to everyone who calls the user `cam`.
 *
 * Every change of a call is an element message `rtc-call` on the bus, every login one called `rtc-session`, and once a
 * second each call has a message `rtc-stats`.
 */
#include "plugins/signal/gstrtcsignalsink.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "base/gobject.hpp"
#include "base/guarded.hpp"
#include "plugins/session/element_session.hpp"
#include "plugins/signal/gstrtcstreampad.h"
#include "plugins/signal/input_stream.hpp"

GST_DEBUG_CATEGORY_STATIC(rtc_signal_sink_debug);
#define GST_CAT_DEFAULT rtc_signal_sink_debug

namespace {

using rtc::core::Kind;

constexpr rtc::core::BitrateBounds kDefaultVideoBitrate{50'000, 1'000'000};
constexpr guint kDefaultAudioBitrate = 48'000;
constexpr guint kMinVideoBitrateProperty = rtc::ElementSession::kFirstOwnProperty;
constexpr guint kMaxVideoBitrateProperty = rtc::ElementSession::kFirstOwnProperty + 1;
constexpr guint kAudioBitrateProperty = rtc::ElementSession::kFirstOwnProperty + 2;
constexpr guint kMuteVideoProperty = rtc::ElementSession::kFirstOwnProperty + 3;
constexpr guint kMuteAudioProperty = rtc::ElementSession::kFirstOwnProperty + 4;
constexpr guint kTargetBitrateProperty = rtc::ElementSession::kFirstOwnProperty + 5;
constexpr guint kCongestionControlProperty = rtc::ElementSession::kFirstOwnProperty + 6;

GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE(
    "video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS("video/x-raw; image/jpeg; video/x-vp8; video/x-vp9; video/x-h264; video/x-av1; "
                    "application/x-rtp, media=video, clock-rate=90000, "
                    "encoding-name={VP8, VP9, H264, AV1}"));
GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS("audio/x-raw; audio/x-opus; "
                                            "application/x-rtp, media=audio, clock-rate=48000, encoding-name=OPUS"));

rtc::SessionSignals sink_signals;
guint encoder_setup_signal = 0;
GParamSpec* target_bitrate_spec = nullptr;

class SignalSink {
 public:
  explicit SignalSink(GstRtcSignalSink* self)
      : element_(reinterpret_cast<GstElement*>(self)), bin_(reinterpret_cast<GstBin*>(self)), session_(element_) {
    GST_OBJECT_FLAG_SET(element_, GST_ELEMENT_FLAG_SINK);
    gst_bin_set_suppressed_flags(bin_, static_cast<GstElementFlags>(GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK));
  }

  static void classInit(GstRtcSignalSinkClass* klass);

  void setProperty(guint id, const GValue* value, GParamSpec* spec);
  void getProperty(guint id, GValue* value, GParamSpec* spec) const;
  GstStateChangeReturn changeState(GstStateChange change);
  GstPad* requestPad(GstPadTemplate* templ, const gchar* name);
  void releasePad(GstPad* pad);
  void setContext(GstContext* context) { session_.setContext(context); }
  static bool answer(GstQuery* query);
  rtc::Session* session() const { return session_.session(); }
  void dispose() {
    // Taken out first: no lock is held while elements change their state.
    const auto ended = streams_.with([](Streams& streams) { return std::exchange(streams, {}); });
  }

 private:
  struct Bitrates {
    rtc::core::BitrateBounds video = kDefaultVideoBitrate;
    guint audio = kDefaultAudioBitrate;
    bool follow_path = true;
    void apply(rtc::MediaSource& to) const {
      to.setBounds(to.kind() == Kind::Video ? video : rtc::core::BitrateBounds{audio, audio});
      to.setFollowsPath(follow_path);
    }
  };
  using Streams = std::vector<std::unique_ptr<rtc::InputStream>>;

  std::vector<std::shared_ptr<rtc::MediaSource>> sources() const;
  void mute();
  void setBitrate(guint id, const GValue* value);
  guint targetBitrate() const;
  bool start();
  void stop();

  GstElement* const element_;
  GstBin* const bin_;
  rtc::ElementSession session_;
  rtc::Guarded<Bitrates> bitrates_;
  std::atomic<bool> mute_video_ = false;
  std::atomic<bool> mute_audio_ = false;
  rtc::Guarded<Streams> streams_;
  guint next_video_ = 0;
  guint next_audio_ = 0;
};

}  // namespace

struct _GstRtcSignalSink {
  GstBin parent;
};

RTC_DEFINE_TYPE(GstRtcSignalSink, gst_rtc_signal_sink, GST_TYPE_BIN, SignalSink);

GST_ELEMENT_REGISTER_DEFINE(rtcsignalsink, "rtcsignalsink", GST_RANK_NONE, GST_TYPE_RTC_SIGNAL_SINK)

namespace {

void SignalSink::setProperty(guint id, const GValue* value, GParamSpec* spec) {
  if (session_.setProperty(id, value)) return;
  if (id == kMinVideoBitrateProperty || id == kMaxVideoBitrateProperty || id == kAudioBitrateProperty ||
      id == kCongestionControlProperty) {
    setBitrate(id, value);
  } else if (id == kMuteVideoProperty || id == kMuteAudioProperty) {
    (id == kMuteVideoProperty ? mute_video_ : mute_audio_) = g_value_get_boolean(value) != FALSE;
    mute();
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

void SignalSink::getProperty(guint id, GValue* value, GParamSpec* spec) const {
  if (session_.getProperty(id, value)) return;
  if (id == kMinVideoBitrateProperty) {
    g_value_set_uint(value, bitrates_.copy().video.least);
  } else if (id == kMaxVideoBitrateProperty) {
    g_value_set_uint(value, bitrates_.copy().video.most);
  } else if (id == kAudioBitrateProperty) {
    g_value_set_uint(value, bitrates_.copy().audio);
  } else if (id == kTargetBitrateProperty) {
    g_value_set_uint(value, targetBitrate());
  } else if (id == kCongestionControlProperty) {
    g_value_set_boolean(value, bitrates_.copy().follow_path);
  } else if (id == kMuteVideoProperty || id == kMuteAudioProperty) {
    g_value_set_boolean(value, id == kMuteVideoProperty ? mute_video_ : mute_audio_);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(element_, id, spec);
  }
}

void SignalSink::setBitrate(guint id, const GValue* value) {
  const auto changed = bitrates_.with([id, value](Bitrates& bitrates) {
    if (id == kCongestionControlProperty) {
      bitrates.follow_path = g_value_get_boolean(value) != FALSE;
    } else {
      auto& video = bitrates.video;
      (id == kAudioBitrateProperty      ? bitrates.audio
       : id == kMinVideoBitrateProperty ? video.least
                                        : video.most) = g_value_get_uint(value);
    }
    return bitrates;
  });
  for (const auto& source : sources()) {
    changed.apply(*source);
    // In a session its thread alone speaks to encoders of their rates.
    if (auto* session = session_.session()) {
      session->post([source] { source->retarget(); });
    } else {
      source->retarget();
    }
  }
}

guint SignalSink::targetBitrate() const {
  guint sum = 0;
  for (const auto& source : sources()) sum += source->target();
  return sum;
}

GstStateChangeReturn SignalSink::changeState(GstStateChange change) {
  const bool starts = change == GST_STATE_CHANGE_NULL_TO_READY || change == GST_STATE_CHANGE_READY_TO_PAUSED;
  const bool stops = change == GST_STATE_CHANGE_PAUSED_TO_READY || change == GST_STATE_CHANGE_READY_TO_NULL;
  if (starts && !start()) return GST_STATE_CHANGE_FAILURE;
  if (stops) stop();
  const auto result = GST_ELEMENT_CLASS(gst_rtc_signal_sink_parent_class)->change_state(element_, change);
  if (result == GST_STATE_CHANGE_FAILURE) {
    stop();
  } else if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    session_.play();
  }
  return result;
}

bool SignalSink::start() {
  if (session_.session() != nullptr) return true;
  if (!session_.enter(sink_signals)) return false;
  streams_.with([](const Streams& streams) {
    for (const auto& stream : streams) stream->foresee();
  });
  for (auto& source : sources()) session_.session()->addSource(std::move(source));
  return true;
}

void SignalSink::stop() {
  if (session_.session() == nullptr) return;
  for (const auto& source : sources()) session_.session()->removeSource(source);
  session_.exit();
}

void SignalSink::mute() {
  using Mute = std::pair<std::shared_ptr<rtc::MediaSource>, bool>;
  const auto mutes = streams_.with([this](const Streams& streams) {
    std::vector<Mute> list;
    for (const auto& stream : streams) {
      const bool all = stream->source()->kind() == Kind::Video ? mute_video_ : mute_audio_;
      list.emplace_back(stream->source(), all || stream->padMuted());
    }
    return list;
  });
  for (const auto& [source, muted] : mutes) source->setMuted(muted);
  if (auto* session = session_.session()) session->sourceMuted();
}

std::vector<std::shared_ptr<rtc::MediaSource>> SignalSink::sources() const {
  return streams_.with([](const Streams& streams) {
    std::vector<std::shared_ptr<rtc::MediaSource>> sources;
    for (const auto& stream : streams) sources.push_back(stream->source());
    return sources;
  });
}

GstPad* SignalSink::requestPad(GstPadTemplate* templ, const gchar* wanted) {
  const auto kind = g_str_has_prefix(GST_PAD_TEMPLATE_NAME_TEMPLATE(templ), "video") ? Kind::Video : Kind::Audio;
  auto& next = kind == Kind::Video ? next_video_ : next_audio_;
  std::string name = wanted != nullptr ? wanted : "";
  if (name.empty() || name.find('%') != std::string::npos) {
    do {
      name = std::string(rtc::core::word(kind)) + "_" + std::to_string(next++);
    } while (rtc::adopt(gst_element_get_static_pad(element_, name.c_str())));
  } else if (rtc::adopt(gst_element_get_static_pad(element_, name.c_str()))) {
    GST_WARNING_OBJECT(element_, "there is a pad %s already", name.c_str());
    return nullptr;
  }
  rtc::InputStream::Options options;
  options.on_mute = [this] { mute(); };
  options.on_target = [this] { g_object_notify_by_pspec(G_OBJECT(element_), target_bitrate_spec); };
  options.on_error = [this](const std::string& what) {
    GST_ELEMENT_ERROR(element_, STREAM, ENCODE, ("%s", what.c_str()), (nullptr));
  };
  options.on_encoder = [this](rtc::core::Codec codec, GstElement* encoder) {
    g_signal_emit(element_, encoder_setup_signal, 0, rtc::core::word(codec).data(), encoder);
  };
  auto stream = std::make_unique<rtc::InputStream>(bin_, kind, name.c_str(), templ, std::move(options));
  auto* pad = stream->pad();
  auto source = stream->source();
  bitrates_.copy().apply(*source);
  streams_.with([&](Streams& streams) { streams.push_back(std::move(stream)); });
  mute();
  if (auto* session = session_.session()) session->addSource(std::move(source));
  return pad;
}

void SignalSink::releasePad(GstPad* pad) {
  auto released = streams_.with([pad](Streams& streams) {
    const auto found =
        std::find_if(streams.begin(), streams.end(), [pad](const auto& each) { return each->pad() == pad; });
    if (found == streams.end()) return std::unique_ptr<rtc::InputStream>();
    auto stream = std::move(*found);
    streams.erase(found);
    return stream;
  });
  if (!released) return;
  if (auto* session = session_.session()) session->removeSource(released->source());
}

bool SignalSink::answer(GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return false;
  // Nothing here waits for the pipeline's latency: what the source and the encoder take must not hold up what is played
  // beside them.
  gst_query_set_latency(query, TRUE, 0, GST_CLOCK_TIME_NONE);
  return true;
}

void SignalSink::classInit(GstRtcSignalSinkClass* klass) {
  GST_DEBUG_CATEGORY_INIT(rtc_signal_sink_debug, "rtcsignalsink", 0, "Media to the peers of a session");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  rtc::ElementSession::install<gst_rtc_signal_sink_impl, &gst_rtc_signal_sink_parent_class>(element_class,
                                                                                            sink_signals);
  object_class->dispose = [](GObject* object) noexcept {
    gst_rtc_signal_sink_impl(object).dispose();
    G_OBJECT_CLASS(gst_rtc_signal_sink_parent_class)->dispose(object);
  };
  element_class->query = [](GstElement* element, GstQuery* query) noexcept -> gboolean {
    return SignalSink::answer(query) || GST_ELEMENT_CLASS(gst_rtc_signal_sink_parent_class)->query(element, query);
  };
  element_class->request_new_pad = [](GstElement* element, GstPadTemplate* templ, const gchar* name,
                                      const GstCaps*) noexcept {
    return gst_rtc_signal_sink_impl(element).requestPad(templ, name);
  };
  element_class->release_pad = [](GstElement* element, GstPad* pad) noexcept {
    gst_rtc_signal_sink_impl(element).releasePad(pad);
  };
  const auto live = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(
      object_class, kMinVideoBitrateProperty,
      g_param_spec_uint("min-video-bitrate", "min-video-bitrate",
                        "Of each raw video stream once encoded, in bit/s: on a path with room for less it rests",
                        10'000, 50'000'000, kDefaultVideoBitrate.least, live));
  g_object_class_install_property(
      object_class, kMaxVideoBitrateProperty,
      g_param_spec_uint("max-video-bitrate", "max-video-bitrate",
                        "Of each raw video stream once encoded, in bit/s: on a path with room for more it has this",
                        10'000, 50'000'000, kDefaultVideoBitrate.most, live));
  g_object_class_install_property(
      object_class, kAudioBitrateProperty,
      g_param_spec_uint("audio-bitrate", "audio-bitrate", "Of each raw audio stream once encoded, in bit/s", 6'000,
                        510'000, kDefaultAudioBitrate, live));
  target_bitrate_spec = g_param_spec_uint(
      "target-bitrate", "target-bitrate", "What the encoders aim at now, all together, in bit/s", 0, G_MAXUINT, 0,
      static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  g_object_class_install_property(object_class, kTargetBitrateProperty, target_bitrate_spec);
  g_object_class_install_property(
      object_class, kCongestionControlProperty,
      g_param_spec_boolean("congestion-control", "congestion-control",
                           "Pictures take no more than the path to each peer has room for", TRUE, live));
  g_object_class_install_property(
      object_class, kMuteVideoProperty,
      g_param_spec_boolean("mute-video", "mute-video", "Sends no picture, and tells the peers so", FALSE, live));
  g_object_class_install_property(
      object_class, kMuteAudioProperty,
      g_param_spec_boolean("mute-audio", "mute-audio", "Sends no sound, and tells the peers so", FALSE, live));
  /**
   * rtcsignalsink::encoder-setup:
   * @codec: `vp8`, `vp9`, `h264`, `av1` or `opus`
   * @encoder: the encoder
   *
   * An encoder was made, with our settings, and is about to start: the place for others. On a streaming thread.
   */
  encoder_setup_signal = g_signal_new("encoder-setup", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                                      nullptr, G_TYPE_NONE, 2, G_TYPE_STRING, GST_TYPE_ELEMENT);
  gst_element_class_add_static_pad_template_with_gtype(element_class, &video_template, GST_TYPE_RTC_STREAM_PAD);
  gst_element_class_add_static_pad_template_with_gtype(element_class, &audio_template, GST_TYPE_RTC_STREAM_PAD);
  gst_element_class_set_static_metadata(element_class, "WebRTC call sink", "Sink/Network/WebRTC",
                                        "Sends media to the peers of a WebRTC session", "The gst-rtc authors");
  gst_type_mark_as_plugin_api(rtc::acceptPolicyType(), static_cast<GstPluginAPIFlags>(0));
}

}  // namespace
