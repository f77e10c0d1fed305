// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/live_streams.hpp"

#include <algorithm>
#include <utility>

namespace rtc {

using core::Kind;
using core::StreamState;

namespace {

/// A section may stay silent: after this long without a further stream, those that are there are those of the call.
constexpr Duration kCompletion{500};

}  // namespace

void LiveStreams::sourcesChanged() {
  assign();
  wantSections();
  tell();
}

void LiveStreams::assign() {
  // A stream keeps its section while it lasts, so that what the peer shows does not change places; one that begins gets
  // the first section of its kind that is free.
  const auto& sources = host_.sources();
  const auto& senders = peer_.senders();
  for (const auto& sender : senders) {
    const auto source = sender->source();
    if (source && std::find(sources.begin(), sources.end(), source) == sources.end()) sender->attach(nullptr);
  }
  for (const auto& source : sources) {
    const auto carries = [&](const auto& sender) { return sender->source() == source; };
    if (std::any_of(senders.begin(), senders.end(), carries)) continue;
    const auto fits = [&](const auto& sender) {
      return sender->kind() == source->kind() && !sender->source() && stands(*sender);
    };
    const auto free = std::find_if(senders.begin(), senders.end(), fits);
    if (free != senders.end()) (*free)->attach(source);
  }
}

bool LiveStreams::stands(const Sender& sender) const {
  return sender.section() < peer_.sections();
}

void LiveStreams::wantSections() {
  core::SectionCount count;
  for (const auto& source : host_.sources()) ++(source->kind() == Kind::Video ? count.video : count.audio);
  peer_.want(count);
}

void LiveStreams::tell() {
  for (const auto& sender : peer_.senders()) {
    if (!stands(*sender)) continue;
    const auto source = sender->source();
    const auto state = !source ? StreamState::Ended : source->muted() ? StreamState::Muted : StreamState::Live;
    // A section is taken for live until something else is said.
    const auto last = told_.find(sender->section());
    if ((last == told_.end() ? StreamState::Live : last->second) == state) continue;
    const core::StreamNews news{static_cast<int>(sender->section()), state};
    if (peer_.say(core::StreamMessage(news))) told_[sender->section()] = state;
  }
}

void LiveStreams::sinkChanged() {
  for (const auto& receiver : peer_.receivers()) receive(receiver);
}

void LiveStreams::receive(const std::shared_ptr<Receiver>& receiver) {
  if (heard(receiver->section()) != StreamState::Ended) {
    open(receiver);
  } else {
    receiver->open(nullptr);
  }
  awaitMore();
}

void LiveStreams::awaitMore() {
  if (complete_) return;
  if (peer_.receivers().size() >= peer_.announced()) {
    complete();
  } else {
    completion_ = Timer(host_.context, kCompletion, [this] { complete(); });
  }
}

void LiveStreams::complete() {
  complete_ = true;
  completion_.cancel();
  if (auto* sink = host_.sink()) sink->complete();
}

void LiveStreams::hear(const core::StreamMessage& message) {
  std::visit([this](const auto& said) { handle(said); }, message);
}

void LiveStreams::handle(const core::StreamsWanted& wanted) {
  // Who takes no streams has no use for sections that only the peer would send on.
  if (host_.sink() == nullptr) return;
  peer_.peerWants({static_cast<unsigned>(wanted.video), static_cast<unsigned>(wanted.audio)});
}

void LiveStreams::handle(const core::Redescription& description) {
  peer_.hear(description.type, description.sdp);
}

void LiveStreams::handle(const core::StreamNews& news) {
  const auto section = static_cast<unsigned>(news.section);
  if (news.section < 0 || section >= peer_.sections()) return;
  const auto before = heard(section);
  heard_[section] = news.state;
  if (before == news.state) return;
  for (const auto& receiver : peer_.receivers()) {
    if (receiver->section() != section) continue;
    if (before == StreamState::Ended) {
      open(receiver);
      continue;
    }
    const auto sink = receiver->sink();
    announce(*receiver, sink, news.state);
    if (sink) sink->rest();
    if (news.state == StreamState::Ended) receiver->close();
  }
}

StreamState LiveStreams::heard(unsigned section) const {
  const auto last = heard_.find(section);
  return last == heard_.end() ? StreamState::Live : last->second;
}

void LiveStreams::open(const std::shared_ptr<Receiver>& receiver) {
  auto* sink = host_.sink();
  if (sink == nullptr) {
    receiver->close();
    peer_.open(*receiver, nullptr);
    announce(*receiver, nullptr, heard(receiver->section()));
    return;
  }
  std::weak_ptr<Receiver> weak = receiver;
  const auto wish_key_frame = [weak] {
    if (const auto alive = weak.lock()) alive->wishKeyFrame();
  };
  const auto opened =
      sink->open({user_, receiver->codec(), receiver->caps(), receiver->packets(), wish_key_frame, receiver->place()});
  peer_.open(*receiver, opened);
  announce(*receiver, opened, heard(receiver->section()));
}

void LiveStreams::announce(const Receiver& receiver, const std::shared_ptr<StreamSink>& sink, StreamState state) const {
  host_.on_change({receiver.kind(), sink ? sink->name() : std::string(), state});
}

}  // namespace rtc
