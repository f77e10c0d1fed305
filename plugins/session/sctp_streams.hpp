// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The streams of one peer's SCTP association, and the guards on the way in and out of it (docs/webrtcbin.md, G10 and
// G11).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "plugins/session/sctp_stream.hpp"

namespace rtc {

/// Thread-safe. Held by the peer and by what it hung into `webrtcbin`.
class SctpStreams final : public std::enable_shared_from_this<SctpStreams> {
 public:
  /// So many streams a peer may open in the life of a connection: each costs `webrtcbin` two elements and two threads.
  static constexpr unsigned kMaxStreams = 256;
  /// So much may lie in all of them together while nobody takes it: a stream may be nobody's, and stay full.
  static constexpr std::size_t kMaxHeldBytes = 4 * SctpStream::kMaxHeldBytes;

  struct Listener {
    std::function<void()> on_packet;  ///< any packet came: the peer lives
    std::function<void()> on_flood;   ///< too much of either: nothing is let in any more. Must only post
  };

  explicit SctpStreams(Listener listener) : listener_(std::move(listener)) {}

  /// Before the first description.
  void watch(GstElement* webrtcbin);
  /// The stream of that number: the one that there is, or a new one.
  std::shared_ptr<SctpStream> stream(guint id);

 private:
  void watchEncoder(GstElement* encoder);
  void watchDecoder(GstElement* decoder);
  void addSender(GstPad* pad);
  void addReceiver(GstPad* pad);
  void removeReceiver(GstPad* pad);
  GstPadProbeReturn admit(GstBuffer* packet);
  void flood();

  const Listener listener_;
  Guarded<std::map<guint, std::shared_ptr<SctpStream>>> streams_;
  const std::shared_ptr<SctpStream::HeldByAll> held_ = std::make_shared<SctpStream::HeldByAll>(0);
  std::atomic<unsigned> opened_ = 0;
  std::atomic<bool> flooded_ = false;
  // Of the thread that brings packets.
  Duration::rep last_data_ = 0;
  std::optional<std::uint32_t> put_off_;  ///< a request to reset streams that was taken out once
};

}  // namespace rtc
