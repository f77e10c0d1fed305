// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One remote party of one call: a pipeline of its own around one `webrtcbin`, so that nothing which fails there reaches
// the user's pipeline.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "plugins/core/negotiation.hpp"
#include "plugins/core/rate.hpp"
#include "plugins/core/report_pace.hpp"
#include "plugins/session/control_channel.hpp"
#include "plugins/session/data_channels.hpp"
#include "plugins/session/descriptions.hpp"
#include "plugins/session/dtls_transport.hpp"
#include "plugins/session/first_packets.hpp"
#include "plugins/session/guards.hpp"
#include "plugins/session/life_watch.hpp"
#include "plugins/session/local_candidates.hpp"
#include "plugins/session/peer_config.hpp"
#include "plugins/session/playout.hpp"
#include "plugins/session/receiver.hpp"
#include "plugins/session/repairs.hpp"
#include "plugins/session/rtp_sources.hpp"
#include "plugins/session/selected_path.hpp"
#include "plugins/session/sender.hpp"
#include "signaling/protocol/reason.hpp"

namespace rtc {

/// Bound to the session's thread; its destructor takes the pipeline down.
class Peer {
 public:
  // Events, told on the session's thread.
  struct DescribesItself {
    core::DescriptionType type = core::DescriptionType::Offer;
    std::string sdp;
  };
  struct HasCandidate {
    core::IceCandidate candidate;
  };
  /// Connected, and the certificate is the announced one.
  struct Connects {};
  struct HasStream {
    std::shared_ptr<Receiver> receiver;
  };
  struct SaysBye {
    signaling::Reason reason = signaling::Reason::Hangup;
  };
  struct Fails {
    signaling::Reason reason = signaling::Reason::MediaFailed;
    std::string why;
    bool for_good = false;  ///< a new connection would fail likewise
  };
  /// The connection will have a data section: channels may be opened from now on.
  struct CarriesData {};
  /// A channel that the peer opened.
  struct HasChannel {
    std::shared_ptr<DataChannel> channel;
  };
  /// No codec suits both sides: there will be no such picture or sound.
  struct LacksCodec {
    core::Kind kind = core::Kind::Video;
    std::string why;
  };
  /// Something about a further connection of the call.
  struct SaysOfLane {
    core::LaneMessage message;
  };
  /// The peer has the control channel too, and hears what is said there.
  struct Speaks {};
  /// Something about the streams of the call, or its description.
  struct SaysOfStreams {
    core::StreamMessage message;
  };
  /// Descriptions were exchanged: every sender may be used.
  struct Settles {};
  using Event = std::variant<DescribesItself, HasCandidate, Connects, HasStream, SaysBye, Fails, CarriesData,
                             HasChannel, LacksCodec, SaysOfLane, Speaks, SaysOfStreams, Settles>;
  using Listener = std::function<void(const Event&)>;

  Peer(TaskThread& thread, PeerConfig config, Listener listener);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// Makes the pipeline; a caller's gets its offer ready.
  void start();
  /// A caller: the callee took the call.
  void begin();
  void hear(core::DescriptionType type, std::string sdp);
  void hear(core::IceCandidate candidate);

  /// Stops sending and receiving and says farewell. The pipeline stays until the farewell is out: see `kFarewell`.
  void leave(signaling::Reason reason);
  static constexpr Duration kFarewell{100};
  /// The connection is lost, or given up: likewise, but the peer is told nothing. Drop the peer, later.
  void abandon();
  /// The network of this host has changed: fails unless the peer is heard soon.
  void prove();

  /// So many streams of ours are to be sent: sections are added for them, by our offer or the peer's.
  void want(core::SectionCount sections);
  /// So many streams the peer has to send. Of a caller's only.
  void peerWants(core::SectionCount sections);

  bool connected() const { return connected_; }
  /// Whether what is said on the control channel is heard.
  bool hears() const { return connected_ && control_ && control_->spoken(); }
  /// Of the description that stands.
  unsigned sections() const { return sections_; }
  /// The sections on which the peer may send.
  std::size_t announced() const { return announced_.size(); }
  /// Says it on the control channel; false if the peer has none, or it is not open.
  bool say(const core::Control& message) { return control_ && control_->spoken() && control_->say(message); }
  const std::vector<std::shared_ptr<Sender>>& senders() const { return senders_; }
  const std::vector<std::shared_ptr<Receiver>>& receivers() const { return receivers_; }
  /// Null while there is no data section.
  DataChannels* channels() const { return carries_data_ ? channels_.get() : nullptr; }
  /// The path that ICE has chosen; nothing before it has.
  std::optional<SelectedPath::Path> path() const { return path_.path(); }
  RtpSources::Snapshot rtp() const { return rtp_.read(); }
  /// How long after they came its streams are played.
  Duration playoutDelay() const { return playout_->delay(); }
  /// One of its streams goes to `sink` from now on; null: to nowhere.
  void open(Receiver& receiver, const std::shared_ptr<StreamSink>& sink);
  /// What became of single packets that we sent, since the last call.
  std::vector<core::PacketFate> takeFates() { return rtp_.takeFates(); }
  /// How much is sent again of what the peer asks for, in bit/s; nothing: all of it.
  void allowRepairs(std::optional<double> rate) { repairs_.allow(rate); }
  /// In milliseconds, by the control channel; nothing with a foreign peer.
  std::optional<double> roundTrip() const;

 private:
  using Mail = std::shared_ptr<Mailbox<Peer>>;
  using Negotiation = core::Negotiation;

  Result<Done> build();
  void configureIce();
  void watchBus();
  void watchWebrtcbin();
  void watchChannels();

  void carryOut(const Negotiation::Actions& actions);
  void carryOut(const Negotiation::PrepareSenders& prepare);
  void carryOut(const Negotiation::ChangeSenders& change);
  void carryOut(const Negotiation::TellOfMismatch& mismatch);
  void carryOut(const Negotiation::Create& create);
  void carryOut(const Negotiation::SetLocal& set);
  void carryOut(const Negotiation::SetRemote& set);
  void carryOut(const Negotiation::ApplyCandidate& apply);
  void carryOut(const Negotiation::SignalDescription& description);
  void carryOut(const Negotiation::SignalCandidate& candidate);
  void carryOut(const Negotiation::AskForSections& ask);
  void carryOut(const Negotiation::Settled& settled);
  void carryOut(const Negotiation::Abandon& abandon);
  void step(const Negotiation::Event& event) { carryOut(negotiation_.on(event)); }
  void setDescription(Side side, core::DescriptionType type, const std::string& sdp, std::function<void(Peer&)> done);

  void connectionChanged();
  void gatheringChanged();
  void candidateFound(Negotiation::LocalCandidate candidate);
  void transportChanged();
  void busSays(GstMessage* message);
  void verify();
  void spoke();
  void streamAdded(std::shared_ptr<Receiver> receiver);
  void pace();
  /// In bit/s, since it was last asked.
  double receivedRate();
  void playoutChanged();
  /// What the sink is to announce of the delay.
  GstClockTime latencyOf(const StreamSink& sink) const;
  void fail(signaling::Reason reason, std::string why, bool for_good = false);
  void stop();

  TaskThread& thread_;
  PeerConfig config_;
  Listener listener_;
  Mail mailbox_;
  Negotiation negotiation_;
  std::shared_ptr<Arrivals> arrivals_ = std::make_shared<Arrivals>();
  const std::shared_ptr<Playout> playout_;
  LifeWatch life_;
  LocalCandidates candidates_;
  SelectedPath path_;
  RtpSources rtp_;
  Repairs repairs_;
  Ptr<GstElement> pipeline_;
  Ptr<GstElement> webrtcbin_;
  Ptr<GSource> bus_watch_;
  FirstPackets first_packets_;
  std::unique_ptr<DtlsTransport> transport_;
  std::unique_ptr<DataChannels> channels_;
  std::unique_ptr<ControlChannel> control_;
  std::vector<std::shared_ptr<Sender>> senders_;
  std::vector<std::shared_ptr<Receiver>> receivers_;
  unsigned sections_ = 0;
  std::set<unsigned> announced_;
  std::optional<core::SectionCount> to_ask_for_;  ///< once the peer speaks
  std::vector<core::Fingerprint> fingerprints_;
  Timer next_pace_;
  core::Rate received_;  ///< bytes
  core::ReportPace report_pace_ = core::firstReportPace();
  bool carries_data_ = false;
  bool heard_ = false;  ///< on the control channel, at least once
  bool connected_ = false;
  bool over_ = false;
};

}  // namespace rtc
