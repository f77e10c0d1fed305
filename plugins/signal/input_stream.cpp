// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/input_stream.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <array>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/running_time.hpp"
#include "plugins/signal/codecs.hpp"
#include "plugins/signal/gstrtcstreampad.h"

namespace rtc {

namespace {

bool isLive(GstPad* pad) {
  const auto query = adopt(gst_query_new_latency());
  if (gst_pad_peer_query(pad, query.get()) == FALSE) return false;
  gboolean live = FALSE;
  gst_query_parse_latency(query.get(), &live, nullptr, nullptr);
  return live != FALSE;
}

std::vector<std::string> factoriesFor(core::Kind kind) {
  if (kind == core::Kind::Video) return {"queue", "videoconvert", "vp8enc"};
  return {"queue", "audioconvert", "audioresample", "opusenc"};
}

}  // namespace

InputStream::InputStream(GstBin* bin, core::Kind kind, const char* name, GstPadTemplate* templ, Options options)
    : bin_(bin), kind_(kind), options_(std::move(options)) {
  clocksync_ = share(addElement(bin, "clocksync"));
  appsink_ = share(addElement(bin, "appsink"));
  g_object_set(appsink_.get(), "async", FALSE, "sync", FALSE, nullptr);
  take(appsink_.get());
  // The encoder's own thread asks for key frames of the encoder: the request goes up from the appsink.
  fan_out_ = std::make_shared<FanOut>(kind, [appsink = std::shared_ptr<GstElement>(share(appsink_))] {
    const auto sink_pad = staticPad(appsink.get(), "sink");
    gst_pad_push_event(sink_pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
  });

  // What follows the clocksync depends on what comes: it is built when the first caps do.
  gst_pad_add_probe(
      staticPad(clocksync_.get(), "src").get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer self) noexcept {
        auto* event = GST_PAD_PROBE_INFO_EVENT(info);
        if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
        GstCaps* caps = nullptr;
        gst_event_parse_caps(event, &caps);
        return static_cast<InputStream*>(self)->capsArrive(caps);
      },
      this, nullptr);
  syncWithParent({clocksync_.get(), appsink_.get()});
  pad_ = sink(gst_rtc_stream_pad_new(name, staticPad(clocksync_.get(), "sink").get(), templ));
  mute_handler_ = connectSignal<void(GParamSpec*)>(pad_.get(), "notify::mute",
                                                   [on_mute = options_.on_mute](GParamSpec*) { on_mute(); });
  gst_pad_set_active(pad_.get(), TRUE);
  gst_element_add_pad(GST_ELEMENT(bin), pad_.get());
}

InputStream::~InputStream() {
  g_signal_handler_disconnect(pad_.get(), mute_handler_);
  const auto stop = [](GstElement* element) {
    gst_element_set_locked_state(element, TRUE);
    gst_element_set_state(element, GST_STATE_NULL);
  };
  // The clocksync first: it may be waiting for the clock with a frame in its hands, and its thread may just be building
  // what follows. It has done so when this returns.
  stop(clocksync_.get());
  elements_.push_back(share(appsink_));
  for (const auto& element : elements_) stop(element.get());
  elements_.push_back(std::move(clocksync_));
  gst_pad_set_active(pad_.get(), FALSE);
  for (const auto& element : elements_) gst_bin_remove(bin_, element.get());
  gst_element_remove_pad(GST_ELEMENT(bin_), pad_.get());
}

bool InputStream::padMuted() const {
  return gst_rtc_stream_pad_is_muted(GST_RTC_STREAM_PAD(pad_.get())) != FALSE;
}

GstPadProbeReturn InputStream::capsArrive(const GstCaps* caps) {
  if (const auto built = build(caps); !built) {
    options_.on_error(built.error().message);
    return GST_PAD_PROBE_DROP;
  }
  return GST_PAD_PROBE_REMOVE;
}

Result<Done> InputStream::build(const GstCaps* caps) {
  const auto whether = [](bool linked) -> Result<Done> {
    if (linked) return Done{};
    return Error{"the stream does not fit a call: it could not be joined to the encoder"};
  };
  // A live source paces itself; one that reads a file must be held to its time-stamps, or it is over in a moment.
  g_object_set(clocksync_.get(), "sync", !isLive(pad_.get()), nullptr);
  if (isEncoded(kind_, caps)) return whether(linkInRow({clocksync_.get(), appsink_.get()}));

  if (const auto missing = missingElements(factoriesFor(kind_)); !missing.empty()) {
    return Error{sentence(missing)};
  }
  auto* queue = addElement(bin_, "queue");
  auto* convert = addElement(bin_, kind_ == core::Kind::Video ? "videoconvert" : "audioconvert");
  auto* resample = kind_ == core::Kind::Audio ? addElement(bin_, "audioresample") : nullptr;
  auto* encoder = addEncoder(bin_, kind_, options_.bitrate());
  for (auto* element : {queue, convert, resample, encoder}) {
    if (element != nullptr) elements_.push_back(share(element));
  }
  if (kind_ == core::Kind::Video) {
    // A late raw frame is worth nothing: the newest one counts.
    g_object_set(queue, "max-size-buffers", 1u, "max-size-bytes", 0u, "max-size-time", guint64{0}, nullptr);
    gst_util_set_object_arg(G_OBJECT(queue), "leaky", "downstream");
  }
  dropUnwanted(staticPad(queue, "src").get());
  fan_out_->setEncodes(true);
  const bool linked = resample != nullptr ? linkInRow({queue, convert, resample, encoder, appsink_.get()})
                                          : linkInRow({queue, convert, encoder, appsink_.get()});
  for (const auto& element : elements_) gst_element_sync_state_with_parent(element.get());
  return whether(linked && linkInRow({clocksync_.get(), queue}));
}

void InputStream::dropUnwanted(GstPad* pad) {
  // Nobody watches: spare the encoder.
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer fan_out) noexcept {
        return static_cast<FanOut*>(fan_out)->wanted() ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
      },
      fan_out_.get(), nullptr);
}

void InputStream::take(GstElement* appsink) {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer self) noexcept {
    if (const auto sample = adopt(gst_app_sink_pull_sample(from))) {
      static_cast<InputStream*>(self)->frameArrives(sample.get());
    }
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(appsink), &callbacks, this, nullptr);
}

void InputStream::frameArrives(GstSample* sample) {
  const auto* structure = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  int width = 0;
  int height = 0;
  if (gst_structure_get_int(structure, "width", &width) && gst_structure_get_int(structure, "height", &height)) {
    fan_out_->setSize(width, height);
  }
  fan_out_->push(inRunningTime(sample).get());
}

}  // namespace rtc
