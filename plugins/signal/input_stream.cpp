// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/input_stream.hpp"

#include <algorithm>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/rtp_elements.hpp"
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

void takeOut(GstBin* bin, const std::vector<Ptr<GstElement>>& elements) {
  for (const auto& element : elements) {
    gst_element_set_locked_state(element.get(), TRUE);
    gst_element_set_state(element.get(), GST_STATE_NULL);
  }
  for (const auto& element : elements) gst_bin_remove(bin, element.get());
}

}  // namespace

InputStream::InputStream(GstBin* bin, core::Kind kind, const char* name, GstPadTemplate* templ, Options options)
    : bin_(bin), options_(std::move(options)), source_(std::make_shared<MediaSource>(kind)) {
  source_->setOnTarget(options_.on_target);
  clocksync_ = share(addElement(bin, "clocksync"));
  tee_ = share(addElement(bin, "tee"));
  rest_ = share(addElement(bin, "fakesink"));
  g_object_set(rest_.get(), "async", FALSE, "sync", FALSE, nullptr);
  gst_element_link(tee_.get(), rest_.get());
  watchInput();
  syncWithParent({clocksync_.get(), tee_.get(), rest_.get()});
  pad_ = sink(gst_rtc_stream_pad_new(name, staticPad(clocksync_.get(), "sink").get(), templ));
  mute_handler_ = connectSignal<void(GParamSpec*)>(pad_.get(), "notify::mute",
                                                   [on_mute = options_.on_mute](GParamSpec*) { on_mute(); });
  gst_pad_set_active(pad_.get(), TRUE);
  gst_element_add_pad(GST_ELEMENT(bin), pad_.get());
}

InputStream::~InputStream() {
  source_->setOnTarget(nullptr);
  g_signal_handler_disconnect(pad_.get(), mute_handler_);
  // The clocksync first: it may be waiting for the clock with a frame in its hands, and its thread may just be building
  // what follows. It has done so when this returns, and behind it nothing moves then.
  gst_element_set_locked_state(clocksync_.get(), TRUE);
  gst_element_set_state(clocksync_.get(), GST_STATE_NULL);
  gst_pad_set_active(pad_.get(), FALSE);
  removeHead();
  std::vector<Ptr<GstElement>> all;
  all.push_back(std::move(clocksync_));
  all.push_back(std::move(tee_));
  all.push_back(std::move(rest_));
  takeOut(bin_, all);
  gst_element_remove_pad(GST_ELEMENT(bin_), pad_.get());
}

bool InputStream::padMuted() const {
  return gst_rtc_stream_pad_is_muted(GST_RTC_STREAM_PAD(pad_.get())) != FALSE;
}

void InputStream::watchInput() {
  // What follows the clocksync depends on what comes, and on who wants it.
  const auto arrives = [this](GstPad*, GstPadProbeInfo* info) {
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) == 0) return frameArrives();
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    return capsArrive(caps);
  };
  addProbe(staticPad(clocksync_.get(), "src").get(), kAnyBuffer | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, arrives);
}

GstPadProbeReturn InputStream::capsArrive(const GstCaps* caps) {
  const auto format = InputFormat::of(caps);
  if (format && format == format_) return GST_PAD_PROBE_OK;
  removeHead();
  auto built = format ? buildHead(*format) : Result<Done>(Error{"the stream is in a format that no call carries"});
  if (!built) {
    options_.on_error(built.error().message);
    return GST_PAD_PROBE_DROP;
  }
  format_ = format;
  source_->setGiven(format->codec);
  return GST_PAD_PROBE_OK;
}

Result<Done> InputStream::buildHead(const InputFormat& format) {
  // A live source paces itself; one that reads a file must be held to its time-stamps, or it is over in a moment.
  g_object_set(clocksync_.get(), "sync", !isLive(pad_.get()), nullptr);
  const auto factories = format.head();
  if (const auto missing = missingElements(factories); !missing.empty()) return Error{sentence(missing)};
  auto* last = clocksync_.get();
  for (const auto& factory : factories) {
    auto* element = addElement(bin_, factory.c_str());
    head_.push_back(share(element));
    if (factory == "capsfilter") {
      g_object_set(element, "caps", adopt(gst_caps_from_string(rtpElements(*format.codec).caps)).get(), nullptr);
    }
    // Who joins later needs the parameter sets, too: they go with each key frame.
    if (factory == "h264parse") g_object_set(element, "config-interval", -1, nullptr);
    setIfThere(element, "max-errors", "-1");
    gst_element_sync_state_with_parent(element);
    if (!gst_element_link(last, element)) return Error{"the stream does not fit a call: " + factory + " refused it"};
    last = element;
  }
  if (!gst_element_link(last, tee_.get())) return Error{"the stream does not fit a call"};
  return Done{};
}

void InputStream::removeHead() {
  auto ended = encodings_.with([](Encodings& encodings) { return std::exchange(encodings, {}); });
  ended.clear();
  codecs_seen_ = 0;
  format_.reset();
  auto* last = head_.empty() ? clocksync_.get() : head_.back().get();
  gst_element_unlink(last, tee_.get());
  takeOut(bin_, std::exchange(head_, {}));
}

GstPadProbeReturn InputStream::frameArrives() {
  if (!format_) return GST_PAD_PROBE_DROP;
  if (source_->codecs() != codecs_seen_) addEncodings();
  if (format_->form != InputFormat::Form::Jpeg && format_->form != InputFormat::Form::Raw) return GST_PAD_PROBE_OK;
  const auto fan_outs = source_->fanOuts();
  const bool wanted =
      std::any_of(fan_outs.begin(), fan_outs.end(), [](const auto& each) { return each.second->wanted(); });
  return wanted ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

void InputStream::addEncodings() {
  const auto fan_outs = source_->fanOuts();
  codecs_seen_ = fan_outs.size();
  for (const auto& [codec, fan_out] : fan_outs) {
    const auto known = encodings_.with([codec = codec](const Encodings& all) { return all.contains(codec); });
    if (known) continue;
    auto made = Encoding::make(bin_, tee_.get(),
                               {codec, format_->codec, fan_out,
                                [this, codec = codec](GstElement* encoder) { options_.on_encoder(codec, encoder); }});
    if (!made) options_.on_error(made.error().message);
    auto encoding = made ? std::move(made).value() : nullptr;
    encodings_.with([&, codec = codec](Encodings& all) { all[codec] = std::move(encoding); });
    fan_out->wishKeyFrame();
  }
}

void InputStream::foresee() const {
  if (source_->given()) return;
  const auto caps = adopt(gst_pad_peer_query_caps(pad_.get(), nullptr));
  if (!caps || gst_caps_is_any(caps.get()) || gst_caps_is_empty(caps.get())) return;
  const auto first = InputFormat::of(caps.get());
  for (guint i = 0; i < gst_caps_get_size(caps.get()); ++i) {
    const auto one = adopt(gst_caps_copy_nth(caps.get(), i));
    if (InputFormat::of(one.get()) != first) return;
  }
  if (first) source_->setGiven(first->codec);
}

}  // namespace rtc
