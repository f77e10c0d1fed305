// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/encoding.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <algorithm>
#include <string>
#include <utility>

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/running_time.hpp"

namespace rtc {

Result<std::shared_ptr<Encoding>> Encoding::make(GstBin* bin, GstElement* tee, Options options) {
  auto encoding = std::shared_ptr<Encoding>(new Encoding(bin, std::move(options)));
  if (auto built = encoding->build(tee); !built) return built.error();
  return encoding;
}

Encoding::Encoding(GstBin* bin, Options options) : bin_(bin), options_(std::move(options)) {}

Encoding::~Encoding() {
  options_.fan_out->setEncoder({});
  options_.fan_out->setEncodes(false);
  for (const auto& element : elements_) {
    gst_element_set_locked_state(element.get(), TRUE);
    gst_element_set_state(element.get(), GST_STATE_NULL);
  }
  if (tee_pad_) {
    const auto tee = adopt(gst_pad_get_parent_element(tee_pad_.get()));
    if (tee) gst_element_release_request_pad(tee.get(), tee_pad_.get());
  }
  for (const auto& element : elements_) gst_bin_remove(bin_, element.get());
}

GstElement* Encoding::add(const char* factory) {
  auto* element = addElement(bin_, factory);
  if (element != nullptr) elements_.push_back(share(element));
  return element;
}

GstElement* Encoding::addFilter(const char* caps) {
  auto* filter = add("capsfilter");
  if (filter != nullptr) g_object_set(filter, "caps", adopt(gst_caps_from_string(caps)).get(), nullptr);
  return filter;
}

Result<Done> Encoding::build(GstElement* tee) {
  std::vector<GstElement*> row;
  if (options_.given != options_.codec) {
    auto made = encoderRow();
    if (!made) return made.error();
    row = std::move(made).value();
  }
  auto* appsink = add("appsink");
  if (appsink == nullptr) return Error{sentence(missingElements({"appsink"}))};
  appsink_ = share(appsink);
  g_object_set(appsink, "async", FALSE, "sync", FALSE, nullptr);
  take();
  row.push_back(appsink);
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (!gst_element_link(row[i - 1], row[i])) return Error{"the stream does not fit a call: its encoder refused it"};
  }
  for (auto element = row.rbegin(); element != row.rend(); ++element) gst_element_sync_state_with_parent(*element);
  tee_pad_ = adopt(gst_element_request_pad_simple(tee, "src_%u"));
  if (!tee_pad_ || gst_pad_link(tee_pad_.get(), staticPad(row.front(), "sink").get()) != GST_PAD_LINK_OK) {
    return Error{"the stream does not fit a call: it could not be joined to its encoder"};
  }
  takeRequests();
  return Done{};
}

Result<std::vector<GstElement*>> Encoding::encoderRow() {
  encoder_ = encoderFor(options_.codec);
  if (encoder_ == nullptr) return Error{missingEncoder(options_.codec)};
  const bool video = core::traits(options_.codec).kind == core::Kind::Video;
  const auto needed = video ? std::vector<std::string>{"queue", "videoconvert", "videoscale"}
                            : std::vector<std::string>{"queue", "audioconvert", "audioresample"};
  if (const auto missing = missingElements(needed); !missing.empty()) return Error{sentence(missing)};

  auto* queue = add("queue");
  std::vector<GstElement*> row{queue};
  if (options_.given) {
    auto* decoder = addDecoder(bin_, *options_.given);
    if (decoder == nullptr) return Error{missingDecoder(*options_.given)};
    elements_.push_back(share(decoder));
    row.push_back(decoder);
  } else if (video) {
    // A late raw frame is worth nothing: the newest one counts.
    g_object_set(queue, "max-size-buffers", 1u, "max-size-bytes", 0u, "max-size-time", guint64{0}, nullptr);
    gst_util_set_object_arg(G_OBJECT(queue), "leaky", "downstream");
  }
  watchInput(queue);
  row.push_back(add(video ? "videoconvert" : "audioconvert"));
  if (!video) row.push_back(add("audioresample"));
  if (encoder_->takes != nullptr) {
    if (video) row.push_back(add("videoscale"));
    row.push_back(addFilter(encoder_->takes));
  }
  bitrate_ = std::max(options_.fan_out->target(), options_.fan_out->bounds().floor());
  encoder_element_ = addEncoder(bin_, *encoder_, bitrate_);
  setExpectedLoss(encoder_element_, *encoder_, options_.fan_out->lossExpected());
  elements_.push_back(share(encoder_element_));
  if (encoder_->speeds) pace_.emplace(encoder_->speeds->usual, encoder_->speeds->fastest);
  options_.on_encoder(encoder_element_);
  row.push_back(encoder_element_);
  if (encoder_->gives != nullptr) row.push_back(addFilter(encoder_->gives));
  options_.fan_out->setEncodes(true);
  return row;
}

void Encoding::watchInput(GstElement* queue) {
  addProbe(staticPad(queue, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, [this](GstPad*, GstPadProbeInfo*) {
    // Nobody watches, or no path has room for it: spare the encoder.
    if (!options_.fan_out->hasRoom()) return GST_PAD_PROBE_DROP;
    frameEnters();
    return GST_PAD_PROBE_OK;
  });
}

void Encoding::frameEnters() {
  const auto now = gst_util_get_timestamp();
  const auto before = std::exchange(entered_, now);
  const auto took = std::exchange(encoding_took_, GST_CLOCK_TIME_NONE);
  if (!pace_ || !GST_CLOCK_TIME_IS_VALID(took)) return;
  const int speed = pace_->speed();
  if (pace_->encoded(core::EncoderPace::Time(took), core::EncoderPace::Time(now - before))) {
    changeSpeed(encoder_element_, *encoder_, speed, pace_->speed());
  }
}

void Encoding::take() {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink* from, gpointer self) noexcept {
    if (const auto sample = adopt(gst_app_sink_pull_sample(from))) {
      static_cast<Encoding*>(self)->frameArrives(sample.get());
    }
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(appsink_.get()), &callbacks, this, nullptr);
}

void Encoding::frameArrives(GstSample* sample) {
  if (pace_ && GST_CLOCK_TIME_IS_VALID(entered_)) encoding_took_ = gst_util_get_timestamp() - entered_;
  const auto* structure = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  int width = 0;
  int height = 0;
  if (gst_structure_get_int(structure, "width", &width) && gst_structure_get_int(structure, "height", &height)) {
    options_.fan_out->setSize(width, height);
  }
  options_.fan_out->push(inRunningTime(gst_sample_get_buffer(sample), gst_sample_get_segment(sample)).get());
}

void Encoding::takeRequests() const {
  options_.fan_out->setEncoder(control());
  // What came while it was made. A rate that `encoder-setup` has set stands until the path says something else.
  const auto target = options_.fan_out->target();
  if (encoder_element_ != nullptr && target != 0 && target != bitrate_) setBitrate(encoder_element_, *encoder_, target);
}

EncoderControl Encoding::control() const {
  EncoderControl control;
  if (encoder_element_ != nullptr) {
    const std::shared_ptr<GstElement> element = share(encoder_element_);
    control.aim = [element, encoder = encoder_](unsigned bitrate) { setBitrate(element.get(), *encoder, bitrate); };
    control.expect_loss = [element, encoder = encoder_](unsigned percent) {
      setExpectedLoss(element.get(), *encoder, percent);
    };
  }
  // What is encoded anew needs a key frame of the input too, or there is nothing to decode.
  std::vector<std::shared_ptr<GstPad>> pads{staticPad(appsink_.get(), "sink")};
  if (encoder_ != nullptr && options_.given) pads.emplace_back(staticPad(elements_.front().get(), "sink"));
  control.ask_key_frame = [pads = std::move(pads)] {
    for (const auto& pad : pads) {
      gst_pad_push_event(pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
    }
  };
  return control;
}

}  // namespace rtc
