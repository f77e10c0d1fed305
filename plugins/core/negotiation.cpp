// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/negotiation.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "plugins/core/local_rules.hpp"
#include "plugins/core/remote_rules.hpp"

namespace rtc::core {

namespace {

/// Chromium gathers some twenty candidates; a peer that sends without end must not fill our memory.
constexpr std::size_t kMaxQueuedCandidates = 256;

/// Of each kind: more than anybody looks at, and few enough for one description.
constexpr unsigned kMaxSections = 16;

/// The payload types that our own offers use, as browsers do.
constexpr int kVp8PayloadType = 96;
constexpr int kOpusPayloadType = 111;

/// How a sender learns what its path can bear. Browsers hold their picture small without it.
constexpr std::string_view kTransportCc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
/// Its number in our own offers: one for all sections of a bundle (RFC 9143 section 9.2).
constexpr int kTransportCcId = 3;

bool sameEncoding(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view encodingFor(Kind kind) {
  return kind == Kind::Video ? "VP8" : "OPUS";
}

/// The lines of our own offer, the first of which is section `first`.
std::vector<SendLine> linesOf(const std::vector<Kind>& kinds, std::size_t first) {
  std::vector<SendLine> lines;
  for (const auto kind : kinds) {
    const auto mline = static_cast<unsigned>(first + lines.size());
    lines.push_back({mline, kind, std::string(encodingFor(kind)),
                     kind == Kind::Video ? kVp8PayloadType : kOpusPayloadType, kTransportCcId});
  }
  return lines;
}

/// What we can send in answer to an offer: one line for each section from `first` on that wants to receive a codec that
/// we have.
std::vector<SendLine> linesFor(const Sdp& offer, std::size_t first) {
  std::vector<SendLine> lines;
  for (auto mline = static_cast<unsigned>(first); mline < offer.media().size(); ++mline) {
    const auto& section = offer.media()[mline];
    const auto direction = section.direction();
    const bool wants = direction == Direction::SendRecv || direction == Direction::RecvOnly;
    if (section.rejected() || !wants || section.kind() == Kind::Application) continue;
    const auto kind = *section.kind();
    const auto codecs = section.codecs();
    const auto codec = std::find_if(codecs.begin(), codecs.end(), [&](const Codec& offered) {
      return sameEncoding(offered.encoding, encodingFor(kind));
    });
    if (codec == codecs.end()) continue;
    lines.push_back(
        {mline, kind, std::string(encodingFor(kind)), codec->payload_type, section.extension(kTransportCc)});
  }
  return lines;
}

bool hasData(const Sdp& sdp) {
  return std::any_of(sdp.media().begin(), sdp.media().end(), [](const MediaSection& section) {
    return section.kind() == Kind::Application && !section.rejected();
  });
}

/// A refused section counts: offering another one would not change the peer's mind.
SectionCount sectionsOf(const Sdp& sdp) {
  SectionCount count;
  for (const auto& section : sdp.media()) {
    if (section.kind() == Kind::Video) ++count.video;
    if (section.kind() == Kind::Audio) ++count.audio;
  }
  return count;
}

/// Those of `wanted` that `present` lacks.
std::vector<Kind> missing(const SectionCount& wanted, const SectionCount& present) {
  std::vector<Kind> kinds;
  for (auto video = present.video; video < wanted.video; ++video) kinds.push_back(Kind::Video);
  for (auto audio = present.audio; audio < wanted.audio; ++audio) kinds.push_back(Kind::Audio);
  return kinds;
}

std::optional<Setup> setupOf(const Sdp& sdp) {
  for (const auto& section : sdp.media()) {
    if (section.rejected()) continue;
    if (const auto setup = sdp.setup(section)) return setup;
  }
  return std::nullopt;
}

}  // namespace

Negotiation::Negotiation(Role role, std::vector<Kind> kinds) : role_(role), kinds_(std::move(kinds)) {}

Negotiation::Actions Negotiation::start() {
  if (role_ == Role::Callee) return {};
  state_ = State::PreparingOffer;
  return {PrepareSenders{linesOf(kinds_, 0), true}};
}

Negotiation::Actions Negotiation::on(const Event& event) {
  if (state_ == State::Abandoned) return {};
  return std::visit([this](const auto& happened) { return handle(happened); }, event);
}

Negotiation::Actions Negotiation::handle(const Begin&) {
  begun_ = true;
  return state_ == State::OfferHeld ? sendOffer() : Actions{};
}

Negotiation::Actions Negotiation::handle(const SendersReady&) {
  if (state_ == State::PreparingOffer) {
    state_ = State::CreatingOffer;
    return {Create{DescriptionType::Offer}};
  }
  return state_ == State::PreparingAnswer ? takeOffer() : Actions{};
}

Negotiation::Actions Negotiation::handle(const Created& created) {
  if (state_ == State::CreatingOffer) {
    offer_ = created.sdp;
    state_ = State::OfferHeld;
    return begun_ ? sendOffer() : Actions{};
  }
  return state_ == State::CreatingAnswer ? sendAnswer(created.sdp) : Actions{};
}

Negotiation::Actions Negotiation::handle(const LocalSet&) {
  return state_ == State::Stable ? settle() : Actions{};
}

Negotiation::Actions Negotiation::handle(const RemoteSet&) {
  remote_applied_ = true;
  auto actions = applyQueued();
  if (state_ == State::ApplyingOffer) {
    state_ = State::CreatingAnswer;
    actions.insert(actions.begin(), Create{DescriptionType::Answer});
  } else if (state_ == State::ApplyingAnswer) {
    state_ = State::Stable;
    const auto settled = settle();
    actions.insert(actions.end(), settled.begin(), settled.end());
  }
  return actions;
}

Negotiation::Actions Negotiation::handle(const StepFailed& failed) {
  return abandon(failed.why);
}

Negotiation::Actions Negotiation::handle(const RemoteDescription& remote) {
  const bool offer = remote.type == DescriptionType::Offer;
  const bool expected = offer ? state_ == State::Stable || (state_ == State::Idle && role_ == Role::Callee)
                              : state_ == State::AwaitingAnswer;
  if (!expected) return abandon(offer ? "an offer came out of turn" : "an answer came to no offer");

  auto parsed = Sdp::parse(remote.sdp);
  if (!parsed) return abandon(parsed.error().message);
  if (auto checked = checkRemote(parsed.value(), remote_); !checked) return abandon(checked.error().message);
  if (!offer) {
    if (auto checked = checkAnswer(parsed.value(), *local_); !checked) return abandon(checked.error().message);
  }
  const bool first = !remote_;
  const auto sections_before = first ? 0 : remote_->media().size();
  remote_ = adaptRemote(std::move(parsed).value());

  if (!offer) {
    const auto theirs = setupOf(*remote_);
    setup_ = theirs == Setup::Active ? Setup::Passive : Setup::Active;
    state_ = State::ApplyingAnswer;
    return {setRemote(DescriptionType::Answer)};
  }
  auto lines = linesFor(*remote_, sections_before);
  if (!first && lines.empty()) return takeOffer();
  state_ = State::PreparingAnswer;
  return {PrepareSenders{std::move(lines), first && hasData(*remote_)}};
}

Negotiation::Actions Negotiation::handle(const RemoteCandidate& remote) {
  if (!remote_applied_) {
    if (queued_.size() < kMaxQueuedCandidates) queued_.push_back(remote.candidate);
    return {};
  }
  const auto mline = sectionOf(remote.candidate);
  if (!mline) return {};  // RFC 8829 section 4.1.19 would fail the call that adds it; a stray one harms nobody
  return {ApplyCandidate{*mline, remote.candidate.candidate}};
}

Negotiation::Actions Negotiation::handle(const LocalCandidate& local) {
  std::string mid;
  if (local_ && local.mline < local_->media().size()) mid = local_->media()[local.mline].mid();
  return {SignalCandidate{{local.candidate, std::move(mid), local.mline}}};
}

Negotiation::Actions Negotiation::handle(const Want& want) {
  wanted_ = want.sections;
  return extend();
}

Negotiation::Actions Negotiation::handle(const PeerWants& want) {
  peer_wants_ = {std::min(want.sections.video, kMaxSections), std::min(want.sections.audio, kMaxSections)};
  return extend();
}

Negotiation::Actions Negotiation::settle() {
  auto actions = extend();
  actions.insert(actions.begin(), Settled{static_cast<unsigned>(local_->media().size())});
  return actions;
}

Negotiation::Actions Negotiation::extend() {
  // One exchange at a time: what is wanted meanwhile waits for its end.
  if (state_ != State::Stable) return {};
  const auto present = sectionsOf(*local_);
  if (role_ == Role::Callee) {
    if (missing(wanted_, present).empty() || wanted_ == asked_for_) return {};
    asked_for_ = wanted_;
    return {AskForSections{wanted_}};
  }
  const SectionCount all{std::max(wanted_.video, peer_wants_.video), std::max(wanted_.audio, peer_wants_.audio)};
  const auto kinds = missing(all, present);
  if (kinds.empty()) return {};
  state_ = State::PreparingOffer;
  // Behind the data section, if need be: what is there keeps its place (RFC 8829 section 5.2.2).
  return {PrepareSenders{linesOf(kinds, local_->media().size()), false}};
}

Negotiation::Actions Negotiation::sendOffer() {
  auto parsed = Sdp::parse(offer_);
  if (!parsed) return abandon(parsed.error().message);
  setLocal(std::move(parsed).value());
  state_ = State::AwaitingAnswer;
  // Said before it is set: no candidate of ours can overtake it.
  const auto sdp = local_->text();
  return {SignalDescription{DescriptionType::Offer, sdp}, SetLocal{DescriptionType::Offer, sdp}};
}

Negotiation::Actions Negotiation::takeOffer() {
  state_ = State::ApplyingOffer;
  return {setRemote(DescriptionType::Offer)};
}

Negotiation::Actions Negotiation::sendAnswer(const std::string& created) {
  auto parsed = Sdp::parse(created);
  if (!parsed) return abandon(parsed.error().message);
  setLocal(std::move(parsed).value());
  if (setup_) {
    local_->setSetup(*setup_);
  } else {
    setup_ = setupOf(*local_);
  }
  state_ = State::Stable;
  const auto sdp = local_->text();
  return {SignalDescription{DescriptionType::Answer, sdp}, SetLocal{DescriptionType::Answer, sdp}};
}

void Negotiation::setLocal(Sdp made) {
  local_ = local_ ? keepingStreams(std::move(made), *local_) : std::move(made);
}

Negotiation::Action Negotiation::setRemote(DescriptionType type) const {
  SetRemote action{type, remote_->text(), announcedFingerprints(*remote_), {}};
  std::map<Kind, unsigned> places;
  for (unsigned mline = 0; mline < remote_->media().size(); ++mline) {
    const auto& section = remote_->media()[mline];
    const auto place = places[section.kind().value_or(Kind::Application)]++;
    for (const auto ssrc : section.ssrcs()) action.streams.push_back({ssrc, section.acceptsNack(), mline, place});
  }
  return action;
}

Negotiation::Actions Negotiation::applyQueued() {
  Actions actions;
  for (const auto& candidate : std::exchange(queued_, {})) {
    if (const auto mline = sectionOf(candidate)) actions.push_back(ApplyCandidate{*mline, candidate.candidate});
  }
  return actions;
}

std::optional<unsigned> Negotiation::sectionOf(const IceCandidate& candidate) const {
  const auto& media = remote_->media();
  if (!candidate.mid.empty()) {
    const auto section =
        std::find_if(media.begin(), media.end(), [&](const MediaSection& each) { return each.mid() == candidate.mid; });
    if (section != media.end()) return static_cast<unsigned>(section - media.begin());
  }
  if (candidate.mline && *candidate.mline < media.size()) return candidate.mline;
  // The end of candidates may come without a section: it is meant for the whole bundle.
  return candidate.candidate.empty() ? std::optional<unsigned>(0) : std::nullopt;
}

Negotiation::Actions Negotiation::abandon(std::string why) {
  state_ = State::Abandoned;
  return {Abandon{std::move(why)}};
}

}  // namespace rtc::core
