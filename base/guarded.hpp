// SPDX-License-Identifier: LGPL-2.1-or-later
//
// State that several threads share, and the only way to reach it: with its lock held. Which lock guards what is thus a
// type and not a comment.
#pragma once

#include <mutex>
#include <utility>

namespace rtc {

/// Thread-safe. Keep what runs inside `with` short, and never call out of the program's own code from it.
template <typename T>
class Guarded {
 public:
  template <typename... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  template <typename F>
  decltype(auto) with(F&& use) {
    const std::lock_guard hold(mutex_);
    return std::forward<F>(use)(value_);
  }

  template <typename F>
  decltype(auto) with(F&& use) const {
    const std::lock_guard hold(mutex_);
    return std::forward<F>(use)(value_);
  }

  T copy() const {
    return with([](const T& value) { return value; });
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace rtc
