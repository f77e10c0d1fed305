// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/data/inbox.hpp"

#include <utility>

namespace rtc {

namespace {

/// An empty message takes room too.
std::uint64_t weight(const DataMessage& message) {
  return message.size() + sizeof(DataMessage);
}

}  // namespace

GType leakyType() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        {static_cast<gint>(Leaky::No), "End with an error", "no"},
        {static_cast<gint>(Leaky::Upstream), "Drop the message that comes", "upstream"},
        {static_cast<gint>(Leaky::Downstream), "Drop the oldest messages", "downstream"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstRtcDataLeaky", values);
  }();
  return type;
}

bool Inbox::put(DataMessage message) {
  const std::lock_guard hold(mutex_);
  const auto size = weight(message);
  while (leaky_ == Leaky::Downstream && !waiting_.empty() && bytes_ + size > max_bytes_) {
    bytes_ -= weight(waiting_.front());
    waiting_.pop_front();
    ++dropped_;
  }
  // One message always has room, whatever the bound is.
  if (!waiting_.empty() && bytes_ + size > max_bytes_) {
    ++dropped_;
    return leaky_ != Leaky::No;
  }
  bytes_ += size;
  waiting_.push_back(std::move(message));
  changed_.notify_one();
  return true;
}

void Inbox::setEnded(bool ended) {
  const std::lock_guard hold(mutex_);
  ended_ = ended;
  changed_.notify_one();
}

std::optional<DataMessage> Inbox::take(End& end) {
  std::unique_lock hold(mutex_);
  changed_.wait(hold, [this] { return interrupted_ || ended_ || !waiting_.empty(); });
  if (interrupted_ || waiting_.empty()) {
    end = interrupted_ ? End::Interrupted : End::Ended;
    return std::nullopt;
  }
  auto message = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= weight(message);
  return message;
}

void Inbox::interrupt() {
  const std::lock_guard hold(mutex_);
  interrupted_ = true;
  changed_.notify_one();
}

void Inbox::resume() {
  const std::lock_guard hold(mutex_);
  interrupted_ = false;
}

std::uint64_t Inbox::dropped() const {
  const std::lock_guard hold(mutex_);
  return dropped_;
}

}  // namespace rtc
