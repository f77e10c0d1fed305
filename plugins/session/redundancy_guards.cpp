// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/redundancy_guards.hpp"

#include <gst/rtp/gstrtpbuffer.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/signal.hpp"
#include "plugins/core/picture_run.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/rtp_elements.hpp"

namespace rtc {

namespace {

/// RFC 8285 section 4.2: header extensions whose numbers and lengths share a byte.
constexpr guint16 kOneByteExtensions = 0xBEDE;

/// An RTP packet that is looked at, or changed in its place.
class Packet {
 public:
  Packet(GstBuffer* buffer, GstMapFlags flags) : mapped_(gst_rtp_buffer_map(buffer, flags, &rtp_) != FALSE) {}
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;
  ~Packet() {
    if (mapped_) gst_rtp_buffer_unmap(&rtp_);
  }
  explicit operator bool() const { return mapped_; }
  GstRTPBuffer* operator->() { return &rtp_; }
  GstRTPBuffer* get() { return &rtp_; }

 private:
  GstRTPBuffer rtp_ = GST_RTP_BUFFER_INIT;
  const bool mapped_;
};

/// The bytes of a packet's header extensions; none where it has no room for any.
struct Extensions {
  guint16 profile = 0;
  std::vector<guint8> bytes;
};

std::optional<Extensions> extensionsOf(Packet& packet) {
  guint16 profile = 0;
  gpointer data = nullptr;
  guint words = 0;
  if (!gst_rtp_buffer_get_extension_data(packet.get(), &profile, &data, &words)) return std::nullopt;
  const auto* bytes = static_cast<const guint8*>(data);
  return Extensions{profile, std::vector<guint8>(bytes, bytes + std::size_t{4} * words)};
}

/// The state of a probe, which ends with it.
template <typename State>
void addProbe(GstPad* pad, GstPadProbeType types, GstPadProbeCallback callback, std::shared_ptr<State> state) {
  gst_pad_add_probe(pad, types, callback, new std::shared_ptr<State>(std::move(state)),
                    [](gpointer data) noexcept { delete static_cast<std::shared_ptr<State>*>(data); });
}

template <typename State>
State& stateOf(gpointer data) {
  return **static_cast<std::shared_ptr<State>*>(data);
}

GstBuffer* writable(GstPadProbeInfo* info) {
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return buffer;
}

const GstCaps* capsIn(GstPadProbeInfo* info) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return nullptr;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  return caps;
}

constexpr auto kBufferOrEvent =
    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);

// --- Numbers of packets, on the way out -----------------------------------------------------------------------------

/// What a RED encoder is to call the extension of transport-cc.
struct Numbering {
  guint8 id = 0;  ///< 0: there is none
};

guint8 transportCcIn(const GstCaps* caps) {
  const auto* structure = gst_caps_get_structure(caps, 0);
  for (guint8 id = 1; id < 15; ++id) {
    const auto* uri = gst_structure_get_string(structure, ("extmap-" + std::to_string(id)).c_str());
    if (uri != nullptr && core::kTransportCc == uri) return id;
  }
  return 0;
}

// 1.22 writes the extension under the number 1, whatever was negotiated: the receiver would report no packet.
GstPadProbeReturn renumber(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& numbering = stateOf<Numbering>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) == 0) {
    if (const auto* caps = capsIn(info)) numbering.id = transportCcIn(caps);
    return GST_PAD_PROBE_OK;
  }
  if (numbering.id <= 1) return GST_PAD_PROBE_OK;
  Packet packet(writable(info), GST_MAP_READWRITE);
  guint16 profile = 0;
  gpointer bytes = nullptr;
  guint words = 0;
  if (!packet || !gst_rtp_buffer_get_extension_data(packet.get(), &profile, &bytes, &words)) return GST_PAD_PROBE_OK;
  if (profile != kOneByteExtensions || words == 0) return GST_PAD_PROBE_OK;
  auto& first = *static_cast<guint8*>(bytes);
  if (first >> 4 == 1) first = static_cast<guint8>(numbering.id << 4 | (first & 0x0f));
  return GST_PAD_PROBE_OK;
}

// --- Packets as they were protected, on the way in -------------------------------------------------------------------

/// The packet that a RED decoder is taking apart.
struct Unpacked {
  guint16 number = 0;
  std::optional<Extensions> extensions;
};

GstPadProbeReturn noteExtensions(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& unpacked = stateOf<Unpacked>(data);
  Packet packet(GST_PAD_PROBE_INFO_BUFFER(info), GST_MAP_READ);
  if (!packet) return GST_PAD_PROBE_OK;
  unpacked = {gst_rtp_buffer_get_seq(packet.get()), extensionsOf(packet)};
  return GST_PAD_PROBE_OK;
}

// Redundancy is computed over whole packets, their header extensions included (RFC 5109 section 7.3). 1.22 takes those
// away with the RED: whatever is then computed from what is left is noise.
GstPadProbeReturn restoreExtensions(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  const auto& [number, extensions] = stateOf<Unpacked>(data);
  if (!extensions) return GST_PAD_PROBE_OK;
  Packet packet(writable(info), GST_MAP_READWRITE);
  if (!packet || gst_rtp_buffer_get_seq(packet.get()) != number) return GST_PAD_PROBE_OK;
  if (gst_rtp_buffer_get_extension(packet.get())) return GST_PAD_PROBE_OK;
  const auto words = static_cast<guint16>(extensions->bytes.size() / 4);
  if (!gst_rtp_buffer_set_extension_data(packet.get(), extensions->profile, words)) return GST_PAD_PROBE_OK;
  gpointer bytes = nullptr;
  if (gst_rtp_buffer_get_extension_data(packet.get(), nullptr, &bytes, nullptr)) {
    std::copy(extensions->bytes.begin(), extensions->bytes.end(), static_cast<guint8*>(bytes));
  }
  return GST_PAD_PROBE_OK;
}

// --- Streams behind the repair ---------------------------------------------------------------------------------------

struct Repair {
  std::shared_ptr<const Arrivals> arrivals;
  std::optional<core::PictureRun> run;  ///< nothing where no redundancy comes
};

// webrtcbin finds a decoder's section by its payload type, which sections of a kind share: all but one decoder would
// look for redundancy of type 0.
GstPadProbeReturn setDecoder(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  const auto* caps = capsIn(info);
  if (caps == nullptr) return GST_PAD_PROBE_OK;
  auto& repair = stateOf<Repair>(data);
  guint ssrc = 0;
  gst_structure_get_uint(gst_caps_get_structure(caps, 0), "ssrc", &ssrc);
  const auto redundancy = repair.arrivals->redundancy(ssrc);
  const auto codec = codecOfPackets(caps);
  repair.run.reset();
  if (redundancy && codec) repair.run.emplace(*codec);
  const auto decoder = adopt(gst_pad_get_parent_element(pad));
  g_object_set(decoder.get(), "passthrough", redundancy ? FALSE : TRUE, "pt",
               static_cast<guint>(redundancy ? redundancy->ulpfec : 0), nullptr);
  return GST_PAD_PROBE_OK;
}

// A packet of redundancy that is lost leaves a gap like any other, and a depayloader would throw pictures away up to
// the next key frame.
GstPadProbeReturn closeGap(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& repair = stateOf<Repair>(data);
  if (!repair.run) return GST_PAD_PROBE_OK;
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  bool follows = false;
  if (Packet packet(buffer, GST_MAP_READ); packet) {
    const auto* payload = static_cast<const guint8*>(gst_rtp_buffer_get_payload(packet.get()));
    follows = repair.run->follows({payload, gst_rtp_buffer_get_payload_len(packet.get())},
                                  gst_rtp_buffer_get_marker(packet.get()) != FALSE);
  }
  if (follows && GST_BUFFER_IS_DISCONT(buffer)) gst_buffer_unset_flags(writable(info), GST_BUFFER_FLAG_DISCONT);
  return GST_PAD_PROBE_OK;
}

void guardChild(GstElement* child, const std::shared_ptr<const Arrivals>& arrivals, bool wanted) {
  auto* factory = gst_element_get_factory(child);
  const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
  if (wanted && type == "rtpredenc") {
    addProbe(staticPad(child, "src").get(), kBufferOrEvent, renumber, std::make_shared<Numbering>());
  } else if (wanted && type == "rtpreddec") {
    const auto unpacked = std::make_shared<Unpacked>();
    addProbe(staticPad(child, "sink").get(), GST_PAD_PROBE_TYPE_BUFFER, noteExtensions, unpacked);
    addProbe(staticPad(child, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, restoreExtensions, unpacked);
  } else if (type == "rtpulpfecdec") {
    const auto repair = std::make_shared<Repair>(Repair{arrivals, std::nullopt});
    addProbe(staticPad(child, "sink").get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, setDecoder, repair);
    addProbe(staticPad(child, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, closeGap, repair);
  }
}

}  // namespace

void guardRedundancy(GstElement* webrtcbin, std::shared_ptr<const Arrivals> arrivals, bool wanted) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added",
      [arrivals = std::move(arrivals), wanted](GstBin*, GstElement* child) { guardChild(child, arrivals, wanted); });
}

}  // namespace rtc
