// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/live_data.hpp"

#include <algorithm>
#include <utility>

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

namespace {

/// What an opener is told in the meantime; it will hear `dataBegins`.
Error noConnection() {
  return Error{"the connection to the peer is lost, and the next one is not there yet"};
}

}  // namespace

LiveData::LiveData(std::string call, std::string user, Lanes::Host lanes)
    : call_(std::move(call)), user_(std::move(user)), lanes_host_(std::move(lanes)) {}

LiveData::~LiveData() {
  if (lanes_) lanes_->end();
  for (auto* user : std::exchange(users_, {})) user->dataEnds(*this);
}

void LiveData::attach(DataChannels& channels) {
  channels_ = &channels;
  lanes_ = std::make_unique<Lanes>(lanes_host_);
  for (auto* user : std::vector(users_)) user->dataBegins(*this);
}

void LiveData::detach() {
  if (channels_ == nullptr) return;
  channels_ = nullptr;
  known_.clear();
  untaken_.clear();
  for (auto* user : std::vector(users_)) user->dataBreaks(*this);
  lanes_->end();
  lanes_.reset();
}

Result<std::shared_ptr<DataChannel>> LiveData::open(const core::ChannelOptions& options, DataUser* opener) {
  if (channels_ == nullptr) return noConnection();
  auto channel = channels_->open(options);
  if (!channel) return channel;
  know(channel.value());
  tell(channel.value(), opener);
  return channel;
}

Result<std::shared_ptr<DataChannel>> LiveData::openLane(const core::ChannelOptions& options, DataUser* opener) {
  if (!lanes_) return noConnection();
  auto channel = lanes_->open(options);
  if (!channel) return channel;
  know(channel.value());
  tell(channel.value(), opener);
  return channel;
}

void LiveData::hear(const core::LaneMessage& message) {
  if (lanes_) lanes_->hear(message);
}

void LiveData::peerSpeaks() {
  if (lanes_) lanes_->peerSpeaks();
}

void LiveData::know(const std::shared_ptr<DataChannel>& channel) {
  std::erase_if(known_, [](const auto& each) { return each->state() == DataChannel::State::Closed; });
  known_.push_back(channel);
}

bool LiveData::tell(const std::shared_ptr<DataChannel>& channel, const DataUser* opener) {
  bool taken = false;
  for (auto* user : std::vector(users_)) {
    if (user != opener && user->channelOffered(*this, channel)) taken = true;
  }
  return taken;
}

void LiveData::add(DataUser* user) {
  if (std::find(users_.begin(), users_.end(), user) != users_.end()) return;
  users_.push_back(user);
  for (const auto& channel : std::vector(known_)) user->channelOffered(*this, channel);
  if (channels_ != nullptr) user->dataBegins(*this);
  for (const auto& channel : std::exchange(untaken_, {})) offer(channel);
}

void LiveData::remove(DataUser* user) {
  if (std::erase(users_, user) > 0) user->dataEnds(*this);
}

void LiveData::offer(const std::shared_ptr<DataChannel>& channel) {
  if (tell(channel, nullptr)) {
    know(channel);
  } else if (untaken_.size() < kMaxUntaken) {
    GST_INFO("call %s: nobody takes the data channel \"%s\" yet", call_.c_str(), channel->options().label.c_str());
    untaken_.push_back(channel);
  } else {
    channel->close();
  }
}

}  // namespace rtc
