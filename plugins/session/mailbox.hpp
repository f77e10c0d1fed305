// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The way from a foreign thread to an owner that is bound to a task thread and may be gone by the time that the letter
// is read.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "base/task_thread.hpp"

namespace rtc {

/// `post` is thread-safe; `close` is bound to the task thread. Held by the owner and by every callback that posts.
template <typename Owner>
class Mailbox : public std::enable_shared_from_this<Mailbox<Owner>> {
 public:
  Mailbox(TaskThread& thread, Owner& owner) : thread_(&thread), owner_(&owner) {}

  /// Calls `letter(owner)` on the task thread, unless the owner is gone by then.
  template <typename F>
  void post(F letter) {
    const std::lock_guard hold(mutex_);
    if (thread_ == nullptr) return;
    thread_->post([self = this->shared_from_this(), letter = std::move(letter)]() mutable {
      if (self->owner_ != nullptr) letter(*self->owner_);
    });
  }

  void close() {
    const std::lock_guard hold(mutex_);
    thread_ = nullptr;
    owner_ = nullptr;
  }

 private:
  std::mutex mutex_;
  TaskThread* thread_;
  Owner* owner_;  // read on the task thread only
};

}  // namespace rtc
