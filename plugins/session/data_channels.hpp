// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data channels of one peer: those that we open, and those that it opens.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "plugins/session/data_channel.hpp"
#include "plugins/session/sctp_streams.hpp"

namespace rtc {

/// Bound to the session's thread.
class DataChannels {
 public:
  /// So many channels a peer may have open that it opened itself; a further one is closed at once.
  static constexpr std::size_t kMaxIncoming = 64;

  struct Listener {
    std::function<void(const std::shared_ptr<DataChannel>&)> on_incoming;
    std::function<void()> on_flood;   ///< the peer opens channels, or fills them, without end
    std::function<void()> on_packet;  ///< any SCTP packet came. On a streaming thread
  };

  /// Before the first description. `webrtcbin` outlives it.
  DataChannels(TaskThread& thread, GstElement* webrtcbin, Listener listener);
  DataChannels(const DataChannels&) = delete;
  DataChannels& operator=(const DataChannels&) = delete;
  ~DataChannels();

  /// A channel that is about to be, or the sentence that says why it cannot be. A negotiated one can be had only before
  /// the first description.
  Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options);
  /// The session's own channel, which both sides know. Null where `webrtcbin` refuses to make it.
  std::shared_ptr<DataChannel> openControl();
  /// The peer has shown its certificate: channels become open, messages come, the peer's channels are told.
  void trust();
  /// Closes all of them; nothing of `webrtcbin` is used after that.
  void end(const std::string& why);

 private:
  void incoming(Ptr<GstWebRTCDataChannel> channel, const std::shared_ptr<SctpStream>& stream);
  std::shared_ptr<DataChannel> make(const core::ChannelOptions& options);
  std::shared_ptr<DataChannel> add(Ptr<GstWebRTCDataChannel> channel, core::ChannelOptions options, bool incoming);
  bool known(int id) const;
  /// Null before the first description.
  Ptr<GObject> sctpTransport() const;
  std::size_t maxMessage() const;

  TaskThread& thread_;
  GstElement* const webrtcbin_;
  const Listener listener_;
  std::shared_ptr<Mailbox<DataChannels>> mailbox_;
  std::shared_ptr<SctpStreams> streams_;
  std::vector<std::shared_ptr<DataChannel>> channels_;
  std::vector<std::shared_ptr<DataChannel>> untold_;  ///< the peer's, until it is trusted
  bool trusted_ = false;
  bool over_ = false;
};

}  // namespace rtc
