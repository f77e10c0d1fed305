// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/early_repair.hpp"

#include <utility>

#include "base/signal.hpp"
#include "plugins/core/protected_run.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"
#include "plugins/session/rtp_packet.hpp"

namespace rtc {

namespace {

using core::ProtectedRun;

/// Of one stream. On the streaming thread before its jitter buffer, after it is made.
class EarlyRepair {
 public:
  /// `decoder` is driven by nobody else.
  EarlyRepair(GstPad* jitter_buffer, GstElement* decoder, std::uint32_t ssrc, const core::Carried& carried)
      : jitter_buffer_(jitter_buffer),
        decoder_(staticPad(decoder, "sink")),
        ssrc_(ssrc),
        carried_(carried),
        run_(carried.codec) {
    describe();
    addProbe(staticPad(decoder, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, [this](GstPad*, GstPadProbeInfo* info) {
      computed_ = share(GST_PAD_PROBE_INFO_BUFFER(info));
      return GST_PAD_PROBE_DROP;
    });
  }

  /// Ahead of a packet, all that it gives back comes to the jitter buffer.
  void arrived(GstBuffer* packet) {
    const auto news = newsOf(packet);
    for (const auto number : news.idle) fill(number, packet);
    for (const auto number : news.computable) {
      // By then it may have been, with one before it.
      if (run_.isMissing(number)) compute(number, packet);
    }
  }

 private:
  ProtectedRun::News newsOf(GstBuffer* buffer) {
    RtpPacket packet(buffer, GST_MAP_READ);
    if (!packet) return {};
    if (packet.payloadType() == carried_.redundancy->ulpfec) return run_.redundancy(packet.number());
    return run_.picture(packet.number(), packet.payload(), packet.marked());
  }

  /// The decoder reads the stream's packets from `webrtcbin`'s store.
  void describe() {
    GstSegment times;
    gst_segment_init(&times, GST_FORMAT_TIME);
    const auto caps = adopt(gst_caps_new_simple("application/x-rtp", "ssrc", G_TYPE_UINT, guint{ssrc_}, nullptr));
    for (auto* event :
         {gst_event_new_stream_start("packets"), gst_event_new_caps(caps.get()), gst_event_new_segment(&times)}) {
      gst_pad_send_event(decoder_.get(), event);
    }
  }

  /// A packet that is as empty as whoever shows the picture would find it: nobody waits for it.
  void fill(std::uint16_t number, GstBuffer* beside) {
    auto filler = adopt(gst_rtp_buffer_new_allocate(0, 0, 0));
    gst_buffer_copy_into(filler.get(), beside, GST_BUFFER_COPY_TIMESTAMPS, 0, static_cast<gsize>(-1));
    RtpPacket model(beside, GST_MAP_READ);
    if (!model) return;
    if (RtpPacket packet(filler.get(), GST_MAP_READWRITE); packet) {
      gst_rtp_buffer_set_payload_type(packet.get(), static_cast<guint8>(carried_.redundancy->ulpfec));
      gst_rtp_buffer_set_seq(packet.get(), number);
      gst_rtp_buffer_set_timestamp(packet.get(), model.time());
      gst_rtp_buffer_set_ssrc(packet.get(), ssrc_);
    }
    gst_pad_chain(jitter_buffer_, release(std::move(filler)));
  }

  void compute(std::uint16_t number, GstBuffer* beside) {
    const auto arrival = GST_BUFFER_DTS_OR_PTS(beside);
    auto* lost = gst_structure_new("GstRTPPacketLost", "seqnum", G_TYPE_UINT, guint{number}, "timestamp", G_TYPE_UINT64,
                                   arrival, "duration", G_TYPE_UINT64, guint64{0}, nullptr);
    gst_pad_send_event(decoder_.get(), gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, lost));
    auto computed = std::exchange(computed_, nullptr);
    if (!computed) return;
    // The decoder numbers what it lets through anew.
    auto* packet = gst_buffer_make_writable(release(std::move(computed)));
    if (RtpPacket header(packet, GST_MAP_READWRITE); header) gst_rtp_buffer_set_seq(header.get(), number);
    gst_pad_chain(jitter_buffer_, packet);
  }

  GstPad* const jitter_buffer_;  ///< borrowed: its probe holds us
  const Ptr<GstPad> decoder_;
  const std::uint32_t ssrc_;
  const core::Carried carried_;
  ProtectedRun run_;
  Ptr<GstBuffer> computed_;
};

}  // namespace

void repairEarly(GstElement* webrtcbin, std::shared_ptr<const Arrivals> arrivals) {
  const auto rtpbin = adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (!rtpbin) return;
  connectSignal<void(GstElement*, guint, guint)>(
      rtpbin.get(), "new-jitterbuffer",
      [bin = GST_BIN(webrtcbin), rtpbin = rtpbin.get(), arrivals = std::move(arrivals)](GstElement* jitter_buffer,
                                                                                        guint session, guint ssrc) {
        const auto carried = arrivals->carried(ssrc);
        if (!carried || !carried->redundancy) return;
        auto* decoder = addElement(bin, "rtpulpfecdec");
        if (decoder == nullptr) return;
        GObject* packets = nullptr;
        g_signal_emit_by_name(rtpbin, "get-internal-storage", session, &packets);
        g_object_set(decoder, "storage", adopt(packets).get(), nullptr);
        gst_element_sync_state_with_parent(decoder);
        const auto pad = staticPad(jitter_buffer, "sink");
        const auto repair = std::make_shared<EarlyRepair>(pad.get(), decoder, ssrc, *carried);
        addProbe(pad.get(), kAnyBuffer, [repair](GstPad*, GstPadProbeInfo* info) {
          eachBuffer(info, [&repair](GstBuffer* packet) { repair->arrived(packet); });
          return GST_PAD_PROBE_OK;
        });
      });
}

}  // namespace rtc
