// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call to make later, once, on another thread. Unlike std::function it may own what cannot be copied, so that a
// reference travels with the call instead of being counted up and down by hand.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace rtc {

class Task {
 public:
  template <typename F>
  requires(!std::is_same_v<std::decay_t<F>, Task> && std::is_invocable_v<std::decay_t<F>&>) Task(F&& call)
      : call_(std::make_unique<Call<std::decay_t<F>>>(std::forward<F>(call))) {}

  void operator()() { call_->run(); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void run() = 0;
  };
  template <typename F>
  struct Call final : Base {
    explicit Call(F call) : call_(std::move(call)) {}
    void run() override { call_(); }
    F call_;
  };

  std::unique_ptr<Base> call_;
};

}  // namespace rtc
