// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One thread with its own GMainContext, to which state is bound: others post to it and never touch the state itself.
#pragma once

#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "base/ptr.hpp"
#include "base/task.hpp"

namespace rtc {

/// A pending call that is made once after a while. Destroying it takes the call back. Bound to the thread of its
/// context.
class Timer {
 public:
  Timer() = default;
  /// Calls `expired` once on `context`, `delay` from now.
  Timer(GMainContext* context, Duration delay, std::function<void()> expired);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  Timer(Timer&& other) noexcept;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer();

  bool pending() const;
  void cancel();

 private:
  Ptr<GSource> source_;
};

/// Runs posted tasks in order. `post` is thread-safe; the rest is bound to the owner's thread.
class TaskThread {
 public:
  explicit TaskThread(const char* name);
  TaskThread(const TaskThread&) = delete;
  TaskThread& operator=(const TaskThread&) = delete;
  /// Runs what was posted before, then ends the thread. Must not be called on the thread itself.
  ~TaskThread();

  /// Makes the call on this thread, after those already posted. Never waits.
  void post(Task task);
  /// Likewise, once nothing else waits.
  void postIdle(Task task);
  /// Makes the call on this thread and waits for its end. On the thread itself it is made at once.
  void run(Task task);

  bool isCurrent() const;
  /// For sources of this thread's own: sockets, timers.
  GMainContext* context() const { return context_.get(); }

 private:
  void attach(Task task, int priority);

  Ptr<GMainContext> context_;
  Ptr<GMainLoop> loop_;
  std::thread thread_;
};

}  // namespace rtc
