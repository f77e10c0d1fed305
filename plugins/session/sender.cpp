// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sender.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/rtp/gstrtphdrext.h>
#include <gst/video/video.h>

#include <string>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/rtp_elements.hpp"

namespace rtc {

namespace {

/// More than this waiting means that the peer's path is stuck: frames are dropped up to the next key frame.
constexpr guint64 kMaxQueuedFrames = 60;

/// A peer bears less than its encoder aims at, if less than so much of it.
constexpr double kSlower = 0.9;

/// The RTP format as the description has it.
Ptr<GstCaps> rtpCaps(const core::SendLine& line, guint32 ssrc) {
  const auto& codec = core::traits(line.codec);
  auto caps = adopt(gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, core::word(codec.kind).data(),
                                        "encoding-name", G_TYPE_STRING, codec.encoding.data(), "clock-rate", G_TYPE_INT,
                                        codec.clock_rate, "payload", G_TYPE_INT, line.payload_type, "ssrc", G_TYPE_UINT,
                                        ssrc, nullptr));
  if (line.codec == core::Codec::Opus) gst_caps_set_simple(caps.get(), "encoding-params", G_TYPE_STRING, "2", nullptr);
  if (line.transport_cc) {
    gst_caps_set_simple(caps.get(), ("extmap-" + std::to_string(*line.transport_cc)).c_str(), G_TYPE_STRING,
                        core::kTransportCc.data(), nullptr);
  }
  return caps;
}

/// Each packet bears its number in the transport, so that the receiver can report when it came.
void numberPackets(GstElement* payloader, guint id) {
  const auto extension = sink(gst_element_factory_make("rtphdrexttwcc", nullptr));
  if (!extension) return;
  gst_rtp_header_extension_set_id(GST_RTP_HEADER_EXTENSION(extension.get()), id);
  g_signal_emit_by_name(payloader, "add-extension", extension.get());
}

/// Lost packets of a picture are asked for again (RFC 4585 section 6.2.1, RFC 4588), in both directions, or computed
/// from the others. Those of sound would come too late; Opus repairs itself.
void repair(GstPad* sink_pad, unsigned fec_percentage) {
  GObject* object = nullptr;
  g_object_get(sink_pad, "transceiver", &object, nullptr);
  const auto transceiver = adopt(object);
  if (!transceiver) return;
  g_object_set(transceiver.get(), "do-nack", TRUE, nullptr);
  if (fec_percentage == 0) return;
  gst_util_set_object_arg(transceiver.get(), "fec-type", "ulp-red");
  g_object_set(transceiver.get(), "fec-percentage", fec_percentage, nullptr);
}

}  // namespace

Result<std::shared_ptr<Sender>> Sender::make(GstBin* pipeline, GstElement* webrtcbin, const core::SendLine& line,
                                             unsigned fec_percentage) {
  auto sender = std::shared_ptr<Sender>(new Sender(pipeline, line));
  const auto pad_name = "sink_" + std::to_string(line.mline);
  const auto sink_pad = adopt(gst_element_request_pad_simple(webrtcbin, pad_name.c_str()));
  if (!sink_pad) return Error{"webrtcbin has no pad for a stream"};
  if (line.kind == core::Kind::Video) repair(sink_pad.get(), fec_percentage);
  if (auto built = sender->build(sink_pad.get()); !built) return built.error();
  return sender;
}

Sender::Sender(GstBin* pipeline, const core::SendLine& line)
    : pipeline_(pipeline), line_(line), ssrc_(g_random_int()) {}

Sender::~Sender() {
  attach(nullptr);
}

Result<Done> Sender::build(GstPad* sink_pad) {
  caps_ = share(addElement(pipeline_, "capssetter"));
  g_object_set(caps_.get(), "join", FALSE, "replace", TRUE, nullptr);
  if (gst_pad_link(staticPad(caps_.get(), "src").get(), sink_pad) != GST_PAD_LINK_OK) {
    return Error{"a stream could not be joined to webrtcbin"};
  }
  takeAnyFormat();
  gst_element_sync_state_with_parent(caps_.get());
  return addPayloader();
}

Result<Done> Sender::addPayloader() {
  appsrc_ = share(addElement(pipeline_, "appsrc"));
  payloader_ = share(rtc::addPayloader(pipeline_, line_.codec));
  if (!payloader_) return Error{sentence(missingElements({rtpElements(line_.codec).payloader}))};
  g_object_set(appsrc_.get(), "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes", guint64{0}, "max-buffers",
               guint64{0}, "caps", adopt(gst_caps_from_string(rtpElements(line_.codec).caps)).get(), nullptr);
  g_object_set(payloader_.get(), "pt", static_cast<guint>(line_.payload_type), "ssrc", ssrc_, nullptr);
  if (line_.transport_cc) numberPackets(payloader_.get(), static_cast<guint>(*line_.transport_cc));
  announce();
  watchRequests();
  if (!linkInRow({appsrc_.get(), payloader_.get(), caps_.get()})) return Error{"a payloader could not be joined"};
  syncWithParent({appsrc_.get(), payloader_.get()});
  return Done{};
}

Result<Done> Sender::change(const core::SendLine& line) {
  if (line == line_) return Done{};
  line_ = line;
  for (const auto& element : {appsrc_.get(), payloader_.get()}) gst_element_set_state(element, GST_STATE_NULL);
  for (const auto& element : {appsrc_.get(), payloader_.get()}) gst_bin_remove(pipeline_, element);
  return addPayloader();
}

void Sender::attach(const std::shared_ptr<MediaSource>& source) {
  media_ = source;
  const auto fan_out = source ? source->fanOut(line_.codec) : nullptr;
  const auto old = source_.with([&](std::weak_ptr<FanOut>& current) { return std::exchange(current, fan_out).lock(); });
  if (old) old->unsubscribe(this);
  if (!fan_out) return;
  needs_key_frame_ = true;
  fan_out->subscribe(shared_from_this());
}

void Sender::takeAnyFormat() const {
  // webrtcbin's pad asks for the format that it was made with, also when another one was negotiated since.
  gst_pad_add_probe(
      staticPad(caps_.get(), "sink").get(), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
        auto* query = GST_PAD_PROBE_INFO_QUERY(info);
        if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
          gst_query_set_accept_caps_result(query, TRUE);
          return GST_PAD_PROBE_HANDLED;
        }
        if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return GST_PAD_PROBE_OK;
        GstCaps* filter = nullptr;
        gst_query_parse_caps(query, &filter);
        const auto any = filter != nullptr ? share(filter) : adopt(gst_caps_new_any());
        gst_query_set_caps_result(query, any.get());
        return GST_PAD_PROBE_HANDLED;
      },
      nullptr, nullptr);
}

void Sender::announce() const {
  const auto caps = rtpCaps(line_, ssrc_);
  g_object_set(caps_.get(), "caps", caps.get(), nullptr);
  // Some payloaders know their format only once they see a frame, and there is none before the description.
  const auto pad = staticPad(caps_.get(), "sink");
  gst_pad_send_event(pad.get(), gst_event_new_stream_start(GST_PAD_NAME(pad.get())));
  gst_pad_send_event(pad.get(), gst_event_new_caps(caps.get()));
}

void Sender::feed(GstBuffer* frame) {
  const auto now = SteadyClock().now();
  thin(now);
  const bool key_frame = !GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
  auto* appsrc = GST_APP_SRC(appsrc_.get());
  if (gst_app_src_get_current_level_buffers(appsrc) >= kMaxQueuedFrames) {
    needs_key_frame_ = true;
    return;
  }
  if (kind() == core::Kind::Video && needs_key_frame_) {
    if (!key_frame) {
      if (thinning_.with([now](core::Thinning& thinning) { return thinning.mayWish(now); })) wishKeyFrame();
      return;
    }
    needs_key_frame_ = false;
  }
  const auto size = gst_buffer_get_size(frame);
  if (kind() == core::Kind::Video &&
      !thinning_.with([&](core::Thinning& thinning) { return thinning.pass(size, now); })) {
    needs_key_frame_ = true;
    return;
  }
  ++frames_;
  bytes_ += size;
  if (key_frame) ++key_frames_;
  gst_app_src_push_buffer(appsrc, release(share(frame)));
}

void Sender::thin(Instant now) {
  // An encoder that aims at no more than this peer bears needs no thinning.
  auto allowance = allowance_.copy();
  const auto source = fanOut();
  if (allowance && source && source->encodes() && source->target() * kSlower <= *allowance) allowance.reset();
  thinning_.with([&](core::Thinning& thinning) { thinning.allow(allowance, now); });
}

void Sender::allow(core::Allowance allowance) {
  if (allowance_.copy() == allowance) return;
  allowance_.with([&](core::Allowance& now) { now = allowance; });
  if (const auto source = fanOut()) source->retarget();
}

void Sender::expectLoss(unsigned percent) {
  if (expected_loss_.exchange(percent) == percent) return;
  if (const auto source = fanOut()) source->retarget();
}

void Sender::watchRequests() {
  if (kind() != core::Kind::Video) return;
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
