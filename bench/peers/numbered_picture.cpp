// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/numbered_picture.hpp"

#include <algorithm>
#include <cstring>

namespace rtc::bench {

namespace {

constexpr unsigned kWidth = 640;
constexpr unsigned kTop = 448;
constexpr unsigned kField = 32;  // in both directions
constexpr unsigned kBits = 16;   // and as many fields with the opposite, of which the last four are left out
constexpr unsigned kChecked = 4;
constexpr guint8 kBlack = 16;
constexpr guint8 kWhite = 235;

bool bitOf(unsigned number, unsigned field) {
  return field < kBits ? ((number >> field) & 1) != 0 : ((~number >> (field - kBits)) & 1) != 0;
}

void draw(guint8* luma, unsigned number) {
  for (unsigned field = 0; field < kBits + kChecked; ++field) {
    const guint8 shade = bitOf(number, field) ? kWhite : kBlack;
    for (unsigned y = kTop; y < kTop + kField; ++y) std::memset(luma + y * kWidth + field * kField, shade, kField);
  }
}

/// -1 where there is none.
int numberIn(const guint8* luma) {
  unsigned number = 0;
  const auto is_white = [luma](unsigned field) {
    return luma[(kTop + kField / 2) * kWidth + field * kField + kField / 2] > 125;
  };
  for (unsigned field = 0; field < kBits; ++field) number |= is_white(field) ? 1U << field : 0U;
  for (unsigned field = kBits; field < kBits + kChecked; ++field) {
    if (is_white(field) != bitOf(number, field)) return -1;
  }
  return static_cast<int>(number);
}

void append(std::string& text, const std::vector<std::pair<unsigned, gint64>>& times) {
  text += '[';
  for (const auto& [number, at] : times) {
    if (text.back() != '[') text += ',';
    text += '[' + std::to_string(number) + ',' + std::to_string(at) + ']';
  }
  text += ']';
}

}  // namespace

struct NumberedPicture::Callbacks {
  static GstPadProbeReturn leaves(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto& self = *static_cast<NumberedPicture*>(data);
    auto* buffer = gst_buffer_make_writable(gst_pad_probe_info_get_buffer(info));
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    const std::lock_guard hold(self.mutex_);
    const auto number = static_cast<unsigned>(self.sent_.size());
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_WRITE) == FALSE) return GST_PAD_PROBE_OK;
    draw(map.data, number);
    gst_buffer_unmap(buffer, &map);
    self.sent_.emplace_back(number, g_get_monotonic_time());
    return GST_PAD_PROBE_OK;
  }

  static void shows(GstElement*, GstBuffer* buffer, GstPad*, gpointer data) {
    auto& self = *static_cast<NumberedPicture*>(data);
    const auto at = g_get_monotonic_time();
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return;
    const int number = map.size >= std::size_t{kWidth} * (kTop + kField) ? numberIn(map.data) : -1;
    gst_buffer_unmap(buffer, &map);
    const std::lock_guard hold(self.mutex_);
    if (number >= 0) self.shown_.emplace_back(static_cast<unsigned>(number), at);
  }
};

void NumberedPicture::number(GstPad* camera) {
  gst_pad_add_probe(camera, GST_PAD_PROBE_TYPE_BUFFER, Callbacks::leaves, this, nullptr);
}

void NumberedPicture::read(GstElement* screen) {
  // As GStreamer's windows are (GstVideoSink): what is later than that is not shown.
  g_object_set(screen, "sync", TRUE, "max-lateness", gint64{5 * GST_MSECOND}, "processing-deadline",
               guint64{15 * GST_MSECOND}, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(screen, "handoff", G_CALLBACK(Callbacks::shows), this);
}

std::string NumberedPicture::report() const {
  const std::lock_guard hold(mutex_);
  std::string text = ",\"sent\":";
  append(text, sent_);
  text += ",\"shown\":";
  append(text, shown_);
  return text;
}

}  // namespace rtc::bench
