// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/redundancy_guards.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/signal.hpp"
#include "plugins/session/early_repair.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/rtp_packet.hpp"

namespace rtc {

namespace {

/// RFC 8285 section 4.2: header extensions whose numbers and lengths share a byte.
constexpr guint16 kOneByteExtensions = 0xBEDE;

/// The bytes of a packet's header extensions; none where it has no room for any.
struct Extensions {
  guint16 profile = 0;
  std::vector<guint8> bytes;
};

std::optional<Extensions> extensionsOf(RtpPacket& packet) {
  guint16 profile = 0;
  gpointer data = nullptr;
  guint words = 0;
  if (!gst_rtp_buffer_get_extension_data(packet.get(), &profile, &data, &words)) return std::nullopt;
  const auto* bytes = static_cast<const guint8*>(data);
  return Extensions{profile, std::vector<guint8>(bytes, bytes + std::size_t{4} * words)};
}

const GstCaps* capsIn(GstPadProbeInfo* info) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return nullptr;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  return caps;
}

// --- Numbers of packets, on the way out -----------------------------------------------------------------------------

/// The number of the extension of transport-cc; 0 if there is none.
guint8 transportCcIn(const GstCaps* caps) {
  const auto* structure = gst_caps_get_structure(caps, 0);
  for (guint8 id = 1; id < 15; ++id) {
    const auto* uri = gst_structure_get_string(structure, ("extmap-" + std::to_string(id)).c_str());
    if (uri != nullptr && core::kTransportCc == uri) return id;
  }
  return 0;
}

// 1.22 writes the extension under the number 1, whatever was negotiated: the receiver would report no packet.
void renumber(GstBuffer* buffer, guint8 id) {
  RtpPacket packet(buffer, GST_MAP_READWRITE);
  guint16 profile = 0;
  gpointer bytes = nullptr;
  guint words = 0;
  if (!packet || !gst_rtp_buffer_get_extension_data(packet.get(), &profile, &bytes, &words)) return;
  if (profile != kOneByteExtensions || words == 0) return;
  auto& first = *static_cast<guint8*>(bytes);
  if (first >> 4 == 1) first = static_cast<guint8>(id << 4 | (first & 0x0f));
}

void guardEncoder(GstElement* encoder) {
  const auto number = [id = guint8{0}](GstPad*, GstPadProbeInfo* info) mutable {
    if (!hasBuffer(info)) {
      if (const auto* caps = capsIn(info)) id = transportCcIn(caps);
    } else if (id > 1) {
      renumber(writableBuffer(info), id);
    }
    return GST_PAD_PROBE_OK;
  };
  addProbe(staticPad(encoder, "src").get(), GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, number);
}

/// G20. What nobody protects takes no detour: 1.22 sends each packet through two encoders all the same, which take a
/// picture's packets out of their list, and all that follows would handle them, and send them, one by one.
void passEncoders(GstElement* encoder) {
  const auto both = adopt(gst_object_get_parent(GST_OBJECT(encoder)));
  if (!both) return;
  auto* encoders = GST_ELEMENT(both.get());
  auto pass = [way_out = staticPad(encoders, "src")](GstPad*, GstPadProbeInfo* info) {
    GST_PAD_PROBE_INFO_FLOW_RETURN(info) = hasBuffer(info)
                                               ? gst_pad_push(way_out.get(), GST_PAD_PROBE_INFO_BUFFER(info))
                                               : gst_pad_push_list(way_out.get(), GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    return GST_PAD_PROBE_HANDLED;
  };
  addProbe(staticPad(encoders, "sink").get(), kAnyBuffer, std::move(pass));
}

// --- Packets as they were protected, on the way in -------------------------------------------------------------------

/// The packet that a RED decoder is taking apart.
struct Unpacked {
  guint16 number = 0;
  std::optional<Extensions> extensions;
};

void restoreExtensions(GstBuffer* buffer, const Unpacked& unpacked) {
  RtpPacket packet(buffer, GST_MAP_READWRITE);
  if (!packet || packet.number() != unpacked.number || gst_rtp_buffer_get_extension(packet.get())) return;
  const auto& [profile, kept] = *unpacked.extensions;
  if (!gst_rtp_buffer_set_extension_data(packet.get(), profile, static_cast<guint16>(kept.size() / 4))) return;
  gpointer bytes = nullptr;
  if (gst_rtp_buffer_get_extension_data(packet.get(), nullptr, &bytes, nullptr)) {
    std::copy(kept.begin(), kept.end(), static_cast<guint8*>(bytes));
  }
}

// Redundancy is computed over whole packets, their header extensions included (RFC 5109 section 7.3). 1.22 takes those
// away with the RED: whatever is then computed from what is left is noise.
void guardUnpacking(GstElement* decoder) {
  const auto unpacked = std::make_shared<Unpacked>();
  addProbe(staticPad(decoder, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER, [unpacked](GstPad*, GstPadProbeInfo* info) {
    RtpPacket packet(GST_PAD_PROBE_INFO_BUFFER(info), GST_MAP_READ);
    if (packet) *unpacked = {packet.number(), extensionsOf(packet)};
    return GST_PAD_PROBE_OK;
  });
  addProbe(staticPad(decoder, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, [unpacked](GstPad*, GstPadProbeInfo* info) {
    if (unpacked->extensions) restoreExtensions(writableBuffer(info), *unpacked);
    return GST_PAD_PROBE_OK;
  });
}

// --- Repair ----------------------------------------------------------------------------------------------------------

// webrtcbin finds a decoder's section by its payload type, which sections of a kind share: all but one decoder would
// look for redundancy of type 0.
void guardRepair(GstElement* decoder, std::shared_ptr<const Arrivals> arrivals) {
  const auto set = [decoder, arrivals = std::move(arrivals)](GstPad*, GstPadProbeInfo* info) {
    const auto* caps = capsIn(info);
    if (caps == nullptr) return GST_PAD_PROBE_OK;
    guint ssrc = 0;
    gst_structure_get_uint(gst_caps_get_structure(caps, 0), "ssrc", &ssrc);
    const auto carried = arrivals->carried(ssrc);
    const auto redundancy = carried ? carried->redundancy : std::nullopt;
    g_object_set(decoder, "passthrough", redundancy ? FALSE : TRUE, "pt",
                 static_cast<guint>(redundancy ? redundancy->ulpfec : 0), nullptr);
    return GST_PAD_PROBE_OK;
  };
  addProbe(staticPad(decoder, "sink").get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, set);
}

void guardChild(GstElement* child, const std::shared_ptr<const Arrivals>& arrivals, bool wanted) {
  auto* factory = gst_element_get_factory(child);
  const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
  if (wanted && type == "rtpredenc") guardEncoder(child);
  if (!wanted && type == "rtpredenc") passEncoders(child);
  if (wanted && type == "rtpreddec") guardUnpacking(child);
  if (type == "rtpulpfecdec") guardRepair(child, arrivals);
}

}  // namespace

void guardRedundancy(GstElement* webrtcbin, std::shared_ptr<const Arrivals> arrivals, bool wanted) {
  if (wanted) repairEarly(webrtcbin, arrivals);
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added",
      [arrivals = std::move(arrivals), wanted](GstBin*, GstElement* child) { guardChild(child, arrivals, wanted); });
}

}  // namespace rtc
