// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/gstrtpbuffer.h>

#include <cstdint>
#include <span>

namespace rtc {

/// An RTP packet that is looked at, or changed in its place; false for what is none.
class RtpPacket {
 public:
  RtpPacket(GstBuffer* buffer, GstMapFlags flags) : mapped_(gst_rtp_buffer_map(buffer, flags, &rtp_) != FALSE) {}
  RtpPacket(const RtpPacket&) = delete;
  RtpPacket& operator=(const RtpPacket&) = delete;
  ~RtpPacket() {
    if (mapped_) gst_rtp_buffer_unmap(&rtp_);
  }
  explicit operator bool() const { return mapped_; }
  GstRTPBuffer* get() { return &rtp_; }

  std::uint16_t number() { return gst_rtp_buffer_get_seq(&rtp_); }
  std::uint32_t ssrc() { return gst_rtp_buffer_get_ssrc(&rtp_); }
  std::uint32_t time() { return gst_rtp_buffer_get_timestamp(&rtp_); }
  int payloadType() { return gst_rtp_buffer_get_payload_type(&rtp_); }
  bool marked() { return gst_rtp_buffer_get_marker(&rtp_) != FALSE; }
  std::span<const std::uint8_t> payload() {
    return {static_cast<const std::uint8_t*>(gst_rtp_buffer_get_payload(&rtp_)), gst_rtp_buffer_get_payload_len(&rtp_)};
  }

 private:
  GstRTPBuffer rtp_ = GST_RTP_BUFFER_INIT;
  const bool mapped_;
};

}  // namespace rtc
