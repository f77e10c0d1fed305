// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/live_input.hpp"

#include <utility>

#include "app/missing_elements.hpp"

namespace rtc::app {

struct LiveInput::Callbacks {
  static GstPadProbeReturn dropEnd(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
    // A device that fails ends its stream. Ours does not end: another source takes its place.
    const bool end = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS;
    return end ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }

  static GstPadProbeReturn firstData(GstPad*, GstPadProbeInfo*, gpointer source) noexcept {
    auto* element = GST_ELEMENT(source);
    gst_element_post_message(
        element, gst_message_new_application(GST_OBJECT(element), gst_structure_new_empty("rtc-call-input-ready")));
    return GST_PAD_PROBE_OK;  // it waits here until the main thread has made room
  }
};

std::unique_ptr<LiveInput> LiveInput::at(GstElement* pipeline, const char* joint) {
  const auto element = adopt(gst_bin_get_by_name(GST_BIN(pipeline), joint));
  if (!element) return nullptr;
  return std::unique_ptr<LiveInput>(new LiveInput(pipeline, adopt(gst_element_get_static_pad(element.get(), "sink"))));
}

LiveInput::~LiveInput() {
  drop(std::move(coming_));
  drop(std::move(current_));
}

Result<Done> LiveInput::use(const std::string& description) {
  drop(std::move(coming_));
  auto made = makeBin(description);
  if (!made) return made.error();
  coming_ = std::move(made).value();
  // A source takes nothing in. An overlay's pad for text, shown as the bin's, would make it wait for some.
  if (const auto entry = adopt(gst_element_get_static_pad(coming_.get(), "sink"))) {
    gst_element_remove_pad(coming_.get(), entry.get());
  }
  const auto pad = adopt(gst_element_get_static_pad(coming_.get(), "src"));
  g_assert(pad != nullptr);
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, Callbacks::dropEnd, nullptr, nullptr);
  const auto block = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER);
  block_ = gst_pad_add_probe(pad.get(), block, Callbacks::firstData, coming_.get(), nullptr);
  gst_bin_add(GST_BIN(pipeline_.get()), coming_.get());
  // A failure is told on the bus as well, with its reason.
  gst_element_sync_state_with_parent(coming_.get());
  return Done{};
}

bool LiveInput::has(GstObject* object) const {
  for (const auto* source : {&current_, &coming_}) {
    if (*source && gst_object_has_as_ancestor(object, GST_OBJECT(source->get()))) return true;
  }
  return false;
}

bool LiveInput::remove(GstObject* part) {
  const bool is_coming = coming_ && gst_object_has_as_ancestor(part, GST_OBJECT(coming_.get()));
  drop(std::move(is_coming ? coming_ : current_));
  letGoOn(pipeline_.get());
  return coming_ == nullptr;
}

bool LiveInput::ready(GstObject* source) {
  if (!coming_ || GST_OBJECT(coming_.get()) != source) return false;
  drop(std::move(current_));
  current_ = std::move(coming_);
  const auto pad = adopt(gst_element_get_static_pad(current_.get(), "src"));
  if (GST_PAD_LINK_FAILED(gst_pad_link(pad.get(), joint_.get()))) {
    GST_WARNING_OBJECT(pad.get(), "this source does not fit");
  }
  gst_pad_remove_probe(pad.get(), std::exchange(block_, 0));
  return true;
}

void LiveInput::drop(Ptr<GstElement> source) {
  if (!source) return;
  gst_element_set_locked_state(source.get(), TRUE);
  gst_element_set_state(source.get(), GST_STATE_NULL);
  gst_bin_remove(GST_BIN(pipeline_.get()), source.get());
}

}  // namespace rtc::app
