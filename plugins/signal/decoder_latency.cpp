// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/signal/decoder_latency.hpp"

#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

namespace {

/// RFC 7587 section 4.2: the duration of a packet unless something else was agreed on.
constexpr GstClockTime kPacket = 20 * GST_MSECOND;

GstPadProbeReturn answer(GstPad* pad, GstPadProbeInfo* info) {
  auto* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return GST_PAD_PROBE_OK;
  const auto decoder = adopt(gst_pad_get_parent_element(pad));
  if (!decoder || gst_pad_peer_query(staticPad(decoder.get(), "sink").get(), query) == FALSE) return GST_PAD_PROBE_OK;
  gboolean live = FALSE;
  GstClockTime least = 0;
  GstClockTime most = 0;
  gst_query_parse_latency(query, &live, &least, &most);
  gst_query_set_latency(query, live, least + kPacket, GST_CLOCK_TIME_IS_VALID(most) ? most + kPacket : most);
  return GST_PAD_PROBE_HANDLED;
}

}  // namespace

void answerLatencyFor(GstElement* opus_decoder) {
  addProbe(staticPad(opus_decoder, "src").get(), GST_PAD_PROBE_TYPE_QUERY_UPSTREAM | GST_PAD_PROBE_TYPE_PUSH, answer);
}

}  // namespace rtc
