// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/pipeline_host.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <thread>

RTC_OWN_COUNTED(GstClock, gst_object_ref, gst_object_unref);

namespace rtc::app {

struct PipelineHost::Callbacks {
  static gboolean message(GstBus*, GstMessage* message, gpointer data) noexcept {
    auto* self = static_cast<PipelineHost*>(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY) {
      gst_bin_recalculate_latency(GST_BIN(self->pipeline_.get()));
    } else {
      self->on_message_(message);
    }
    return G_SOURCE_CONTINUE;
  }
};

PipelineHost::PipelineHost(Ptr<GstElement> pipeline, std::function<void(GstMessage*)> on_message)
    : pipeline_(std::move(pipeline)), on_message_(std::move(on_message)) {
  // Sinks come and go with the calls. A clock of one of theirs would be lost with it, in the middle of everything.
  gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), adopt(gst_system_clock_obtain()).get());
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  watch_ = adopt(gst_bus_create_watch(bus.get()));
  g_source_set_callback(watch_.get(), G_SOURCE_FUNC(Callbacks::message), this, nullptr);
  g_source_attach(watch_.get(), nullptr);
}

PipelineHost::~PipelineHost() {
  g_source_destroy(watch_.get());
}

Result<Done> PipelineHost::start() {
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return Done{};
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  return Error{message ? errorText(message.get()) : "The pipeline did not start."};
}

bool PipelineHost::stop(Duration limit) {
  g_source_destroy(watch_.get());
  auto stopped = std::make_shared<std::promise<void>>();
  auto done = stopped->get_future();
  // On a thread of its own, with a reference of its own: an element that hangs must not take the program with it.
  std::thread([stopped, pipeline = gst_object_ref(pipeline_.get())] {
    gst_element_set_state(GST_ELEMENT(pipeline), GST_STATE_NULL);
    gst_object_unref(pipeline);
    stopped->set_value();
  }).detach();
  return done.wait_for(limit) == std::future_status::ready;
}

std::string errorText(GstMessage* message) {
  Out<GError> error;
  gst_message_parse_error(message, &error, nullptr);
  return error->message;
}

}  // namespace rtc::app
