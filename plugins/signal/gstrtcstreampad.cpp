// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A sink pad of rtcsignalsink: a ghost pad that can be muted by itself.
#include "plugins/signal/gstrtcstreampad.h"

#include <atomic>

#include "base/gobject.hpp"

namespace {

enum Property : guint { kMute = 1 };

class StreamPad {
 public:
  explicit StreamPad(GstRtcStreamPad*) {}

  static void classInit(GstRtcStreamPadClass* klass);

  void setMuted(bool muted) { muted_ = muted; }
  bool muted() const { return muted_; }

 private:
  std::atomic<bool> muted_ = false;
};

}  // namespace

struct _GstRtcStreamPad {
  GstGhostPad parent;
};

RTC_DEFINE_TYPE(GstRtcStreamPad, gst_rtc_stream_pad, GST_TYPE_GHOST_PAD, StreamPad);

namespace {

void StreamPad::classInit(GstRtcStreamPadClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = [](GObject* object, guint id, const GValue* value, GParamSpec* spec) noexcept {
    if (id == kMute) {
      gst_rtc_stream_pad_impl(object).setMuted(g_value_get_boolean(value) != FALSE);
    } else {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
  };
  object_class->get_property = [](GObject* object, guint id, GValue* value, GParamSpec* spec) noexcept {
    if (id == kMute) {
      g_value_set_boolean(value, gst_rtc_stream_pad_impl(object).muted());
    } else {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
  };
  g_object_class_install_property(
      object_class, kMute,
      g_param_spec_boolean(
          "mute", "mute", "Sends nothing of this stream, and tells the peers so", FALSE,
          static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)));
}

}  // namespace

GstPad* gst_rtc_stream_pad_new(const gchar* name, GstPad* target, GstPadTemplate* templ) {
  auto* pad = GST_PAD(g_object_new(GST_TYPE_RTC_STREAM_PAD, "name", name, "direction", GST_PAD_DIRECTION(target),
                                   "template", templ, nullptr));
  gst_ghost_pad_set_target(GST_GHOST_PAD(pad), target);
  return pad;
}

gboolean gst_rtc_stream_pad_is_muted(GstRtcStreamPad* pad) {
  return gst_rtc_stream_pad_impl(pad).muted();
}
