// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/data_channel.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/signal.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Ppid;

namespace {

Ppid kindOf(const DataMessage& message) {
  if (message.size() == 0) return message.text ? Ppid::EmptyText : Ppid::EmptyBinary;
  return message.text ? Ppid::Text : Ppid::Binary;
}

/// RFC 8831 section 6.6: SCTP cannot send nothing, so an empty message is one byte under a kind of its own.
Ptr<GBytes> payloadOf(const DataMessage& message) {
  return message.size() == 0 ? adopt(g_bytes_new_static("", 1)) : share(message.bytes);
}

}  // namespace

const char* word(DataChannel::State state) {
  constexpr std::array<const char*, 4> kWords = {"connecting", "open", "closing", "closed"};
  return kWords[static_cast<std::size_t>(state)];
}

DataChannel::DataChannel(Peer peer, Ptr<GstWebRTCDataChannel> channel, core::ChannelOptions options, bool incoming)
    : peer_(std::move(peer)),
      channel_(std::move(channel)),
      options_(std::move(options)),
      incoming_(incoming),
      mailbox_(std::make_shared<Mailbox<DataChannel>>(peer_.thread, *this)) {}

DataChannel::~DataChannel() {
  mailbox_->close();
  if (stream_) stream_->ignore();
}

void DataChannel::watch() {
  if (options_.negotiated) attach(peer_.stream(static_cast<guint>(*options_.id)));
  // webrtcbin's lock is held in these: they only post, and the channel's own properties are all that they read.
  const auto mail = mailbox_;
  connectSignal<void()>(channel_.get(), "on-open", [mail, stream = peer_.stream, channel = channel_.get()] {
    gint id = -1;
    g_object_get(channel, "id", &id, nullptr);
    mail->post([stream = stream(static_cast<guint>(id)), id](DataChannel& self) { self.opens(stream, id); });
  });
  connectSignal<void()>(channel_.get(), "on-close", [mail] { mail->post([](DataChannel& self) { self.closed(); }); });
  connectSignal<void(GError*)>(channel_.get(), "on-error", [mail](GError* error) {
    const std::string why = error != nullptr ? error->message : "unknown error";
    mail->post([why](DataChannel& self) { self.error_ = why; });
  });
  connectSignal<void(GParamSpec*)>(channel_.get(), "notify::ready-state",
                                   [mail](GParamSpec*) { mail->post([](DataChannel& self) { self.readState(); }); });
  // It may be open already. Whoever opens it has to hear that, and so has to listen first.
  mail->post([](DataChannel& self) { self.readState(); });
}

// --- Opening ---------------------------------------------------------------------------------------------------------

void DataChannel::trust() {
  trusted_ = true;
  becomeOpen();
}

void DataChannel::opens(std::shared_ptr<SctpStream> stream, int id) {
  if (std::exchange(opened_, true)) return;
  options_.id = id;
  attach(std::move(stream));
  becomeOpen();
}

void DataChannel::attach(std::shared_ptr<SctpStream> stream) {
  if (stream_ == stream) return;
  if (stream_) stream_->ignore();
  stream_ = std::move(stream);
  stream_->setLowThreshold(low_threshold_);
  stream_->listen([mail = mailbox_] { mail->post([](DataChannel& self) { self.deliver(); }); },
                  [mail = mailbox_] { mail->post([](DataChannel& self) { self.ranLow(); }); });
}

void DataChannel::becomeOpen() {
  if (!trusted_ || !opened_) return;
  max_message_ = peer_.max_message();
  if (state_ == State::Closing) closeWhenSent();  // 1.22 forgets a close that comes before this
  if (state_ != State::Connecting) return;
  enter(State::Open);
  deliver();
}

// --- Messages --------------------------------------------------------------------------------------------------------

void DataChannel::listen(const void* owner, Listener listener) {
  listeners_[owner] = std::move(listener);
  mailbox_->post([](DataChannel& self) {
    self.deliver();
    if (self.closed_) self.closed();
  });
}

template <typename F>
void DataChannel::tell(F what) {
  const auto self = shared_from_this();  // a listener may drop the last other reference
  std::vector<const void*> owners;
  for (const auto& [owner, listener] : listeners_) owners.push_back(owner);
  for (const auto* owner : owners) {
    const auto found = listeners_.find(owner);
    if (found == listeners_.end()) continue;
    const auto listener = found->second;
    what(listener);
  }
}

bool DataChannel::anyListens() const {
  return std::any_of(listeners_.begin(), listeners_.end(), [](const auto& each) { return !each.second.watches; });
}

Result<Done> DataChannel::send(DataMessage message) {
  if (state_ != State::Open) return Error{std::string("the data channel is ") + word(state_) + ", not open"};
  const auto size = message.size();
  if (size > max_message_) {
    return Error{"the message has " + std::to_string(size) + " bytes, and the peer takes " +
                 std::to_string(max_message_) + " at most. Send smaller ones."};
  }
  stream_->expect(kindOf(message), size);
  const auto payload = payloadOf(message);
  Out<GError> error;
  // Text goes as bytes too, under its own kind: as a string it would end at its first NUL.
  if (gst_webrtc_data_channel_send_data_full(channel_.get(), payload.get(), &error) != FALSE) return Done{};
  stream_->takeBack();
  return Error{std::string("the message was not taken: ") + (error ? error->message : "the channel is closing")};
}

void DataChannel::setLowThreshold(std::uint64_t bytes) {
  low_threshold_ = bytes;
  if (stream_ && state_ != State::Closing) stream_->setLowThreshold(bytes);
}

void DataChannel::deliver() {
  if (!stream_) return;
  const auto self = shared_from_this();
  if (trusted_ && anyListens()) {
    for (const auto& message : stream_->take()) {
      tell([&message](const Listener& listener) {
        if (listener.on_message) listener.on_message({message.text, share(message.bytes)});
      });
    }
  }
  if (!stream_->overflowed() || !error_.empty()) return;
  error_ = "the peer sent faster than its messages were taken";
  GST_WARNING("data channel %s: %s", options_.label.c_str(), error_.c_str());
  closeNow();
}

void DataChannel::ranLow() {
  if (state_ == State::Closing) {
    closeWhenSent();
  } else if (state_ == State::Open) {
    tell([](const Listener& listener) {
      if (listener.on_low) listener.on_low();
    });
  }
}

// --- Closing ---------------------------------------------------------------------------------------------------------

void DataChannel::close() {
  if (state_ == State::Closing || state_ == State::Closed) return;
  const bool open = state_ == State::Open;
  closed_here_ = true;
  enter(State::Closing);
  if (open) closeWhenSent();
}

void DataChannel::closeWhenSent() {
  // 1.22 resets the stream as soon as its own queue is empty, and loses the message that is on its way to SCTP.
  stream_->setLowThreshold(0);
  if (stream_->queued() > 0) return;
  stream_->whenIdle([mail = mailbox_] { mail->post([](DataChannel& self) { self.closeNow(); }); });
}

void DataChannel::closeNow() {
  if (channel_) gst_webrtc_data_channel_close(channel_.get());
}

void DataChannel::readState() {
  if (!channel_) return;
  GstWebRTCDataChannelState ready = GST_WEBRTC_DATA_CHANNEL_STATE_CONNECTING;
  g_object_get(channel_.get(), "ready-state", &ready, nullptr);
  if (ready == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN && !opened_ && !incoming_) {
    gint id = -1;
    g_object_get(channel_.get(), "id", &id, nullptr);
    opens(peer_.stream(static_cast<guint>(id)), id);
  }
  if (ready == GST_WEBRTC_DATA_CHANNEL_STATE_CLOSING && state_ == State::Open) enter(State::Closing);
  if (ready == GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED) closed();
}

void DataChannel::closed() {
  closed_ = true;
  if (incoming_ && !anyListens()) return;  // whoever takes it gets what was said on it first
  deliver();
  enter(State::Closed, error_);
}

void DataChannel::end(const std::string& why) {
  mailbox_->close();
  if (stream_) stream_->ignore();
  deliver();
  enter(State::Closed, why);
  channel_.reset();
}

void DataChannel::enter(State state, const std::string& why) {
  if (state_ == State::Closed) return;
  GST_DEBUG("data channel %s: %s %s", options_.label.c_str(), word(state), why.c_str());
  state_ = state;
  tell([state, &why](const Listener& listener) {
    if (listener.on_state) listener.on_state(state, why);
  });
}

}  // namespace rtc
