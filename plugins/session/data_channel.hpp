// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One data channel of one peer, as who sends and takes messages sees it: every option of RTCDataChannel, and an honest
// close.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "plugins/core/channel_options.hpp"
#include "plugins/session/data_message.hpp"
#include "plugins/session/mailbox.hpp"
#include "plugins/session/sctp_stream.hpp"

namespace rtc {

/// Bound to the session's thread. It may outlive its peer: it is closed then. Made by `DataChannels`.
class DataChannel final : public std::enable_shared_from_this<DataChannel> {
 public:
  enum class State { Connecting, Open, Closing, Closed };
  struct Listener {
    /// Closed comes once, and last; `why` is empty where nobody is to blame.
    std::function<void(State state, const std::string& why)> on_state;
    std::function<void(DataMessage message)> on_message;
    /// `bufferedAmount` has fallen to the low threshold.
    std::function<void()> on_low;
    /// Only watches: messages wait for somebody else.
    bool watches = false;
  };

  ~DataChannel();

  /// What was asked for, or what the peer asked for. The id is known once the channel is open.
  const core::ChannelOptions& options() const { return options_; }
  bool incoming() const { return incoming_; }
  State state() const { return state_; }
  /// Whether `close` was called here, and not only by the peer.
  bool closedHere() const { return closed_here_; }
  /// The largest message that can be sent, in bytes: what the peer takes, and never above `core::kMaxMessage`.
  std::size_t maxMessageSize() const { return max_message_; }

  /// Who is told from now on; `owner` tells several apart, and the second listener of an owner replaces the first. The
  /// state is told when it next changes; messages that waited come soon, not from here. While there are listeners, and
  /// none of them has an `on_message`, messages are thrown away.
  void listen(const void* owner, Listener listener);
  void listen(Listener listener) { listen(nullptr, std::move(listener)); }
  void ignore(const void* owner) { listeners_.erase(owner); }

  /// Fails, with a sentence, if the channel is not open or the message is too large. Never waits: see `bufferedAmount`.
  Result<Done> send(DataMessage message);
  /// Bytes that wait in `webrtcbin`. Beside them SCTP holds up to 1 MiB that the peer has not confirmed.
  std::uint64_t bufferedAmount() const { return stream_ ? stream_->queued() : 0; }
  /// Where `on_low` is told; 0 at first.
  void setLowThreshold(std::uint64_t bytes);

  /// Sends what was given, then closes. Closed means that the peer has all of it, if `why` is empty then.
  void close();

 private:
  friend class DataChannels;
  /// What a channel needs of its peer.
  struct Peer {
    TaskThread& thread;
    std::function<std::shared_ptr<SctpStream>(guint id)> stream;  ///< thread-safe
    std::function<std::size_t()> max_message;
  };

  DataChannel(Peer peer, Ptr<GstWebRTCDataChannel> channel, core::ChannelOptions options, bool incoming);
  void watch();
  /// The peer has shown its certificate: what it says counts from now on.
  void trust();
  /// `webrtcbin` has it open.
  void opens(std::shared_ptr<SctpStream> stream, int id);
  /// The peer goes: nothing of `webrtcbin` is used any more.
  void end(const std::string& why);

  void attach(std::shared_ptr<SctpStream> stream);
  void becomeOpen();
  void readState();
  void deliver();
  void ranLow();
  void closeWhenSent();
  void closeNow();
  void closed();
  void enter(State state, const std::string& why = {});
  /// Calls it with every listener, of which each may leave meanwhile.
  template <typename F>
  void tell(F what);
  bool anyListens() const;

  const Peer peer_;
  Ptr<GstWebRTCDataChannel> channel_;
  core::ChannelOptions options_;
  std::shared_ptr<SctpStream> stream_;
  const bool incoming_;
  std::shared_ptr<Mailbox<DataChannel>> mailbox_;
  std::map<const void*, Listener> listeners_;
  State state_ = State::Connecting;
  std::size_t max_message_ = core::kMaxMessage;
  std::uint64_t low_threshold_ = 0;
  std::string error_;
  bool trusted_ = false;
  bool opened_ = false;  ///< by `webrtcbin`
  bool closed_ = false;  ///< likewise
  bool closed_here_ = false;
};

const char* word(DataChannel::State state);

}  // namespace rtc
