// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/lane.hpp"

#include <utility>

namespace rtc {

Lane::Lane(TaskThread& thread, int number, PeerConfig config, Host host)
    : thread_(thread),
      number_(number),
      host_(std::move(host)),
      channel_(Error{"the lane could not be begun"}),
      peer_(thread, std::move(config), [this](const Peer::Event& event) {
        if (!over_) std::visit([this](const auto& what) { happened(what); }, event);
      }) {
  deadline_ = Timer(thread_.context(), kSetup, [this] { end("the lane was not connected in time"); });
}

Result<std::shared_ptr<DataChannel>> Lane::open(const core::ChannelOptions& options) {
  options_ = options;
  opens_ = true;
  peer_.start();
  peer_.begin();
  return channel_;
}

void Lane::answer(std::string offer) {
  peer_.start();
  peer_.hear(core::DescriptionType::Offer, std::move(offer));
}

void Lane::hear(const core::LaneCandidate& said) {
  // There is one section, whatever it is called.
  peer_.hear(core::IceCandidate{said.candidate, said.mid, 0});
}

void Lane::end(const std::string& why) {
  if (std::exchange(over_, true)) return;
  deadline_.cancel();
  if (auto* channels = peer_.channels()) channels->end(why);
  peer_.leave(signaling::Reason::Hangup);
  host_.say(core::LaneClose{number_});
  host_.on_over();
}

void Lane::happened(const Peer::DescribesItself& description) {
  if (description.type == core::DescriptionType::Offer) {
    host_.say(core::LaneOffer{number_, description.sdp});
  } else {
    host_.say(core::LaneAnswer{number_, description.sdp});
  }
}

void Lane::happened(const Peer::HasCandidate& candidate) {
  host_.say(core::LaneCandidate{number_, candidate.candidate.candidate, candidate.candidate.mid});
}

void Lane::happened(const Peer::CarriesData&) {
  if (!opens_) return;
  channel_ = peer_.channels()->open(options_);
  if (channel_) watch(channel_.value());
}

void Lane::happened(const Peer::HasChannel& shown) {
  // One channel is what a lane is for.
  if (opens_ || channel_) {
    shown.channel->close();
    return;
  }
  channel_ = shown.channel;
  watch(shown.channel);
  deadline_.cancel();
  host_.on_channel(shown.channel);
}

void Lane::closed(const std::string& why) {
  // Whoever closed the channel ends the lane: that its end was confirmed has to reach it.
  const bool theirs = why.empty() && !channel_.value()->closedHere();
  if (theirs) {
    deadline_ = Timer(thread_.context(), kLinger, [this] { end({}); });
  } else {
    end(why);
  }
}

void Lane::watch(const std::shared_ptr<DataChannel>& channel) {
  DataChannel::Listener listener;
  listener.watches = true;
  listener.on_state = [this](DataChannel::State state, const std::string& why) {
    if (state == DataChannel::State::Open) deadline_.cancel();
    if (state == DataChannel::State::Closed) closed(why);
  };
  channel->listen(this, std::move(listener));
}

}  // namespace rtc
