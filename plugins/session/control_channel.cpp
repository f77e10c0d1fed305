// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/control_channel.hpp"

#include <string>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/control_codec.hpp"

namespace rtc {

std::unique_ptr<ControlChannel> ControlChannel::make(TaskThread& thread, GstElement* webrtcbin, Listener listener) {
  const auto options = adopt(gst_structure_new("options", "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT,
                                               core::kControlId, "ordered", G_TYPE_BOOLEAN, TRUE, nullptr));
  GstWebRTCDataChannel* channel = nullptr;
  g_signal_emit_by_name(webrtcbin, "create-data-channel", core::kControlLabel, options.get(), &channel);
  if (channel == nullptr) return nullptr;
  auto made = std::unique_ptr<ControlChannel>(new ControlChannel(thread, adopt(channel), std::move(listener)));
  made->listen();
  return made;
}

ControlChannel::ControlChannel(TaskThread& thread, Ptr<GstWebRTCDataChannel> channel, Listener listener)
    : channel_(std::move(channel)),
      listener_(std::move(listener)),
      mailbox_(std::make_shared<Mailbox<ControlChannel>>(thread, *this)) {}

ControlChannel::~ControlChannel() {
  mailbox_->close();
}

void ControlChannel::listen() {
  // webrtcbin's lock is held in these: they only post.
  connectSignal<void()>(channel_.get(), "on-open",
                        [mailbox = mailbox_] { mailbox->post([](ControlChannel& self) { self.beat(); }); });
  connectSignal<void(const char*)>(channel_.get(), "on-message-string", [mailbox = mailbox_](const char* text) {
    if (text == nullptr) return;
    mailbox->post([text = std::string(text)](ControlChannel& self) { self.heard(text); });
  });
}

void ControlChannel::beat() {
  if (send(core::Heartbeat{number_ + 1})) {
    ++number_;
    beat_at_ = std::chrono::steady_clock::now();
  }
}

bool ControlChannel::bye(signaling::Reason reason) {
  return send(core::Bye{reason});
}

void ControlChannel::heard(const std::string& text) {
  if (!trusted_) return;
  spoken_ = true;
  listener_.on_sign();
  if (const auto message = decodeControl(text)) {
    std::visit([this](const auto& said) { handle(said); }, *message);
  }
}

void ControlChannel::handle(const core::Heartbeat& beat) {
  send(core::Alive{beat.number});
}

void ControlChannel::handle(const core::Alive& alive) {
  if (alive.number == number_) round_trip_ = std::chrono::steady_clock::now() - beat_at_;
}

void ControlChannel::handle(const core::Bye& bye) {
  listener_.on_bye(bye.reason);
}

bool ControlChannel::send(const core::Control& message) {
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CONNECTING;
  g_object_get(channel_.get(), "ready-state", &state, nullptr);
  if (state != GST_WEBRTC_DATA_CHANNEL_STATE_OPEN) return false;  // before that webrtcbin crashes on it
  g_signal_emit_by_name(channel_.get(), "send-string", encodeControl(message).c_str());
  return true;
}

}  // namespace rtc
