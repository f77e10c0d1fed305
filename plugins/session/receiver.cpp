// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/receiver.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <optional>
#include <utility>

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/rtp_elements.hpp"
#include "plugins/session/running_time.hpp"

namespace rtc {

namespace {

Ptr<GstCaps> rtpCaps(GstPad* pad) {
  auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps) caps = adopt(gst_pad_query_caps(pad, nullptr));
  return !caps || gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get()) ? nullptr : std::move(caps);
}

std::uint32_t ssrcIn(const GstCaps* rtp) {
  guint ssrc = 0;
  gst_structure_get_uint(gst_caps_get_structure(rtp, 0), "ssrc", &ssrc);
  return ssrc;
}

void drain(GstBin* pipeline, GstPad* pad) {
  auto* fakesink = addElement(pipeline, "fakesink");
  g_object_set(fakesink, "async", FALSE, "sync", FALSE, nullptr);
  gst_element_sync_state_with_parent(fakesink);
  gst_pad_link(pad, staticPad(fakesink, "sink").get());
}

}  // namespace

Result<std::shared_ptr<Receiver>> Receiver::make(GstBin* pipeline, GstPad* pad,
                                                 const std::function<RemotePlace(std::uint32_t)>& place_of) {
  auto rtp = rtpCaps(pad);
  const auto codec = rtp ? codecOfPackets(rtp.get()) : std::nullopt;
  if (!codec) {
    drain(pipeline, pad);
    return Error{"the peer sends a codec that is not known here"};
  }
  auto* depayloader = addDepayloader(pipeline, *codec);
  auto* appsink = addElement(pipeline, "appsink");
  auto caps = adopt(gst_caps_from_string(rtpElements(*codec).caps));
  g_object_set(appsink, "async", FALSE, "sync", FALSE, nullptr);
  // Its frames come in more than one form, and this one is what all parts of a call agree on.
  if (*codec == core::Codec::H264) g_object_set(appsink, "caps", caps.get(), nullptr);
  if (!linkInRow({depayloader, appsink})) {
    drain(pipeline, pad);
    return Error{"a depayloader could not be joined"};
  }

  const auto place = place_of(ssrcIn(rtp.get()));
  auto receiver = std::shared_ptr<Receiver>(new Receiver(*codec, place, std::move(caps), std::move(rtp), share(pad)));
  receiver->takeFrames(appsink);
  receiver->hold();
  syncWithParent({depayloader, appsink});
  if (gst_pad_link(pad, staticPad(depayloader, "sink").get()) != GST_PAD_LINK_OK) {
    return Error{"a received stream could not be joined"};
  }
  return receiver;
}

Receiver::Receiver(core::Codec codec, RemotePlace place, Ptr<GstCaps> caps, Ptr<GstCaps> packets, Ptr<GstPad> pad)
    : codec_(codec),
      place_(place),
      ssrc_(ssrcIn(packets.get())),
      caps_(std::move(caps)),
      packets_(std::move(packets)),
      pad_(std::move(pad)) {}

void Receiver::hold() {
  hold_ = gst_pad_add_probe(
      pad_.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer) noexcept { return GST_PAD_PROBE_OK; }, nullptr, nullptr);
}

void Receiver::open(std::shared_ptr<StreamSink> sink) {
  takePackets(sink && sink->takesPackets());
  sink_.with([&](std::shared_ptr<StreamSink>& current) { current = std::move(sink); });
  if (hold_ != 0) gst_pad_remove_probe(pad_.get(), std::exchange(hold_, 0));
}

void Receiver::close() {
  const auto sink = sink_.with([](std::shared_ptr<StreamSink>& current) { return std::exchange(current, nullptr); });
  if (sink) sink->end();
}

void Receiver::onFrame(OnFrame on_frame) {
  on_frame_ = std::move(on_frame);
}

void Receiver::wishKeyFrame() const {
  gst_pad_send_event(pad_.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

void Receiver::takeFrames(GstElement* appsink) {
  using Weak = std::weak_ptr<Receiver>;
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer data) noexcept {
    const auto sample = adopt(gst_app_sink_pull_sample(from));
    const auto receiver = static_cast<Weak*>(data)->lock();
    if (!sample || !receiver) return GST_FLOW_OK;
    ++receiver->frames_;
    auto* frame = gst_sample_get_buffer(sample.get());
    receiver->bytes_ += gst_buffer_get_size(frame);
    if (!GST_BUFFER_FLAG_IS_SET(frame, GST_BUFFER_FLAG_DELTA_UNIT)) ++receiver->key_frames_;
    auto stamped = inRunningTime(frame, gst_sample_get_segment(sample.get()));
    const auto sink = receiver->sink();
    if (receiver->on_frame_) {
      receiver->on_frame_(lateness(GST_ELEMENT(from), GST_BUFFER_PTS(stamped.get())), sink ? sink->decodingTook() : 0);
    }
    if (sink && !sink->takesPackets()) sink->push(std::move(stamped));
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(appsink), &callbacks, new Weak(weak_from_this()),
                             [](gpointer data) noexcept { delete static_cast<Weak*>(data); });
}

void Receiver::takePackets(bool wanted) {
  if (wanted == (packet_probe_ != 0)) return;
  if (!wanted) {
    gst_pad_remove_probe(pad_.get(), std::exchange(packet_probe_, 0));
    return;
  }
  // Beside the depayloader, which counts their frames and asks for key frames.
  const auto pass = [self = weak_from_this()](GstPad* pad, GstPadProbeInfo* info) {
    const auto receiver = self.lock();
    const auto sink = receiver ? receiver->sink() : nullptr;
    const auto segment = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
    if (!sink || !segment) return GST_PAD_PROBE_OK;
    const GstSegment* times = nullptr;
    gst_event_parse_segment(segment.get(), &times);
    sink->push(inRunningTime(GST_PAD_PROBE_INFO_BUFFER(info), times));
    return GST_PAD_PROBE_OK;
  };
  packet_probe_ = addProbe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, pass);
}

}  // namespace rtc
