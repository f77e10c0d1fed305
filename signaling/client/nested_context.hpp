// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A main context that runs inside another one. The socket's sources live in it, so that in daily life they are served
// by the thread's own loop, and at the end, when `stop` must write out what is queued, they alone can be iterated:
// nothing else of the thread runs in the middle of its teardown.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "base/ptr.hpp"

namespace rtc::signaling {

/// Bound to the thread that makes it.
class NestedContext {
 public:
  /// Nests in the thread-default context of the calling thread.
  NestedContext();
  NestedContext(const NestedContext&) = delete;
  NestedContext& operator=(const NestedContext&) = delete;
  ~NestedContext();

  GMainContext* get() const { return inner_.get(); }

  /// Makes the call with this context as the thread's default, so that what it starts completes here.
  template <typename F>
  void enter(F&& call) const {
    g_main_context_push_thread_default(inner_.get());
    std::forward<F>(call)();
    g_main_context_pop_thread_default(inner_.get());
  }

  /// Serves this context only, until `done` says so or the time is over.
  void serveUntil(const std::function<bool()>& done, Duration limit) const;

 private:
  Ptr<GMainContext> inner_;
  Ptr<GSource> bridge_;
};

}  // namespace rtc::signaling
