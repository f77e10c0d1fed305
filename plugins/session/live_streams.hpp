// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The media side of a live call: which of our streams goes on which section, what the peer says of its own, and where
// those go.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/core/control.hpp"
#include "plugins/session/media_sink.hpp"
#include "plugins/session/media_source.hpp"
#include "plugins/session/peer.hpp"

namespace rtc {

/// What became of a stream of the peer's.
struct StreamChange {
  core::Kind kind = core::Kind::Video;
  std::string pad;  ///< of `rtcsignalsrc`; empty if none takes the stream
  core::StreamState state = core::StreamState::Live;
};

/// Bound to the session's thread. The peer outlives it.
class LiveStreams {
 public:
  /// What it needs of its session and its call.
  struct Host {
    std::function<const std::vector<std::shared_ptr<MediaSource>>&()> sources;
    std::function<MediaSink*()> sink;
    GMainContext* context = nullptr;
    std::function<void(const StreamChange&)> on_change;
  };

  LiveStreams(std::string user, Peer& peer, Host host) : user_(std::move(user)), peer_(peer), host_(std::move(host)) {}

  /// Streams of ours came, went or were muted; or the peer can take more than before, or listen.
  void sourcesChanged();
  /// Other elements take the peer's streams from now on; or none.
  void sinkChanged();
  /// A stream of the peer's begins.
  void receive(const std::shared_ptr<Receiver>& receiver);
  /// Of the peer.
  void hear(const core::StreamMessage& message);

 private:
  void handle(const core::StreamsWanted& wanted);
  void handle(const core::Redescription& description);
  void handle(const core::StreamNews& news);

  void assign();
  /// Whether both sides have agreed on its section.
  bool stands(const Sender& sender) const;
  void wantSections();
  void tell();
  core::StreamState heard(unsigned section) const;
  void open(const std::shared_ptr<Receiver>& receiver);
  void awaitMore();
  void complete();
  void announce(const Receiver& receiver, const std::shared_ptr<StreamSink>& sink, core::StreamState state) const;

  const std::string user_;
  Peer& peer_;
  const Host host_;
  Timer completion_;
  bool complete_ = false;
  std::map<unsigned, core::StreamState> told_;   ///< of ours, by section
  std::map<unsigned, core::StreamState> heard_;  ///< of the peer's, by section
};

}  // namespace rtc
