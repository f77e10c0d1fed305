// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/lanes.hpp"

#include <utility>

#include "plugins/core/sdp.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Role;

namespace {

/// A lane carries nothing else.
bool onlyData(const std::string& text) {
  const auto sdp = core::Sdp::parse(text);
  return sdp && sdp.value().media().size() == 1 && sdp.value().media().front().kind() == core::Kind::Application;
}

}  // namespace

Lanes::Lanes(Host host)
    : host_(std::move(host)),
      mailbox_(std::make_shared<Mailbox<Lanes>>(host_.thread, *this)),
      next_(host_.caller ? 0 : 1) {}

Lanes::~Lanes() {
  mailbox_->close();
}

Result<std::shared_ptr<DataChannel>> Lanes::open(const core::ChannelOptions& options) {
  if (count() >= kMax) return Error{"the call has " + std::to_string(kMax) + " lanes already"};
  if (options.negotiated) return Error{"the channel of a lane cannot be negotiated: the peer is told of it"};
  const auto number = std::exchange(next_, next_ + 2);
  auto& lane = add(number, Role::Caller);
  auto channel = lane.open(options);
  if (!channel) lane.end(channel.error().message);
  return channel;
}

void Lanes::hear(const core::LaneMessage& message) {
  std::visit([this](const auto& said) { handle(said); }, message);
}

void Lanes::peerSpeaks() {
  if (std::exchange(peer_speaks_, true)) return;
  for (const auto& message : std::exchange(unsaid_, {})) host_.say(message);
}

void Lanes::end() {
  std::vector<Lane*> all;
  for (const auto& [number, lane] : lanes_) all.push_back(lane.get());
  for (auto* lane : all) lane->end({});
}

void Lanes::handle(const core::LaneOffer& offer) {
  const bool theirs = offer.lane >= 0 && (offer.lane % 2 == 0) != host_.caller;
  if (!theirs || find(offer.lane) != nullptr) return;
  if (count() >= kMax || ending_.contains(offer.lane) || !onlyData(offer.sdp)) {
    GST_DEBUG("lane %d of the peer is refused", offer.lane);
    say(core::LaneClose{offer.lane});
    return;
  }
  add(offer.lane, Role::Callee).answer(offer.sdp);
}

void Lanes::handle(const core::LaneAnswer& answer) {
  auto* lane = find(answer.lane);
  if (lane == nullptr) return;
  if (onlyData(answer.sdp)) {
    lane->hear(answer);
  } else {
    lane->end("the peer's answer for the lane is none");
  }
}

void Lanes::handle(const core::LaneCandidate& said) {
  if (auto* lane = find(said.lane)) lane->hear(said);
}

void Lanes::handle(const core::LaneClose& close) {
  if (auto* lane = find(close.lane)) lane->end("the peer refused or closed the lane");
}

void Lanes::say(const core::LaneMessage& message) {
  if (!host_.say(message) && !peer_speaks_) unsaid_.push_back(message);
}

Lane& Lanes::add(int number, Role role) {
  auto config = host_.config(role);
  config.kinds.clear();
  Lane::Host host;
  host.say = [this](const core::LaneMessage& message) { say(message); };
  host.on_channel = host_.on_channel;
  host.on_over = [this, number] { over(number); };
  auto& lane = lanes_[number];
  lane = std::make_unique<Lane>(host_.thread, number, std::move(config), std::move(host));
  return *lane;
}

void Lanes::over(int number) {
  const auto found = lanes_.find(number);
  if (found == lanes_.end()) return;
  auto lane = std::move(found->second);
  lanes_.erase(found);
  // It is called from the lane itself, and from its own timers: the lane goes from the loop.
  Timer farewell(host_.thread.context(), Peer::kFarewell,
                 [mail = mailbox_, number] { mail->post([number](Lanes& self) { self.ending_.erase(number); }); });
  ending_.emplace(number, std::pair(std::move(lane), std::move(farewell)));
}

Lane* Lanes::find(int number) {
  const auto found = lanes_.find(number);
  return found == lanes_.end() ? nullptr : found->second.get();
}

}  // namespace rtc
