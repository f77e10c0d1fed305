// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sender.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/rtp/gstrtphdrext.h>
#include <gst/video/video.h>

#include <string>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"

namespace rtc {

namespace {

/// More than this waiting means that the peer's path is stuck: frames are dropped up to the next key frame.
constexpr guint64 kMaxQueuedFrames = 60;

/// RFC 8834 section 5: packets that fit any path's MTU.
constexpr guint kMtu = 1200;

Ptr<GstCaps> inputCaps(core::Kind kind) {
  if (kind == core::Kind::Video) return adopt(gst_caps_new_empty_simple("video/x-vp8"));
  // RFC 7587 section 7: Opus is always announced as 48 kHz stereo, whatever is inside.
  return adopt(gst_caps_from_string("audio/x-opus, rate=48000, channels=2, channel-mapping-family=0"));
}

/// Each packet bears its number in the transport, so that the receiver can report when it came.
void numberPackets(GstElement* payloader, guint id) {
  const auto extension = sink(gst_element_factory_make("rtphdrexttwcc", nullptr));
  if (!extension) return;
  gst_rtp_header_extension_set_id(GST_RTP_HEADER_EXTENSION(extension.get()), id);
  g_signal_emit_by_name(payloader, "add-extension", extension.get());
}

/// Lost packets of a picture are asked for again (RFC 4585 section 6.2.1, RFC 4588), in both directions. Those of sound
/// would come too late; Opus repairs itself.
void retransmit(GstPad* sink_pad) {
  GObject* object = nullptr;
  g_object_get(sink_pad, "transceiver", &object, nullptr);
  const auto transceiver = adopt(object);
  if (transceiver) g_object_set(transceiver.get(), "do-nack", TRUE, nullptr);
}

GstElement* addPayloader(GstBin* pipeline, const core::SendLine& line) {
  auto* payloader = addElement(pipeline, line.kind == core::Kind::Video ? "rtpvp8pay" : "rtpopuspay");
  if (payloader == nullptr) return nullptr;
  g_object_set(payloader, "mtu", kMtu, "pt", static_cast<guint>(line.payload_type), nullptr);
  if (line.kind == core::Kind::Video) {
    gst_util_set_object_arg(G_OBJECT(payloader), "picture-id-mode", "15-bit");  // lets receivers tell a lost frame
  }
  if (line.transport_cc) numberPackets(payloader, static_cast<guint>(*line.transport_cc));
  return payloader;
}

/// Calls `on_ready` once the pad has its caps: then webrtcbin can negotiate with them.
void watchCaps(GstPad* pad, std::function<void()> on_ready) {
  connectSignal<void(GParamSpec*)>(pad, "notify::caps",
                                   [pad, on_ready = std::move(on_ready), said = false](GParamSpec*) mutable {
                                     if (said || !gst_pad_has_current_caps(pad)) return;
                                     said = true;
                                     on_ready();
                                   });
}

}  // namespace

Result<std::shared_ptr<Sender>> Sender::make(GstBin* pipeline, GstElement* webrtcbin, const core::SendLine& line,
                                             std::function<void()> on_ready) {
  auto* appsrc = addElement(pipeline, "appsrc");
  auto* payloader = addPayloader(pipeline, line);
  if (appsrc == nullptr || payloader == nullptr) return Error{"a payloader could not be made"};
  const auto caps = inputCaps(line.kind);
  g_object_set(appsrc, "caps", caps.get(), "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes", guint64{0},
               "max-buffers", guint64{0}, nullptr);

  const auto pad_name = "sink_" + std::to_string(line.mline);
  const auto sink_pad = adopt(gst_element_request_pad_simple(webrtcbin, pad_name.c_str()));
  const auto src_pad = staticPad(payloader, "src");
  if (sink_pad && line.kind == core::Kind::Video) retransmit(sink_pad.get());
  if (sink_pad) watchCaps(sink_pad.get(), std::move(on_ready));
  if (!sink_pad || !linkInRow({appsrc, payloader}) || gst_pad_link(src_pad.get(), sink_pad.get()) != GST_PAD_LINK_OK) {
    return Error{"a stream could not be joined to webrtcbin"};
  }

  auto sender = std::shared_ptr<Sender>(new Sender(line, share(appsrc), share(sink_pad)));
  sender->watchRequests();
  syncWithParent({appsrc, payloader});
  return sender;
}

Sender::Sender(const core::SendLine& line, Ptr<GstElement> appsrc, Ptr<GstPad> rtp)
    : kind_(line.kind), section_(line.mline), appsrc_(std::move(appsrc)), rtp_(std::move(rtp)) {}

Sender::~Sender() {
  attach(nullptr);
}

std::uint32_t Sender::ssrc() const {
  const auto caps = adopt(gst_pad_get_current_caps(rtp_.get()));
  guint ssrc = 0;
  if (caps) gst_structure_get_uint(gst_caps_get_structure(caps.get(), 0), "ssrc", &ssrc);
  return ssrc;
}

std::string Sender::encoding() const {
  const auto caps = adopt(gst_pad_get_current_caps(rtp_.get()));
  const auto* name = caps ? gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "encoding-name") : nullptr;
  return name == nullptr ? std::string() : name;
}

void Sender::attach(std::shared_ptr<FanOut> source) {
  const auto old = source_.with([&](std::weak_ptr<FanOut>& current) { return std::exchange(current, source).lock(); });
  if (old) old->unsubscribe(this);
  if (!source) return;
  needs_key_frame_ = true;
  source->subscribe(shared_from_this());
}

void Sender::feed(GstBuffer* frame) {
  const bool key_frame = !GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
  auto* appsrc = GST_APP_SRC(appsrc_.get());
  if (gst_app_src_get_current_level_buffers(appsrc) >= kMaxQueuedFrames) {
    needs_key_frame_ = true;
    return;
  }
  if (kind_ == core::Kind::Video && needs_key_frame_) {
    if (!key_frame) {
      wishKeyFrame();
      return;
    }
    needs_key_frame_ = false;
  }
  ++frames_;
  bytes_ += gst_buffer_get_size(frame);
  if (key_frame) ++key_frames_;
  gst_app_src_push_buffer(appsrc, release(share(frame)));
}

void Sender::watchRequests() {
  if (kind_ != core::Kind::Video) return;
  using Weak = std::weak_ptr<Sender>;
  // A PLI or FIR from the peer (RFC 4585 section 6.3.1, RFC 5104 section 4.3.1) comes up the pipeline as a request.
  gst_pad_add_probe(
      staticPad(appsrc_.get(), "src").get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
        if (!gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info))) return GST_PAD_PROBE_OK;
        if (const auto sender = static_cast<Weak*>(data)->lock()) sender->wishKeyFrame();
        return GST_PAD_PROBE_DROP;
      },
      new Weak(weak_from_this()), [](gpointer data) noexcept { delete static_cast<Weak*>(data); });
}

void Sender::wishKeyFrame() const {
  if (const auto source = source_.copy().lock()) source->wishKeyFrame();
}

}  // namespace rtc
