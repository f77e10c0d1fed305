// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/control_channel.hpp"

#include <string>
#include <utility>

#include "plugins/session/control_codec.hpp"

namespace rtc {

std::unique_ptr<ControlChannel> ControlChannel::make(DataChannels& channels, Listener listener) {
  auto channel = channels.openControl();
  if (!channel) return nullptr;
  auto made = std::unique_ptr<ControlChannel>(new ControlChannel(std::move(channel), std::move(listener)));
  made->listen();
  return made;
}

ControlChannel::ControlChannel(std::shared_ptr<DataChannel> channel, Listener listener)
    : channel_(std::move(channel)), listener_(std::move(listener)) {}

ControlChannel::~ControlChannel() {
  channel_->listen({});
}

void ControlChannel::listen() {
  DataChannel::Listener listener;
  listener.on_state = [this](DataChannel::State state, const std::string&) {
    if (state == DataChannel::State::Open) beat();
  };
  listener.on_message = [this](const DataMessage& message) { heard(message); };
  channel_->listen(std::move(listener));
}

void ControlChannel::beat() {
  if (say(core::Heartbeat{number_ + 1})) {
    ++number_;
    beat_at_ = std::chrono::steady_clock::now();
  }
}

bool ControlChannel::bye(signaling::Reason reason) {
  return say(core::Bye{reason});
}

void ControlChannel::heard(const DataMessage& message) {
  if (!message.text) return;
  spoken_ = true;
  listener_.on_sign();
  if (const auto decoded = decodeControl(std::string(message.view()))) {
    std::visit([this](const auto& said) { handle(said); }, *decoded);
  }
}

void ControlChannel::handle(const core::Heartbeat& beat) {
  say(core::Alive{beat.number});
}

void ControlChannel::handle(const core::Alive& alive) {
  if (alive.number == number_) round_trip_ = std::chrono::steady_clock::now() - beat_at_;
}

void ControlChannel::handle(const core::Bye& bye) {
  listener_.on_bye(bye.reason);
}

bool ControlChannel::say(const core::Control& message) {
  return channel_->send(DataMessage::copyOf(encodeControl(message), true)).ok();
}

}  // namespace rtc
