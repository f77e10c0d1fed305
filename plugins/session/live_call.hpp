// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One call in progress: the state machine, and the peer that it opens, closes, and replaces when its connection is
// lost.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task_thread.hpp"
#include "plugins/core/call.hpp"
#include "plugins/session/call_statistics.hpp"
#include "plugins/session/lasting_streams.hpp"
#include "plugins/session/live_data.hpp"
#include "plugins/session/live_streams.hpp"
#include "plugins/session/media_sink.hpp"
#include "plugins/session/media_source.hpp"
#include "plugins/session/peer.hpp"
#include "plugins/session/rate_control.hpp"
#include "signaling/client/signaler.hpp"

namespace rtc {

class LiveCall;

/// What the service tells of an incoming call.
struct CallOrigin {
  std::string display;  ///< what people call the caller; may be empty
  std::string group;    ///< the one that was called; empty: we were
};

/// What a call needs of its session.
class CallHost {
 public:
  virtual ~CallHost() = default;
  virtual TaskThread& taskThread() = 0;
  virtual signaling::Signaler* signaler() = 0;
  /// What we could send and would receive, for a description of ours; the addresses of ICE servers; time.
  virtual PeerConfig peerConfig(core::Role role) = 0;
  virtual const std::vector<std::shared_ptr<MediaSource>>& sources() = 0;
  virtual MediaSink* mediaSink() = 0;
  virtual const std::vector<DataUser*>& dataUsers() = 0;
  virtual void streamChanged(const LiveCall& call, const StreamChange& change) = 0;
  /// A call needs the service now, which may be lost without our knowing.
  virtual void needService() = 0;
  virtual void callChanged(const LiveCall& call, core::CallState state, signaling::Reason reason) = 0;
  /// A call goes on with less than was meant.
  virtual void callLacks(const LiveCall& call, const std::string& what) = 0;
  /// The service refused the call, or our answer to it. The call may be over by then.
  virtual void requestRefused(const std::string& call, const signaling::RequestError& error) = 0;
  /// Nothing of the call is left but the object: drop it, later.
  virtual void callOver(const std::string& call) = 0;
};

/// Bound to the session's thread.
class LiveCall {
 public:
  LiveCall(CallHost& host, core::Call machine, CallOrigin origin = {});
  LiveCall(const LiveCall&) = delete;
  LiveCall& operator=(const LiveCall&) = delete;
  ~LiveCall();

  void start();
  void step(const core::Call::Event& event);
  /// From the peer, through the service.
  void hear(core::DescriptionType type, const signaling::Json& description);
  void hear(const signaling::Json& candidate);

  /// The addresses of this host are others now.
  void networkChanged();

  void sourcesChanged();
  void sinkChanged();
  void dataUserAdded(DataUser* user);
  void dataUserRemoved(DataUser* user);

  const core::Call& machine() const { return machine_; }
  const CallOrigin& origin() const { return origin_; }
  bool connected() const { return machine_.state() == core::CallState::Connected; }
  /// The second that is over. Only of a connected call.
  Ptr<GstStructure> statistics(const std::string& session);

 private:
  void carryOut(const core::Call::Actions& actions);
  void carryOut(const core::Call::Send& send);
  void carryOut(const core::Call::OpenPeer& open);
  void carryOut(const core::Call::BeginNegotiation&);
  void carryOut(const core::Call::DropPeer&);
  void carryOut(const core::Call::ClosePeer& close);
  void carryOut(const core::Call::Announce& announce);
  void carryOut(const core::Call::SetTimer& set);

  void happened(const Peer::DescribesItself& description);
  void happened(const Peer::HasCandidate& candidate);
  void happened(const Peer::Connects&);
  void happened(const Peer::HasStream& stream);
  void happened(const Peer::SaysBye& bye);
  void happened(const Peer::Fails& fails);
  void happened(const Peer::CarriesData&);
  void happened(const Peer::HasChannel& channel);
  void happened(const Peer::LacksCodec& lacks);
  void happened(const Peer::SaysOfLane& said);
  void happened(const Peer::Speaks&);
  void happened(const Peer::SaysOfStreams& said);
  void happened(const Peer::Settles&);

  /// Whether what bears this number is about the peer that is there.
  bool isCurrent(signaling::ConnectionNumber connection) const;

  CallHost& host_;
  core::Call machine_;
  const CallOrigin origin_;
  Timer timer_;
  Timer attempt_;
  Timer farewell_;
  /// What happened while an earlier event was being dealt with: each is carried out whole before the next.
  std::deque<core::Call::Event> waiting_;
  bool busy_ = false;
  LastingStreams lasting_;
  std::unique_ptr<Peer> peer_;            ///< none while a connection is lost and the next one is not begun
  std::unique_ptr<LiveStreams> streams_;  ///< of the peer
  std::unique_ptr<RateControl> rate_;     ///< of the peer
  struct Dropped {
    std::unique_ptr<Peer> peer;
    std::unique_ptr<LiveStreams> streams;
  };
  std::vector<Dropped> dropped_;  ///< maybe from within: they go from the loop
  Timer sweep_;
  std::unique_ptr<LiveData> data_;
  std::optional<CallStatistics> statistics_;
};

}  // namespace rtc
