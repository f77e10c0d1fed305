// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/output_stream.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <utility>

#include "plugins/core/playout_delay.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/encoders.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/running_time.hpp"
#include "plugins/signal/decoder_latency.hpp"

namespace rtc {

namespace {

/// More than this waiting means that the pipeline does not play: what comes is dropped up to the next key frame.
constexpr guint64 kMaxQueuedFrames = 60;
/// Likewise; a large key frame alone has hundreds.
constexpr guint64 kMaxQueuedPackets = 4'000;

constexpr auto kGranted = static_cast<GstClockTime>(core::kGranted.count()) * GST_MSECOND;
/// What follows a decoder has at least so long, until the picture is to be seen.
constexpr auto kDrawing = static_cast<GstClockTime>(core::kDrawing.count()) * GST_MSECOND;

}  // namespace

Result<std::shared_ptr<OutputStream>> OutputStream::make(GstBin* bin, GstPadTemplate* templ, const GstCaps* caps,
                                                         Options options) {
  if (options.output == Output::Raw && decoderFor(options.codec) == nullptr)
    return Error{missingDecoder(options.codec)};
  auto stream = std::shared_ptr<OutputStream>(new OutputStream(bin, std::move(options)));
  if (stream->build(templ, caps)) return stream;
  stream->remove();
  return Error{"a received stream could not be joined"};
}

OutputStream::OutputStream(GstBin* bin, Options options)
    : bin_(bin), options_(std::move(options)), row_(sink(gst_bin_new(nullptr))) {}

OutputStream::~OutputStream() {
  g_assert(removed_);
}

bool OutputStream::build(GstPadTemplate* templ, const GstCaps* caps) {
  auto* row = GST_BIN(row_.get());
  auto* appsrc = addElement(row, "appsrc");
  auto* decoder = options_.output == Output::Raw ? addDecoder(row, options_.codec) : nullptr;
  // Takes what comes when nothing is linked behind it: an unlinked pad must not end the stream.
  auto* tee = addElement(row, "tee");
  appsrc_ = share(appsrc);
  g_object_set(appsrc, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes", guint64{0}, "max-buffers",
               guint64{0}, nullptr);
  g_object_set(tee, "allow-not-linked", TRUE, nullptr);
  const bool linked = decoder != nullptr ? linkInRow({appsrc, decoder, tee}) : linkInRow({appsrc, tee});
  const auto tee_pad = adopt(gst_element_request_pad_simple(tee, "src_%u"));
  if (!linked || !tee_pad) return false;

  if (decoder != nullptr && core::traits(options_.codec).kind == core::Kind::Audio) answerLatencyFor(decoder);
  watchRequests();
  if (decodes()) watchInput();
  watchOutput(tee);
  auto* end = gst_ghost_pad_new("src", tee_pad.get());
  gst_element_add_pad(row_.get(), end);
  // Only now, as a whole: the pipeline may be changing its state, and would start the source of half a row, which then
  // pushes into what is not ready for it, and stops for good.
  gst_bin_add(bin_, row_.get());
  pad_ = sink(gst_ghost_pad_new_from_template(options_.pad_name.c_str(), end, templ));
  gst_pad_set_active(pad_.get(), TRUE);
  gst_element_add_pad(GST_ELEMENT(bin_), pad_.get());
  gst_element_sync_state_with_parent(row_.get());
  return true;
}

void OutputStream::push(Ptr<GstBuffer> buffer) {
  auto* appsrc = GST_APP_SRC(appsrc_.get());
  const auto most = takesPackets() ? kMaxQueuedPackets : kMaxQueuedFrames;
  if (gst_app_src_get_current_level_buffers(appsrc) >= most) {
    needs_key_frame_ = true;
    return;
  }
  if (takes(buffer.get())) gst_app_src_push_buffer(appsrc, release(std::move(buffer)));
}

bool OutputStream::takes(GstBuffer* buffer) {
  if (core::traits(options_.codec).kind != core::Kind::Video || !needs_key_frame_) return true;
  // A packet does not show what it is part of: whoever takes it apart begins with the key frame.
  const bool begins = takesPackets() || !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  if (takesPackets() || !begins) options_.wish_key_frame();
  if (begins) needs_key_frame_ = false;
  return begins;
}

void OutputStream::resume(const GstCaps* packets) {
  if (!takesPackets()) return;
  gst_app_src_set_caps(GST_APP_SRC(appsrc_.get()), packets);
  needs_key_frame_ = true;
}

void OutputStream::end() {
  gst_app_src_end_of_stream(GST_APP_SRC(appsrc_.get()));
}

void OutputStream::rest() {
  freezes_.with([](core::Freezes& freezes) { freezes.pause(); });
}

void OutputStream::setLatency(GstClockTime latency) {
  announced_ = latency;
  // The appsrc tells the pipeline, which asks all its elements anew.
  g_object_set(appsrc_.get(), "min-latency", static_cast<gint64>(latency), nullptr);
}

StreamSink::Counters OutputStream::counters() const {
  auto counters = counters_.copy();
  freezes_.with([&counters](const core::Freezes& freezes) {
    counters.freezes = freezes.count();
    counters.frozen = freezes.total();
  });
  return counters;
}

void OutputStream::remove() {
  if (removed_.exchange(true)) return;
  gst_element_set_locked_state(row_.get(), TRUE);
  gst_element_set_state(row_.get(), GST_STATE_NULL);
  if (pad_) {
    gst_pad_set_active(pad_.get(), FALSE);
    gst_element_remove_pad(GST_ELEMENT(bin_), pad_.get());
  }
  if (GST_OBJECT_PARENT(row_.get()) != nullptr) gst_bin_remove(bin_, row_.get());
}

void OutputStream::watchRequests() {
  const auto asks = [this](GstPad*, GstPadProbeInfo* info) {
    if (!gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info))) return GST_PAD_PROBE_OK;
    options_.wish_key_frame();
    return GST_PAD_PROBE_DROP;
  };
  addProbe(staticPad(appsrc_.get(), "src").get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, asks);
}

void OutputStream::watchInput() {
  addProbe(staticPad(appsrc_.get(), "src").get(), GST_PAD_PROBE_TYPE_BUFFER, [this](GstPad*, GstPadProbeInfo*) {
    decoding_since_ = gst_util_get_timestamp();
    return GST_PAD_PROBE_OK;
  });
}

void OutputStream::watchOutput(GstElement* last) {
  const auto passes = [this](GstPad*, GstPadProbeInfo* info) {
    if (hasBuffer(info)) {
      info->data = output(GST_PAD_PROBE_INFO_BUFFER(info));
    } else {
      outputEvent(GST_PAD_PROBE_INFO_EVENT(info));
    }
    return GST_PAD_PROBE_OK;
  };
  constexpr int kEvents = GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_UPSTREAM;
  addProbe(staticPad(last, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER | kEvents, passes);
}

GstBuffer* OutputStream::output(GstBuffer* frame) {
  counters_.with([](Counters& counters) { ++counters.decoded; });
  frameDecoded();
  if (takesPackets()) return frame;
  freezes_.with([](core::Freezes& freezes) { freezes.frame(SteadyClock().now()); });
  const bool picture = core::traits(options_.codec).kind == core::Kind::Video;
  return decodes() && picture ? shownAllTheSame(frame) : frame;
}

// What comes later than its sink was told would be dropped there, and with pictures that had to be sent again that is
// one in eight on a path that loses one packet of a hundred.
GstBuffer* OutputStream::shownAllTheSame(GstBuffer* picture) {
  const auto latency = latency_.load();
  // Without what a sink takes for itself nobody waits for the time, and nobody drops what is late.
  if (!GST_CLOCK_TIME_IS_VALID(latency) || latency < announced_ + kGranted) return picture;
  if (!GST_BUFFER_PTS_IS_VALID(picture)) return picture;
  const auto due = static_cast<GstClockTimeDiff>(GST_BUFFER_PTS(picture));
  const auto now = lateness(appsrc_.get(), 0);
  const auto soonest = std::max(now - GST_CLOCK_DIFF(kDrawing, latency), shown_late_ + 1);
  if (due >= soonest) return picture;
  shown_late_ = soonest;
  picture = gst_buffer_make_writable(picture);
  GST_BUFFER_PTS(picture) = static_cast<GstClockTime>(soonest);
  return picture;
}

void OutputStream::frameDecoded() {
  // The first one that a frame gives: what follows may have waited for a sink in between.
  const auto since = decoding_since_.exchange(GST_CLOCK_TIME_NONE);
  if (!GST_CLOCK_TIME_IS_VALID(since)) return;
  decoding_took_ = std::max(decoding_took_.load(), gst_util_get_timestamp() - since);
}

// A sink that does not play holds the end back. Whoever removes the stream would wait for that with the state locks of
// its elements, which the pipeline needs for the change of state that lets the end through.
void OutputStream::finishWhenItIsThrough() {
  addProbe(staticPad(appsrc_.get(), "src").get(), GST_PAD_PROBE_TYPE_IDLE, [this](GstPad*, GstPadProbeInfo*) {
    options_.on_finished(weak_from_this());
    return GST_PAD_PROBE_REMOVE;
  });
}

void OutputStream::outputEvent(GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    finishWhenItIsThrough();
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_LATENCY) {
    GstClockTime latency = 0;
    gst_event_parse_latency(event, &latency);
    latency_ = latency;
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    counters_.with([caps](Counters& counters) {
      const auto* structure = gst_caps_get_structure(caps, 0);
      gst_structure_get_int(structure, "width", &counters.width);
      gst_structure_get_int(structure, "height", &counters.height);
    });
  }
}

}  // namespace rtc
