// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What passes on one stream of an SCTP association, between `webrtcbin`'s elements and the data channel. The messages
// are taken where they leave the SCTP decoder, before `webrtcbin` would cut, swap or lose them, and set right where
// they enter the encoder (docs/webrtcbin.md, G10).
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/core/sctp_packet.hpp"
#include "plugins/session/data_message.hpp"

namespace rtc {

/// Thread-safe.
class SctpStream {
 public:
  /// So much may lie here while nobody takes it; what comes then is lost, and the channel with it.
  static constexpr std::size_t kMaxHeldBytes = 16 * 1024 * 1024;
  static constexpr std::size_t kMaxHeldMessages = 64 * 1024;
  /// What a message takes beside its content.
  static constexpr std::size_t kMessageCost = 256;

  /// Bytes that lie in all streams of an association, and that nobody has taken.
  using HeldByAll = std::atomic<std::size_t>;

  explicit SctpStream(std::shared_ptr<HeldByAll> held_by_all) : held_by_all_(std::move(held_by_all)) {}
  ~SctpStream();

  /// Called on a streaming thread, and must only post.
  using Wake = std::function<void()>;

  // --- The channel's side
  /// `arrived`: something can be taken. `low`: what waits to be sent has fallen to the threshold.
  void listen(Wake arrived, Wake low);
  void ignore() { listen(nullptr, nullptr); }
  /// All that came in since the last time.
  std::vector<DataMessage> take();
  /// Whether a message was lost since there was no room for it.
  bool overflowed() const;

  /// What kind the next message is that is given to `webrtcbin`. `takeBack` if it was not taken.
  void expect(core::Ppid kind, std::size_t size);
  void takeBack();
  /// Bytes that were not yet given to SCTP.
  std::uint64_t queued() const;
  void setLowThreshold(std::uint64_t bytes);
  /// Calls once, when all that was given to `webrtcbin` is with SCTP, what opens the channel included: at once, or on a
  /// streaming thread. Ask when nothing is queued any more.
  void whenIdle(Wake idle);

  /// No message that opens a channel is let through: both sides know this one.
  void setNegotiated();

  // --- The elements' side
  void setSender(GstPad* pad);
  bool hasSender() const;
  /// A buffer that came out of the decoder: whether `webrtcbin` may see it.
  bool arrive(GstBuffer* buffer);
  /// A buffer that goes into the encoder, with its properties set right.
  void leave(GstBuffer* buffer);

 private:
  struct Outgoing {
    core::Ppid kind;
    std::size_t size;
  };
  struct State {
    std::vector<DataMessage> held;
    std::size_t held_bytes = 0;
    bool overflowed = false;
    bool negotiated = false;
    bool established = false;  ///< what opens the channel, or confirms it, has gone out
    std::deque<Outgoing> leaving;
    std::uint64_t queued = 0;
    std::uint64_t low = 0;
    std::shared_ptr<Wake> on_arrival;
    std::shared_ptr<Wake> on_low;
    Wake when_idle;
    Ptr<GstPad> sender;
  };

  void hold(DataMessage message);
  static void awaitIdle(GstPad* sender, Wake idle);

  const std::shared_ptr<HeldByAll> held_by_all_;
  Guarded<State> state_;
};

}  // namespace rtc
