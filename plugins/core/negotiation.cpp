// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/negotiation.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "plugins/core/local_rules.hpp"
#include "plugins/core/remote_rules.hpp"
#include "plugins/core/words.hpp"

namespace rtc::core {

namespace {

/// Chromium gathers some twenty candidates; a peer that sends without end must not fill our memory.
constexpr std::size_t kMaxQueuedCandidates = 256;

/// Of each kind: more than anybody looks at, and few enough for one description.
constexpr unsigned kMaxSections = 16;

/// The number of `kTransportCc` in our own offers: one for all sections of a bundle (RFC 9143 section 9.2).
constexpr int kTransportCcId = 3;

bool sendsMedia(Direction direction) {
  return direction == Direction::SendRecv || direction == Direction::RecvOnly;
}

/// What stands among the codecs of a section and is none.
bool isNoCodec(std::string_view encoding) {
  return sameWord(encoding, "rtx") || sameWord(encoding, "red") || sameWord(encoding, "ulpfec");
}

std::string mismatch(const MediaSection& section, const std::vector<Codec>& ours) {
  std::string theirs;
  for (const auto& format : section.formats()) {
    if (isNoCodec(format.encoding)) continue;
    if (theirs.find(format.encoding) == std::string::npos) theirs += (theirs.empty() ? "" : ", ") + format.encoding;
  }
  return "the peer has " + (theirs.empty() ? "none of our codecs" : theirs) + ", this side has " + listed(ours);
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

/// The section under which a candidate of ours is said: the first that was not rejected, if its own one was.
unsigned firstAlive(const Sdp& local, unsigned mline) {
  const auto& media = local.media();
  unsigned alive = mline;
  while (alive < media.size() && media[alive].rejected()) ++alive;
  return alive < media.size() ? alive : mline;
}

/// The section under which `webrtcbin` knows the transport of this one: where those before it were rejected, the first.
unsigned transportOf(const Sdp& remote, unsigned mline) {
  const auto& media = remote.media();
  const auto before = media.begin() + static_cast<std::ptrdiff_t>(mline);
  const bool first = std::all_of(media.begin(), before, [](const MediaSection& each) { return each.rejected(); });
  return first ? 0 : mline;
}

}  // namespace

Negotiation::Negotiation(Role role, std::vector<Kind> kinds, CodecPreferences codecs)
    : role_(role), kinds_(std::move(kinds)), codecs_(std::move(codecs)) {}

Negotiation::Actions Negotiation::start() {
  if (role_ == Role::Callee) return {};
  state_ = State::PreparingOffer;
  return {prepare(offeredLines(kinds_, 0), true)};
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
    return takeAnswer();
  }
  Actions actions;
  for (std::size_t i = 0; i < remote_->media().size(); ++i) {
    const auto more = choose(remote_->media()[i], i);
    actions.insert(actions.end(), more.begin(), more.end());
  }
  auto lines = linesOf(*remote_, sections_before);
  if (first || !lines.empty()) {
    state_ = State::PreparingAnswer;
    actions.push_back(prepare(std::move(lines), first && hasData(*remote_)));
  } else {
    const auto more = takeOffer();
    actions.insert(actions.end(), more.begin(), more.end());
  }
  return actions;
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
  const auto mline = local_ ? firstAlive(*local_, local.mline) : local.mline;
  std::string mid;
  if (local_ && mline < local_->media().size()) mid = local_->media()[mline].mid();
  return {SignalCandidate{{local.candidate, std::move(mid), mline}}};
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
  return {prepare(offeredLines(kinds, local_->media().size()), false)};
}

Negotiation::Actions Negotiation::sendOffer() {
  auto parsed = Sdp::parse(offer_);
  if (!parsed) return abandon(parsed.error().message);
  auto& made = parsed.value();
  for (std::size_t i = 0; i < made.media().size(); ++i) {
    auto& section = made.media()[i];
    const auto kind = section.kind();
    if (!kind || *kind == Kind::Application) continue;
    // What was settled stays.
    const auto settled = i < carried_.size() ? carried_[i] : std::nullopt;
    offerCodecs(section, settled ? std::vector<Codec>{settled->codec} : codecs_.of(*kind));
  }
  setLocal(std::move(made));
  state_ = State::AwaitingAnswer;
  const auto sdp = local_->text();
  // Said before it is set: no candidate of ours can overtake it.
  return {SignalDescription{DescriptionType::Offer, sdp}, SetLocal{DescriptionType::Offer, sdp}};
}

Negotiation::Actions Negotiation::takeOffer() {
  state_ = State::ApplyingOffer;
  return {setRemote(DescriptionType::Offer)};
}

Negotiation::Actions Negotiation::takeAnswer() {
  Actions actions;
  carried_.assign(remote_->media().size(), std::nullopt);
  for (std::size_t i = 0; i < remote_->media().size(); ++i) {
    const auto& section = remote_->media()[i];
    if (section.kind() == Kind::Application) continue;
    const auto& ours = codecs_.of(*section.kind());
    carried_[i] = withRedundancy(chosenInAnswer(section, ours), section);
    if (!carried_[i]) actions.push_back(TellOfMismatch{*section.kind(), "the peer takes none of " + listed(ours)});
  }
  if (auto lines = linesOf(*remote_, 0); lines != senders_) {
    senders_ = lines;
    actions.push_back(ChangeSenders{std::move(lines)});
  }
  state_ = State::ApplyingAnswer;
  actions.push_back(setRemote(DescriptionType::Answer));
  return actions;
}

Negotiation::Actions Negotiation::choose(const MediaSection& section, std::size_t place) {
  carried_.resize(std::max(carried_.size(), place + 1));
  if (section.kind() == Kind::Application) return {};
  const auto& ours = codecs_.of(*section.kind());
  const bool known = carried_[place].has_value();
  carried_[place] = withRedundancy(chooseFromOffer(section, ours, carried_[place]), section);
  if (carried_[place] || known || section.rejected() || section.direction() == Direction::Inactive) return {};
  return {TellOfMismatch{*section.kind(), mismatch(section, ours)}};
}

std::optional<Carried> Negotiation::withRedundancy(std::optional<Carried> carried, const MediaSection& section) const {
  if (carried && codecs_.redundancy) carried->redundancy = redundancyFor(carried->codec, section);
  return carried;
}

Negotiation::Action Negotiation::prepare(std::vector<SendLine> lines, bool data) {
  senders_.insert(senders_.end(), lines.begin(), lines.end());
  return PrepareSenders{std::move(lines), data};
}

/// What we can send: a line for each section from `first` on that carries a codec and wants to receive.
std::vector<SendLine> Negotiation::linesOf(const Sdp& remote, std::size_t first) const {
  std::vector<SendLine> lines;
  for (auto mline = static_cast<unsigned>(first); mline < remote.media().size(); ++mline) {
    const auto& section = remote.media()[mline];
    if (mline >= carried_.size() || !carried_[mline] || !sendsMedia(section.direction())) continue;
    const auto& carried = *carried_[mline];
    lines.push_back({mline, *section.kind(), carried.codec, carried.payload_type, section.extension(kTransportCc)});
  }
  return lines;
}

/// The lines of our own offer, the first of which is section `first`.
std::vector<SendLine> Negotiation::offeredLines(const std::vector<Kind>& kinds, std::size_t first) const {
  std::vector<SendLine> lines;
  for (const auto kind : kinds) {
    const auto codec = codecs_.of(kind).front();
    const auto mline = static_cast<unsigned>(first + lines.size());
    lines.push_back({mline, kind, codec, traits(codec).payload_type, kTransportCcId});
  }
  return lines;
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
  local_ = withRejections(std::move(*local_), carried_);
  return {SignalDescription{DescriptionType::Answer, local_->text()}, SetLocal{DescriptionType::Answer, sdp}};
}

void Negotiation::setLocal(Sdp made) {
  local_ = local_ ? keepingStreams(std::move(made), *local_) : std::move(made);
}

Negotiation::Action Negotiation::setRemote(DescriptionType type) const {
  SetRemote action{type, narrowed(*remote_, carried_).text(), announcedFingerprints(*remote_), {}};
  std::map<Kind, unsigned> places;
  for (unsigned mline = 0; mline < remote_->media().size(); ++mline) {
    const auto& section = remote_->media()[mline];
    const auto place = places[section.kind().value_or(Kind::Application)]++;
    const auto& carried = mline < carried_.size() ? carried_[mline] : std::nullopt;
    // webrtcbin has no transceiver for any other, and a packet of one would be a crash.
    if (!carried) continue;
    for (const auto ssrc : section.ssrcs()) {
      action.streams.push_back({ssrc, section.acceptsNack(), mline, place, carried});
    }
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
    if (section != media.end()) return transportOf(*remote_, static_cast<unsigned>(section - media.begin()));
  }
  if (candidate.mline && *candidate.mline < media.size()) return transportOf(*remote_, *candidate.mline);
  // The end of candidates may come without a section: it is meant for the whole bundle.
  return candidate.candidate.empty() ? std::optional<unsigned>(0) : std::nullopt;
}

Negotiation::Actions Negotiation::abandon(std::string why) {
  state_ = State::Abandoned;
  return {Abandon{std::move(why)}};
}

}  // namespace rtc::core
