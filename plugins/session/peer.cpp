// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/peer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/certificate.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/host_addresses.hpp"
#include "plugins/session/redundancy_guards.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::DescriptionType;
using signaling::Reason;

namespace {

/// How closely the jitter buffers and reports follow what the connection has become.
constexpr Duration kPace{1'000};

}  // namespace

Peer::Peer(TaskThread& thread, PeerConfig config, Listener listener)
    : thread_(thread),
      config_(std::move(config)),
      listener_(std::move(listener)),
      mailbox_(std::make_shared<Mailbox<Peer>>(thread, *this)),
      negotiation_(config_.role, config_.kinds, config_.codecs),
      playout_(std::make_shared<Playout>(config_.latency,
                                         [mail = mailbox_] { mail->post([](Peer& peer) { peer.playoutChanged(); }); })),
      life_(thread.context(), config_.timeout, arrivals_, [this](const char* why) { fail(Reason::PeerLost, why); }),
      candidates_(thread.context(), config_.relay_only, [this](const auto& candidate) { step(candidate); }),
      first_packets_(thread) {}

Peer::~Peer() {
  mailbox_->close();
  if (bus_watch_) g_source_destroy(bus_watch_.get());
  for (const auto& sender : senders_) sender->attach(nullptr);
  for (const auto& receiver : receivers_) receiver->close();
  // Held streams are let go, or their threads could not end; the pipeline ends before the last references to webrtcbin
  // do.
  for (const auto& receiver : receivers_) receiver->open(nullptr);
  if (channels_) channels_->end({});
  if (pipeline_) {
    letSendersGo(pipeline_.get());
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  }
}

void Peer::start() {
  if (const auto built = build(); !built) {
    fail(Reason::MediaFailed, built.error().message);
    return;
  }
  carryOut(negotiation_.start());
}

void Peer::want(core::SectionCount sections) {
  step(Negotiation::Want{sections});
}

void Peer::peerWants(core::SectionCount sections) {
  step(Negotiation::PeerWants{sections});
}

void Peer::begin() {
  step(Negotiation::Begin{});
}

void Peer::hear(DescriptionType type, std::string sdp) {
  step(Negotiation::RemoteDescription{type, std::move(sdp)});
}

void Peer::hear(core::IceCandidate candidate) {
  step(Negotiation::RemoteCandidate{std::move(candidate)});
}

void Peer::leave(Reason reason) {
  if (control_) control_->bye(reason);
  stop();
}

void Peer::abandon() {
  stop();
}

void Peer::stop() {
  over_ = true;
  for (const auto& sender : senders_) sender->attach(nullptr);
  for (const auto& receiver : receivers_) receiver->close();
  if (channels_) channels_->end({});
  life_.stop();
  candidates_.stop();
  next_pace_.cancel();
}

void Peer::prove() {
  if (connected_ && !over_) life_.prove();
}

std::optional<double> Peer::roundTrip() const {
  if (!control_ || !control_->roundTrip()) return std::nullopt;
  return control_->roundTrip()->count();
}

// --- The pipeline ----------------------------------------------------------------------------------------------------

Result<Done> Peer::build() {
  pipeline_ = sink(gst_pipeline_new(nullptr));
  webrtcbin_ = share(addElement(GST_BIN(pipeline_.get()), "webrtcbin"));
  if (!webrtcbin_) return Error{"there is no webrtcbin"};
  gst_util_set_object_arg(G_OBJECT(webrtcbin_.get()), "bundle-policy", "max-bundle");
  configureIce();
  auto addresses = addressesOf(config_.ice_interfaces);
  if (addresses.empty() && !config_.ice_interfaces.empty())
    return Error{"none of the interfaces in ice-interfaces is there"};
  guard(webrtcbin_.get(), arrivals_,
        IceTuning{config_.ice_tcp, std::move(addresses), config_.min_port, config_.max_port});
  guardRedundancy(webrtcbin_.get(), arrivals_, config_.fec_percentage > 0);
  path_.watch(webrtcbin_.get());
  rtp_.watch(webrtcbin_.get());
  playout_->watch(webrtcbin_.get(), arrivals_);
  repairs_.watch(webrtcbin_.get());
  first_packets_.watch(webrtcbin_.get());
  watchBus();
  watchWebrtcbin();
  watchChannels();

  if (config_.clock) gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), config_.clock.get());
  gst_element_set_start_time(pipeline_.get(), GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(pipeline_.get(), config_.base_time);
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    return Error{"webrtcbin could not be started"};
  }
  return Done{};
}

void Peer::configureIce() {
  auto* webrtcbin = webrtcbin_.get();
  if (config_.relay_only) gst_util_set_object_arg(G_OBJECT(webrtcbin), "ice-transport-policy", "relay");
  if (!config_.stun_server.empty()) g_object_set(webrtcbin, "stun-server", config_.stun_server.c_str(), nullptr);
  for (const auto& server : config_.turn_servers) {
    gboolean taken = FALSE;
    g_signal_emit_by_name(webrtcbin, "add-turn-server", server.c_str(), &taken);
    if (taken == FALSE) GST_WARNING("a TURN server was not understood and is left out");
  }
}

void Peer::watchBus() {
  // G7. What goes wrong here ends this call and nothing else.
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  bus_watch_ = adopt(gst_bus_create_watch(bus.get()));
  const GstBusFunc on_message = [](GstBus*, GstMessage* message, gpointer data) noexcept -> gboolean {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) static_cast<Peer*>(data)->busSays(message);
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(bus_watch_.get(), G_SOURCE_FUNC(on_message), this, nullptr);
  g_source_attach(bus_watch_.get(), thread_.context());
}

void Peer::busSays(GstMessage* message) {
  Out<GError> error;
  Out<gchar> detail;
  gst_message_parse_error(message, &error, &detail);
  GST_DEBUG("peer pipeline: %s: %s (%s)", GST_MESSAGE_SRC_NAME(message), error->message,
            detail ? detail.get() : "no detail");
  // A peer that leaves aborts its SCTP association, and 1.22 takes that for an error.
  if (connected_ && std::string_view(GST_MESSAGE_SRC_NAME(message)).starts_with("sctp")) {
    if (!over_) life_.suspect();
    return;
  }
  fail(Reason::MediaFailed, error->message);
}

void Peer::watchWebrtcbin() {
  auto* webrtcbin = webrtcbin_.get();
  const auto mail = mailbox_;
  connectSignal<void(guint, const char*)>(webrtcbin, "on-ice-candidate", [mail](guint mline, const char* candidate) {
    mail->post([mline, text = std::string(candidate)](Peer& peer) { peer.candidateFound({mline, text}); });
  });
  connectSignal<void(GParamSpec*)>(webrtcbin, "notify::connection-state",
                                   [mail](GParamSpec*) { mail->post([](Peer& peer) { peer.connectionChanged(); }); });
  connectSignal<void(GParamSpec*)>(webrtcbin, "notify::ice-gathering-state",
                                   [mail](GParamSpec*) { mail->post([](Peer& peer) { peer.gatheringChanged(); }); });
  connectSignal<void(GstPad*)>(
      webrtcbin, "pad-added",
      [mail, arrivals = arrivals_, playout = playout_, bin = GST_BIN(pipeline_.get())](GstPad* pad) {
        if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
        guardSourcePad(pad);
        auto made = Receiver::make(bin, pad, [&arrivals](std::uint32_t ssrc) { return arrivals->place(ssrc); });
        if (!made) return;
        playout->follow(*made.value());
        mail->post([receiver = std::move(made).value()](Peer& peer) { peer.streamAdded(receiver); });
      });
  transport_ =
      std::make_unique<DtlsTransport>(webrtcbin, [mail] { mail->post([](Peer& peer) { peer.transportChanged(); }); });
}

void Peer::watchChannels() {
  DataChannels::Listener listener;
  listener.on_incoming = [this](const auto& channel) {
    if (!over_) listener_(HasChannel{channel});
  };
  listener.on_flood = [this] {
    fail(Reason::MediaFailed, "the peer opens data channels, or fills them, without end", true);
  };
  // A data-only connection has no other packets, and a foreign peer no heartbeat.
  listener.on_packet = [arrivals = arrivals_] { arrivals->sign(); };
  channels_ = std::make_unique<DataChannels>(thread_, webrtcbin_.get(), std::move(listener));
}

// --- Negotiation's actions -------------------------------------------------------------------------------------------

void Peer::carryOut(const Negotiation::Actions& actions) {
  for (const auto& action : actions) {
    if (over_) return;
    std::visit([this](const auto& wanted) { carryOut(wanted); }, action);
  }
}

void Peer::carryOut(const Negotiation::PrepareSenders& prepare) {
  const auto said_bye = [this](Reason reason) {
    if (!over_) listener_(SaysBye{reason});
  };
  if (prepare.data) {
    const auto lane = [this](const core::LaneMessage& message) {
      if (!over_) listener_(SaysOfLane{message});
    };
    const auto streams = [this](const core::StreamMessage& message) {
      if (!over_) listener_(SaysOfStreams{message});
    };
    control_ = ControlChannel::make(*channels_, {[this] { spoke(); }, said_bye, lane, streams});
    carries_data_ = true;
    listener_(CarriesData{});
  }

  for (const auto& line : prepare.lines) {
    auto made = Sender::make(GST_BIN(pipeline_.get()), webrtcbin_.get(), line, config_.fec_percentage);
    if (!made) {
      fail(Reason::MediaFailed, made.error().message);
      return;
    }
    senders_.push_back(std::move(made).value());
  }
  step(Negotiation::SendersReady{});
}

void Peer::carryOut(const Negotiation::ChangeSenders& change) {
  std::erase_if(senders_, [this, &change](const auto& sender) {
    for (const auto& line : change.lines) {
      if (line.mline != sender->section()) continue;
      if (const auto changed = sender->change(line); !changed) fail(Reason::MediaFailed, changed.error().message);
      return false;
    }
    return true;
  });
}

void Peer::carryOut(const Negotiation::TellOfMismatch& mismatch) {
  listener_(LacksCodec{mismatch.kind, mismatch.why});
}

void Peer::carryOut(const Negotiation::Create& create) {
  createDescription(webrtcbin_.get(), create.type, [mail = mailbox_](Result<std::string> made) {
    mail->post([made = std::move(made)](Peer& peer) {
      if (made) {
        peer.step(Negotiation::Created{made.value()});
      } else {
        peer.step(Negotiation::StepFailed{made.error().message});
      }
    });
  });
}

void Peer::carryOut(const Negotiation::SetLocal& set) {
  setDescription(Side::Local, set.type, set.sdp, [](Peer& peer) { peer.step(Negotiation::LocalSet{}); });
}

void Peer::carryOut(const Negotiation::SetRemote& set) {
  fingerprints_ = set.fingerprints;
  std::istringstream lines(set.sdp);
  for (std::string line; std::getline(lines, line);) path_.remote(line);
  announced_.clear();
  for (const auto& stream : set.streams) announced_.insert(stream.mline);
  setDescription(Side::Remote, set.type, set.sdp, [streams = set.streams](Peer& peer) {
    // Not before webrtcbin knows them: it would take them for the first section's.
    peer.arrivals_->allow(streams);
    peer.step(Negotiation::RemoteSet{});
  });
}

void Peer::setDescription(Side side, DescriptionType type, const std::string& sdp, std::function<void(Peer&)> done) {
  const auto answered = [mail = mailbox_, done = std::move(done)](Result<Done> result) {
    mail->post([done, result = std::move(result)](Peer& peer) {
      if (!result) {
        peer.step(Negotiation::StepFailed{result.error().message});
        return;
      }
      peer.transport_->look();
      done(peer);
    });
  };
  rtc::setDescription(webrtcbin_.get(), side, type, sdp, answered);
}

void Peer::carryOut(const Negotiation::ApplyCandidate& apply) {
  path_.remote(apply.candidate);
  g_signal_emit_by_name(webrtcbin_.get(), "add-ice-candidate", apply.mline, apply.candidate.c_str());
}

void Peer::carryOut(const Negotiation::SignalDescription& description) {
  listener_(DescribesItself{description.type, description.sdp});
}

void Peer::carryOut(const Negotiation::SignalCandidate& candidate) {
  listener_(HasCandidate{candidate.candidate});
}

void Peer::carryOut(const Negotiation::AskForSections& ask) {
  if (say(core::StreamMessage(
          core::StreamsWanted{static_cast<int>(ask.sections.video), static_cast<int>(ask.sections.audio)}))) {
    to_ask_for_.reset();
  } else {
    to_ask_for_ = ask.sections;
  }
}

void Peer::carryOut(const Negotiation::Settled& settled) {
  sections_ = settled.sections;
  listener_(Settles{});
}

void Peer::carryOut(const Negotiation::Abandon& abandon) {
  fail(Reason::MediaFailed, abandon.why, true);
}

// --- The connection --------------------------------------------------------------------------------------------------

void Peer::connectionChanged() {
  if (over_) return;
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;
  g_object_get(webrtcbin_.get(), "connection-state", &state, nullptr);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED && !connected_) {
    verify();
  } else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED) {
    fail(connected_ ? Reason::PeerLost : Reason::IceFailed, "no path to the peer");
  }
}

void Peer::gatheringChanged() {
  GstWebRTCICEGatheringState state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;
  g_object_get(webrtcbin_.get(), "ice-gathering-state", &state, nullptr);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) candidates_.complete();
}

void Peer::candidateFound(Negotiation::LocalCandidate candidate) {
  path_.local(candidate.candidate);
  candidates_.found(std::move(candidate));
}

void Peer::verify() {
  // G5. RFC 8122 section 6.2: the certificate must be the one that signaling announced.
  if (!certificateMatches(transport_->remoteCertificate(), fingerprints_)) {
    fail(Reason::FingerprintMismatch, "the peer's certificate is not the one that was announced", true);
    return;
  }
  connected_ = true;
  settleIce(webrtcbin_.get());
  life_.begin(control_.get());
  receivedRate();  // counted from now on
  next_pace_ = Timer(thread_.context(), kPace, [this] { pace(); });
  listener_(Connects{});
  if (!over_) channels_->trust();
  for (const auto& receiver : receivers_) {
    if (!over_) listener_(HasStream{receiver});
  }
}

void Peer::transportChanged() {
  if (connected_ && !over_ && transport_->closed()) life_.suspect();
}

void Peer::spoke() {
  life_.sign();
  if (over_ || std::exchange(heard_, true)) return;
  if (to_ask_for_) carryOut(Negotiation::AskForSections{*to_ask_for_});
  listener_(Speaks{});
}

void Peer::streamAdded(std::shared_ptr<Receiver> receiver) {
  receivers_.push_back(receiver);
  if (connected_ && !over_) listener_(HasStream{std::move(receiver)});
}

void Peer::pace() {
  using core::Reports;
  const auto reports = receivers_.empty() ? Reports::Seldom : Reports::Usual;
  const auto how_often = core::reportPace(reports, receivedRate());
  if (std::exchange(report_pace_, how_often) != how_often) paceReports(webrtcbin_.get(), how_often);
  const auto round_trip = roundTrip();
  playout_->setRoundTrip(round_trip ? std::optional(Duration(std::lround(*round_trip))) : std::nullopt);
  next_pace_ = Timer(thread_.context(), kPace, [this] { pace(); });
}

double Peer::receivedRate() {
  std::uint64_t bytes = 0;
  for (const auto& receiver : receivers_) bytes += receiver->bytes();
  return received_.perSecond(bytes, SteadyClock().now()) * 8;
}

void Peer::open(Receiver& receiver, const std::shared_ptr<StreamSink>& sink) {
  if (sink) {
    playout_->playTo(sink->decodes());
    sink->setLatency(latencyOf(*sink));
  }
  receiver.open(sink);
}

void Peer::playoutChanged() {
  playout_->apply();
  for (const auto& receiver : receivers_) {
    if (const auto sink = receiver->sink()) sink->setLatency(latencyOf(*sink));
  }
}

GstClockTime Peer::latencyOf(const StreamSink& sink) const {
  return static_cast<GstClockTime>(playout_->announced(sink.decodes()).count()) * GST_MSECOND;
}

void Peer::fail(Reason reason, std::string why, bool for_good) {
  if (over_) return;
  over_ = true;
  listener_(Fails{reason, std::move(why), for_good});
}

}  // namespace rtc
