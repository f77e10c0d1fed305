// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call by webrtcbin alone, used as its documentation shows: one pipeline with the source, the encoder and the
// connection in it, and every property that is no matter of the codec left as it is.
#pragma once

#include <atomic>
#include <string>

#include "bench/peers/book_client.hpp"
#include "bench/peers/numbered_picture.hpp"

namespace rtc::bench {

/// Bound to the thread of the default main context; webrtcbin's and streaming threads post to it.
class BarePeer {
 public:
  BarePeer(const std::string& server, const std::string& name, bool shows);
  BarePeer(const BarePeer&) = delete;
  BarePeer& operator=(const BarePeer&) = delete;
  ~BarePeer();

  void dial(const std::string& peer);
  /// Says how much came in.
  void summarize() const;

 private:
  enum class Role { Caller, Callee };

  void received(const BookMessage& message);
  void describe(Role role);
  void described(GstPromise* promise, Role role);
  void setRemote(GstWebRTCSDPType type, const std::string& sdp);
  void onPad(GstPad* pad);
  /// Retransmission, as rtcsignalsink and rtcsignalsrc have it, and a jitter buffer of `kLatency`.
  void setAsTheElements();

  const bool shows_;
  NumberedPicture numbered_;
  BookClient signaling_;
  std::string peer_;
  Ptr<GstElement> pipeline_;
  Ptr<GstElement> webrtc_;
  std::atomic<bool> connected_ = false;
  std::atomic<guint64> frames_ = 0;
  std::atomic<guint64> bytes_ = 0;
};

}  // namespace rtc::bench
