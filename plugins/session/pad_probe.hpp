// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pad probes with lambdas as handlers: the lambda lives as long as the probe.
#pragma once

#include <gst/gst.h>

#include <utility>

namespace rtc {

/// Buffers, alone or in lists.
constexpr int kAnyBuffer = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST;

/// Calls `handler(pad, info)` for what is of these types (`GstPadProbeType`), on the thread that brings it.
template <typename F>
gulong addProbe(GstPad* pad, int types, F handler) {
  return gst_pad_add_probe(
      pad, static_cast<GstPadProbeType>(types),
      [](GstPad* at, GstPadProbeInfo* info, gpointer data) noexcept { return (*static_cast<F*>(data))(at, info); },
      new F(std::move(handler)), [](gpointer data) noexcept { delete static_cast<F*>(data); });
}

/// Whether a handler is called with a buffer alone, of all that it may be called with.
inline bool hasBuffer(const GstPadProbeInfo* info) {
  return (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0;
}

/// Whether `holds(buffer)` for each buffer of `kAnyBuffer`.
template <typename F>
bool allBuffers(GstPadProbeInfo* info, F holds) {
  if (hasBuffer(info)) return holds(GST_PAD_PROBE_INFO_BUFFER(info));
  auto* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
  for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
    if (!holds(gst_buffer_list_get(list, i))) return false;
  }
  return true;
}

/// Calls `hear(buffer)` for each of them.
template <typename F>
void eachBuffer(GstPadProbeInfo* info, F hear) {
  allBuffers(info, [&hear](GstBuffer* buffer) {
    hear(buffer);
    return true;
  });
}

/// The buffer that a handler is called with, to be changed in its place.
inline GstBuffer* writableBuffer(GstPadProbeInfo* info) {
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return buffer;
}

}  // namespace rtc
