// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sctp_streams.hpp"

#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

namespace {

/// How long `webrtcbin` may take to hand on a message that SCTP has delivered.
constexpr Duration kDelivery{100};

std::optional<guint> numberOf(GstPad* pad, const char* format) {
  guint id = 0;
  return std::sscanf(GST_PAD_NAME(pad), format, &id) == 1 ? std::optional(id) : std::nullopt;
}

Duration::rep now() {
  return SteadyClock().now().time_since_epoch().count();
}

core::PacketContent contentOf(GstBuffer* packet) {
  GstMapInfo map;
  if (!gst_buffer_map(packet, &map, GST_MAP_READ)) return {};
  const auto content = core::contentOf({map.data, map.size});
  gst_buffer_unmap(packet, &map);
  return content;
}

}  // namespace

void SctpStreams::watch(GstElement* webrtcbin) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added", [self = shared_from_this()](GstBin*, GstElement* child) {
        auto* factory = gst_element_get_factory(child);
        const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
        if (type == "sctpenc") self->watchEncoder(child);
        if (type == "sctpdec") self->watchDecoder(child);
      });
}

std::shared_ptr<SctpStream> SctpStreams::stream(guint id) {
  return streams_.with([&](auto& streams) {
    auto& stream = streams[id];
    if (!stream) stream = std::make_shared<SctpStream>(held_);
    return stream;
  });
}

void SctpStreams::watchEncoder(GstElement* encoder) {
  connectSignal<void(GstPad*)>(encoder, "pad-added", [self = shared_from_this()](GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) == GST_PAD_SINK) self->addSender(pad);
  });
}

void SctpStreams::watchDecoder(GstElement* decoder) {
  connectSignal<void(GstPad*)>(decoder, "pad-added", [self = shared_from_this()](GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) == GST_PAD_SRC) self->addReceiver(pad);
  });
  connectSignal<void(GstPad*)>(decoder, "pad-removed",
                               [self = shared_from_this()](GstPad* pad) { self->removeReceiver(pad); });
  addProbe(staticPad(decoder, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER,
           [self = shared_from_this()](GstPad*, GstPadProbeInfo* info) {
             return self->admit(GST_PAD_PROBE_INFO_BUFFER(info));
           });
}

void SctpStreams::addSender(GstPad* pad) {
  const auto id = numberOf(pad, "sink_%u");
  if (!id) return;
  const auto stream = streams_.with([&](auto& streams) {
    auto& current = streams[*id];
    // One that was closed before under the same number is over.
    if (!current || current->hasSender()) current = std::make_shared<SctpStream>(held_);
    return current;
  });
  stream->setSender(pad);
  addProbe(pad, GST_PAD_PROBE_TYPE_BUFFER, [stream](GstPad*, GstPadProbeInfo* info) {
    stream->leave(writableBuffer(info));
    return GST_PAD_PROBE_OK;
  });
}

void SctpStreams::addReceiver(GstPad* pad) {
  const auto id = numberOf(pad, "src_%u");
  if (!id) return;
  const auto stream = this->stream(*id);
  addProbe(pad, GST_PAD_PROBE_TYPE_BUFFER, [self = shared_from_this(), stream](GstPad*, GstPadProbeInfo* info) {
    const bool shown = stream->arrive(GST_PAD_PROBE_INFO_BUFFER(info));
    if (*self->held_ > kMaxHeldBytes) self->flood();
    return shown ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  });
  if (++opened_ >= kMaxStreams) flood();
}

void SctpStreams::flood() {
  if (!flooded_.exchange(true)) listener_.on_flood();
}

void SctpStreams::removeReceiver(GstPad* pad) {
  const auto id = numberOf(pad, "src_%u");
  if (id) streams_.with([id](auto& streams) { streams.erase(*id); });
}

GstPadProbeReturn SctpStreams::admit(GstBuffer* packet) {
  if (flooded_) return GST_PAD_PROBE_DROP;
  listener_.on_packet();
  const auto content = contentOf(packet);
  const auto at = now();
  if (content.data) last_data_ = at;
  if (!content.reset_request || content.reset_request == put_off_ || at - last_data_ >= kDelivery.count()) {
    return GST_PAD_PROBE_OK;
  }
  // What the peer said last may still lie before the stream's thread, and the reset would empty that queue. The peer
  // asks again once its timer tells it that the request was lost.
  put_off_ = content.reset_request;
  return GST_PAD_PROBE_DROP;
}

}  // namespace rtc
