// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sender.hpp"

#include <gst/rtp/gstrtphdrext.h>
#include <gst/video/video.h>

#include <string>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/rtp_elements.hpp"

namespace rtc {

namespace {

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

/// Where frames go in: a source that is live and adds nothing. An appsrc's thread would cost more than all that
/// follows, for each stream of each peer.
Ptr<GstPad> makeInput() {
  auto pad = sink(gst_pad_new("frames", GST_PAD_SRC));
  gst_pad_set_event_function(pad.get(), [](GstPad*, GstObject*, GstEvent* event) noexcept -> gboolean {
    gst_event_unref(event);
    return TRUE;
  });
  gst_pad_set_query_function(pad.get(), [](GstPad* from, GstObject* parent, GstQuery* query) noexcept -> gboolean {
    if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(from, parent, query);
    gst_query_set_latency(query, TRUE, 0, GST_CLOCK_TIME_NONE);
    return TRUE;
  });
  gst_pad_set_active(pad.get(), TRUE);
  return pad;
}

/// Told to the payloader with the first frame.
void setFormat(GstPad* input, GstCaps* caps) {
  GstSegment times;
  gst_segment_init(&times, GST_FORMAT_TIME);
  for (auto* event : {gst_event_new_stream_start("frames"), gst_event_new_caps(caps), gst_event_new_segment(&times)}) {
    gst_pad_store_sticky_event(input, event);
    gst_event_unref(event);
  }
}

/// A payloader's packets are described in the words of the description, and no others: 1.22 takes any further word for
/// a format that was not negotiated. And webrtcbin's pad asks for the format that it was made with, also when another
/// one was negotiated since. (A capssetter would do so, too, and hand a frame's packets on one by one.)
void describe(GstPad* output, GstCaps* format) {
  addProbe(output, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, [caps = share(format)](GstPad*, GstPadProbeInfo* info) {
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_caps(caps.get());
    gst_event_unref(event);
    return GST_PAD_PROBE_OK;
  });
  addProbe(output, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, [](GstPad*, GstPadProbeInfo* info) {
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
  });
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
  const auto pad_name = "sink_" + std::to_string(line.mline);
  auto sink_pad = adopt(gst_element_request_pad_simple(webrtcbin, pad_name.c_str()));
  if (!sink_pad) return Error{"webrtcbin has no pad for a stream"};
  if (line.kind == core::Kind::Video) repair(sink_pad.get(), fec_percentage);
  auto sender = std::shared_ptr<Sender>(new Sender(pipeline, std::move(sink_pad), line));
  sender->watchRequests();
  if (auto added = sender->addPayloader(); !added) return added.error();
  return sender;
}

Sender::Sender(GstBin* pipeline, Ptr<GstPad> sink_pad, const core::SendLine& line)
    : pipeline_(pipeline), line_(line), ssrc_(g_random_int()), sink_pad_(std::move(sink_pad)), input_(makeInput()) {}

Sender::~Sender() {
  attach(nullptr);
}

Result<Done> Sender::addPayloader() {
  payloader_ = share(rtc::addPayloader(pipeline_, line_.codec));
  if (!payloader_) return Error{sentence(missingElements({rtpElements(line_.codec).payloader}))};
  g_object_set(payloader_.get(), "pt", static_cast<guint>(line_.payload_type), "ssrc", ssrc_, nullptr);
  if (line_.transport_cc) numberPackets(payloader_.get(), static_cast<guint>(*line_.transport_cc));
  const auto format = rtpCaps(line_, ssrc_);
  const auto output = staticPad(payloader_.get(), "src");
  describe(output.get(), format.get());
  // Some payloaders know their format only once they see a frame, and there is none before the description.
  gst_pad_send_event(sink_pad_.get(), gst_event_new_stream_start(GST_PAD_NAME(sink_pad_.get())));
  gst_pad_send_event(sink_pad_.get(), gst_event_new_caps(format.get()));
  setFormat(input_.get(), adopt(gst_caps_from_string(rtpElements(line_.codec).caps)).get());
  gst_element_sync_state_with_parent(payloader_.get());
  for (const auto& [from, to] :
       {std::pair{output.get(), sink_pad_.get()}, std::pair{input_.get(), staticPad(payloader_.get(), "sink").get()}}) {
    if (gst_pad_link_full(from, to, GST_PAD_LINK_CHECK_NOTHING) != GST_PAD_LINK_OK) {
      return Error{"a stream could not be joined to webrtcbin"};
    }
  }
  return Done{};
}

Result<Done> Sender::change(const core::SendLine& line) {
  if (line == line_) return Done{};
  line_ = line;
  gst_element_set_state(payloader_.get(), GST_STATE_NULL);
  gst_bin_remove(pipeline_, payloader_.get());
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

void Sender::feed(GstBuffer* frame) {
  const auto now = SteadyClock().now();
  thin(now);
  const bool key_frame = !GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT);
  // webrtcbin is not through with the description: it would hold the encoder's thread, and all other peers with it.
  if (gst_pad_is_blocked(sink_pad_.get()) != FALSE) {
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
  gst_pad_push(input_.get(), release(share(frame)));
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
  // A PLI or FIR from the peer (RFC 4585 section 6.3.1, RFC 5104 section 4.3.1) comes up the pipeline as a request.
  addProbe(input_.get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, [self = weak_from_this()](GstPad*, GstPadProbeInfo* info) {
    if (!gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info))) return GST_PAD_PROBE_OK;
    if (const auto sender = self.lock()) sender->wishKeyFrame();
    return GST_PAD_PROBE_DROP;
  });
}

void Sender::wishKeyFrame() const {
  if (const auto source = source_.copy().lock()) source->wishKeyFrame();
}

}  // namespace rtc
