// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/live_call.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "plugins/core/bitrate/congestion_control.hpp"
#include "plugins/session/structure_fields.hpp"
#include "signaling/protocol/payload.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Call;
using signaling::Reason;

namespace {

template <typename... Wanted>
bool isOneOf(const signaling::ClientBody& body) {
  return (std::holds_alternative<Wanted>(body) || ...);
}

}  // namespace

LiveCall::LiveCall(CallHost& host, Call machine, CallOrigin origin)
    : host_(host),
      machine_(std::move(machine)),
      origin_(std::move(origin)),
      lasting_([this] { return host_.mediaSink(); }) {}

LiveCall::~LiveCall() = default;

void LiveCall::start() {
  carryOut(machine_.start());
}

void LiveCall::step(const Call::Event& event) {
  if (busy_) {
    waiting_.push_back(event);
  } else {
    carryOut(machine_.on(event));
  }
}

void LiveCall::hear(core::DescriptionType type, const signaling::Json& description) {
  auto decoded = signaling::descriptionFrom(description);
  if (!decoded) {
    if (peer_) step(Call::MediaFails{Reason::MediaFailed, true});
    return;
  }
  step(Call::PeerDescribes{type, decoded.value().connection});
  if (isCurrent(decoded.value().connection)) peer_->hear(type, std::move(decoded).value().sdp);
}

void LiveCall::hear(const signaling::Json& candidate) {
  const auto decoded = signaling::candidateFrom(candidate);
  if (!decoded || !isCurrent(decoded.value().connection)) return;
  const auto& said = decoded.value();
  const auto mline = said.sdp_m_line_index;
  peer_->hear(core::IceCandidate{said.candidate, said.sdp_mid,
                                 mline < 0 ? std::nullopt : std::optional(static_cast<unsigned>(mline))});
}

bool LiveCall::isCurrent(signaling::ConnectionNumber connection) const {
  return peer_ && connection.value_or(1) == machine_.connection();
}

void LiveCall::networkChanged() {
  // A peer that cannot make a new connection is left alone: this one may have survived.
  if (peer_ && machine_.renewable()) peer_->prove();
  step(Call::NetworkChanges{});
}

void LiveCall::sourcesChanged() {
  if (connected()) streams_->sourcesChanged();
}

void LiveCall::sinkChanged() {
  lasting_.endHeld();
  if (connected()) streams_->sinkChanged();
}

void LiveCall::dataUserAdded(DataUser* user) {
  if (data_) data_->add(user);
}

void LiveCall::dataUserRemoved(DataUser* user) {
  if (data_) data_->remove(user);
}

Ptr<GstStructure> LiveCall::statistics(const std::string& session) {
  auto structure =
      adopt(gst_structure_new("rtc-stats", "session", G_TYPE_STRING, session.c_str(), "call", G_TYPE_STRING,
                              machine_.id().c_str(), "peer", G_TYPE_STRING, machine_.peer().c_str(), nullptr));
  if (statistics_) statistics_->add(structure.get(), *peer_, host_.sources(), SteadyClock().now());
  const auto room = rate_ ? rate_->available() : std::nullopt;
  set(structure.get(), "available-out-bitrate", static_cast<std::uint64_t>(std::llround(room.value_or(0))));
  return structure;
}

// --- The machine's actions -------------------------------------------------------------------------------------------

void LiveCall::carryOut(const Call::Actions& actions) {
  busy_ = true;
  for (const auto& action : actions) std::visit([this](const auto& wanted) { carryOut(wanted); }, action);
  busy_ = false;
  if (waiting_.empty()) return;
  const auto next = waiting_.front();
  waiting_.pop_front();
  carryOut(machine_.on(next));
}

void LiveCall::carryOut(const Call::Send& send) {
  auto* signaler = host_.signaler();
  if (signaler == nullptr) return;
  if (!isOneOf<signaling::Call, signaling::Accept>(send.body)) {
    signaler->send(send.body);
    return;
  }
  // The service may refuse these two, and then the call is over. Our own calls stand until their farewell is said, so
  // the reply is matched by the call's id and not by this object.
  signaler->request(send.body, [host = &host_, id = machine_.id()](const signaling::Reply& reply) {
    if (!reply) host->requestRefused(id, reply.error());
  });
}

void LiveCall::carryOut(const Call::OpenPeer& open) {
  peer_ = std::make_unique<Peer>(host_.taskThread(), host_.peerConfig(open.role), [this](const Peer::Event& event) {
    std::visit([this](const auto& what) { happened(what); }, event);
  });
  LiveStreams::Host streams;
  streams.sources = [this]() -> const std::vector<std::shared_ptr<MediaSource>>& { return host_.sources(); };
  streams.sink = [this]() -> MediaSink* { return host_.mediaSink() == nullptr ? nullptr : &lasting_; };
  streams.context = host_.taskThread().context();
  streams.on_change = [this](const StreamChange& change) { host_.streamChanged(*this, change); };
  streams_ = std::make_unique<LiveStreams>(machine_.peer(), *peer_, std::move(streams));
  rate_ =
      std::make_unique<RateControl>(host_.taskThread().context(), *peer_, std::make_unique<core::CongestionControl>());
  peer_->start();
}

void LiveCall::carryOut(const Call::BeginNegotiation&) {
  if (peer_) peer_->begin();
}

void LiveCall::carryOut(const Call::DropPeer&) {
  if (!peer_) return;
  GST_INFO("call %s: its connection is lost", machine_.id().c_str());
  rate_.reset();
  lasting_.hold();
  if (data_) data_->detach();
  peer_->abandon();
  dropped_.push_back({std::move(peer_), std::move(streams_)});
  sweep_ = Timer(host_.taskThread().context(), Duration(0), [this] { dropped_.clear(); });
}

void LiveCall::carryOut(const Call::ClosePeer& close) {
  rate_.reset();
  if (peer_) peer_->leave(close.reason);
  lasting_.endHeld();
  data_.reset();
  const auto linger = peer_ ? Peer::kFarewell : Duration(0);
  farewell_ = Timer(host_.taskThread().context(), linger, [this] { host_.callOver(machine_.id()); });
}

void LiveCall::carryOut(const Call::Announce& announce) {
  host_.callChanged(*this, announce.state, announce.reason);
  if (announce.state == core::CallState::Reconnecting) host_.needService();
  if (announce.state != core::CallState::Connected) return;
  if (!statistics_) statistics_.emplace(SteadyClock().now());
  sourcesChanged();
}

void LiveCall::carryOut(const Call::SetTimer& set) {
  auto& timer = set.timer == Call::Timer::Attempt ? attempt_ : timer_;
  timer.cancel();
  if (!set.delay) return;
  timer =
      Timer(host_.taskThread().context(), *set.delay, [this, which = set.timer] { step(Call::TimerExpires{which}); });
}

// --- The peer's events -----------------------------------------------------------------------------------------------

void LiveCall::happened(const Peer::DescribesItself& description) {
  // A later description needs no service, which may be away.
  if (connected() && peer_->say(core::StreamMessage(core::Redescription{description.type, description.sdp}))) return;
  auto* signaler = host_.signaler();
  if (signaler == nullptr) return;
  const bool offer = description.type == core::DescriptionType::Offer;
  auto json =
      signaling::toJson(signaling::Description{offer ? "offer" : "answer", description.sdp, machine_.connection()});
  if (offer) {
    signaler->send(signaling::Offer{machine_.id(), {}, std::move(json)});
  } else {
    signaler->send(signaling::Answer{machine_.id(), {}, std::move(json)});
  }
}

void LiveCall::happened(const Peer::HasCandidate& candidate) {
  auto* signaler = host_.signaler();
  if (signaler == nullptr) return;
  const auto& [text, mid, mline] = candidate.candidate;
  const signaling::IceCandidate said{text, mid, static_cast<int>(mline.value_or(0)), machine_.connection()};
  signaler->send(signaling::Candidate{machine_.id(), {}, signaling::toJson(said)});
}

void LiveCall::happened(const Peer::Connects&) {
  step(Call::MediaConnects{});
}

void LiveCall::happened(const Peer::HasStream& stream) {
  streams_->receive(stream.receiver);
}

void LiveCall::happened(const Peer::SaysBye& bye) {
  step(Call::PeerLeaves{bye.reason});
}

void LiveCall::happened(const Peer::Fails& fails) {
  GST_WARNING("call %s: %s", machine_.id().c_str(), fails.why.c_str());
  step(Call::MediaFails{fails.reason, fails.for_good});
}

void LiveCall::happened(const Peer::CarriesData&) {
  if (machine_.state() == core::CallState::Ended) return;
  if (data_) {
    data_->attach(*peer_->channels());
    return;
  }
  Lanes::Host lanes{host_.taskThread(), machine_.role() == core::Role::Caller,
                    [this](core::Role role) { return host_.peerConfig(role); },
                    [this](const core::LaneMessage& message) { return peer_->say(message); },
                    [this](const std::shared_ptr<DataChannel>& channel) { data_->offer(channel); }};
  data_ = std::make_unique<LiveData>(machine_.id(), machine_.peer(), std::move(lanes));
  data_->attach(*peer_->channels());
  for (auto* user : host_.dataUsers()) data_->add(user);
}

void LiveCall::happened(const Peer::HasChannel& channel) {
  if (data_) data_->offer(channel.channel);
}

void LiveCall::happened(const Peer::LacksCodec& lacks) {
  const char* what = lacks.kind == core::Kind::Video ? "picture" : "sound";
  host_.callLacks(*this, std::string("the call with ") + machine_.peer() + " has no " + what + ": " + lacks.why);
}

void LiveCall::happened(const Peer::SaysOfLane& said) {
  if (data_) data_->hear(said.message);
}

void LiveCall::happened(const Peer::Speaks&) {
  sourcesChanged();
  if (data_) data_->peerSpeaks();
}

void LiveCall::happened(const Peer::SaysOfStreams& said) {
  if (connected()) streams_->hear(said.message);
}

void LiveCall::happened(const Peer::Settles&) {
  sourcesChanged();
}

}  // namespace rtc
