// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/live_output.hpp"

#include <utility>

#include "app/missing_elements.hpp"

namespace rtc::app {

namespace {

/// In µs. GStreamer's sinks keep 200 ms of sound before the loudspeaker, for which pictures wait as well.
constexpr gint64 kInTheSpeaker = 60'000;

/// A bin that is what its sink cannot be: one that does not open must not stop the stream before it.
struct RtcSpeakerShell {
  GstBin bin;
};
struct RtcSpeakerShellClass {
  GstBinClass parent;
};
G_DEFINE_TYPE(RtcSpeakerShell, rtc_speaker_shell, GST_TYPE_BIN)

GstStateChangeReturn changeState(GstElement* element, GstStateChange change) noexcept {
  const auto result = GST_ELEMENT_CLASS(rtc_speaker_shell_parent_class)->change_state(element, change);
  if (result != GST_STATE_CHANGE_FAILURE) return result;
  // It has told why on the bus, and is not to be asked again.
  GST_OBJECT_LOCK(element);
  for (auto* each = GST_BIN_CHILDREN(element); each != nullptr; each = each->next) {
    GST_OBJECT_FLAG_SET(each->data, GST_ELEMENT_FLAG_LOCKED_STATE);
  }
  GST_OBJECT_UNLOCK(element);
  return GST_STATE_CHANGE_SUCCESS;
}

// An automatic sink makes its own when it opens.
void elementAdded(GstBin* self, GstBin* bin, GstElement* element) noexcept {
  GST_BIN_CLASS(rtc_speaker_shell_parent_class)->deep_element_added(self, bin, element);
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "buffer-time") != nullptr) {
    g_object_set(element, "buffer-time", kInTheSpeaker, nullptr);
  }
}

void rtc_speaker_shell_class_init(RtcSpeakerShellClass* type) {
  GST_ELEMENT_CLASS(type)->change_state = changeState;
  GST_BIN_CLASS(type)->deep_element_added = elementAdded;
}

// A sink from the beginning, and whatever is in it: what comes and goes in a bin does not change what the bins around
// it are taken for, and a latency is told to sinks alone.
void rtc_speaker_shell_init(RtcSpeakerShell* self) {
  gst_bin_set_suppressed_flags(GST_BIN(self), GST_ELEMENT_FLAG_SINK);
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SINK);
}

/// While it lives, no other thread changes the element's state, nor those of its children for it: a stream that begins
/// does so on a thread of its own.
class StateLock {
 public:
  explicit StateLock(GstElement* element) : element_(element) { GST_STATE_LOCK(element_); }
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;
  ~StateLock() { GST_STATE_UNLOCK(element_); }

 private:
  GstElement* const element_;
};

}  // namespace

struct LiveOutput::Callbacks {
  /// What became of the data is nobody's concern: a stream that hears of an error stops for good.
  static GstFlowReturn tolerate(GstPad* pad, GstObject* parent, GstBuffer* buffer) noexcept {
    gst_proxy_pad_chain_default(pad, parent, buffer);
    return GST_FLOW_OK;
  }
  static GstFlowReturn tolerateList(GstPad* pad, GstObject* parent, GstBufferList* list) noexcept {
    gst_proxy_pad_chain_list_default(pad, parent, list);
    return GST_FLOW_OK;
  }
  static gboolean tolerateEvent(GstPad* pad, GstObject* parent, GstEvent* event) noexcept {
    gst_pad_event_default(pad, parent, event);
    return TRUE;
  }
  /// The formats are agreed on behind this pad, where each sink brings its converters: one that has failed takes none,
  /// and that would end the stream as well.
  static gboolean answer(GstPad* pad, GstObject* parent, GstQuery* query) noexcept {
    if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
      gst_query_set_accept_caps_result(query, TRUE);
      return TRUE;
    }
    if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return gst_pad_query_default(pad, parent, query);
    GstCaps* filter = nullptr;
    gst_query_parse_caps(query, &filter);
    const auto any = adopt(gst_caps_from_string("audio/x-raw, layout=(string)interleaved"));
    const auto fitting = filter == nullptr ? share(any) : adopt(gst_caps_intersect(filter, any.get()));
    gst_query_set_caps_result(query, fitting.get());
    return TRUE;
  }
};

std::unique_ptr<LiveOutput> LiveOutput::at(GstElement* bin, const char* joint) {
  const auto element = adopt(gst_bin_get_by_name(GST_BIN(bin), joint));
  if (!element) return nullptr;
  const auto exit = adopt(gst_element_get_static_pad(element.get(), "src"));
  if (const auto shown = adopt(gst_element_get_static_pad(bin, "src"))) gst_element_remove_pad(bin, shown.get());
  auto shell = sink(GST_ELEMENT(g_object_new(rtc_speaker_shell_get_type(), nullptr)));
  auto entry = sink(gst_ghost_pad_new_no_target("sink", GST_PAD_SINK));
  gst_pad_set_chain_function(entry.get(), Callbacks::tolerate);
  gst_pad_set_chain_list_function(entry.get(), Callbacks::tolerateList);
  gst_pad_set_event_function(entry.get(), Callbacks::tolerateEvent);
  gst_pad_set_query_function(entry.get(), Callbacks::answer);
  gst_pad_set_active(entry.get(), TRUE);
  gst_element_add_pad(shell.get(), entry.get());
  gst_bin_add(GST_BIN(bin), shell.get());
  if (GST_PAD_LINK_FAILED(gst_pad_link(exit.get(), entry.get()))) return nullptr;
  return std::unique_ptr<LiveOutput>(new LiveOutput(std::move(shell), std::move(entry)));
}

Result<Done> LiveOutput::use(const std::string& description) {
  auto made = makeBin(description);
  if (!made) return made.error();
  const StateLock lock(shell_.get());
  detach();
  sink_ = std::move(made).value();
  gst_bin_add(GST_BIN(shell_.get()), sink_.get());
  // A failure is told on the bus as well, with its reason.
  gst_element_sync_state_with_parent(sink_.get());
  const auto end = adopt(gst_element_get_static_pad(sink_.get(), "sink"));
  gst_ghost_pad_set_target(GST_GHOST_PAD(entry_.get()), end.get());
  return Done{};
}

bool LiveOutput::remove(GstObject*) {
  {
    const StateLock lock(shell_.get());
    detach();
  }
  letGoOn(shell_.get());
  return true;
}

void LiveOutput::detach() {
  gst_ghost_pad_set_target(GST_GHOST_PAD(entry_.get()), nullptr);
  if (!sink_) return;
  gst_element_set_locked_state(sink_.get(), TRUE);
  gst_element_set_state(sink_.get(), GST_STATE_NULL);
  gst_bin_remove(GST_BIN(shell_.get()), sink_.get());
  sink_.reset();
}

bool LiveOutput::has(GstObject* object) const {
  return sink_ && gst_object_has_as_ancestor(object, GST_OBJECT(sink_.get())) != FALSE;
}

}  // namespace rtc::app
