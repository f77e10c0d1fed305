// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/data/outbox.hpp"

#include <utility>

namespace rtc {

std::uint64_t Outbox::interruptions() const {
  const std::lock_guard hold(mutex_);
  return interruptions_;
}

Outbox::Pass Outbox::awaitRoom(std::uint64_t interruptions) {
  std::unique_lock hold(mutex_);
  const auto has_room = [this] { return open_ > 0 && waiting_bytes_ + buffered_ < max_bytes_; };
  changed_.wait(hold, [&] { return interruptedSince(interruptions) || failed_ || has_room(); });
  return outcome(interruptions);
}

bool Outbox::put(DataMessage message) {
  const std::lock_guard hold(mutex_);
  const bool first = waiting_.empty();
  used_ = true;
  waiting_bytes_ += message.size() + sizeof(DataMessage);
  waiting_.push_back(std::move(message));
  return first;
}

Outbox::Pass Outbox::awaitTaken() {
  std::unique_lock hold(mutex_);
  const auto before = interruptions_;
  changed_.wait(hold, [&] { return interruptedSince(before) || failed_ || waiting_.empty(); });
  return outcome(before);
}

bool Outbox::used() const {
  const std::lock_guard hold(mutex_);
  return used_;
}

void Outbox::expectClose() {
  const std::lock_guard hold(mutex_);
  all_closed_ = false;
}

Outbox::Pass Outbox::awaitClosed(Duration patience) {
  std::unique_lock hold(mutex_);
  const auto before = interruptions_;
  const auto over = [&] { return interruptedSince(before) || failed_ || all_closed_; };
  return changed_.wait_for(hold, patience, over) ? outcome(before) : Pass::Failed;
}

bool Outbox::interruptedSince(std::uint64_t interruptions) const {
  return interrupted_ || interruptions_ != interruptions;
}

Outbox::Pass Outbox::outcome(std::uint64_t interruptions) const {
  if (failed_) return Pass::Failed;
  return interruptedSince(interruptions) ? Pass::Interrupted : Pass::Ready;
}

const DataMessage* Outbox::next() const {
  const std::lock_guard hold(mutex_);
  return waiting_.empty() ? nullptr : &waiting_.front();  // others only add behind it
}

void Outbox::drop() {
  const std::lock_guard hold(mutex_);
  waiting_bytes_ -= waiting_.front().size() + sizeof(DataMessage);
  waiting_.pop_front();
}

void Outbox::report(std::size_t open, bool all_closed, std::uint64_t buffered) {
  const std::lock_guard hold(mutex_);
  open_ = open;
  all_closed_ = all_closed;
  buffered_ = buffered;
  changed_.notify_all();
}

void Outbox::fail() {
  const std::lock_guard hold(mutex_);
  failed_ = true;
  changed_.notify_all();
}

void Outbox::interrupt() {
  const std::lock_guard hold(mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

void Outbox::resume() {
  const std::lock_guard hold(mutex_);
  if (std::exchange(interrupted_, false)) ++interruptions_;
}

}  // namespace rtc
