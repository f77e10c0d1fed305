// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/task_thread.hpp"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

namespace rtc {

namespace {

gboolean runTask(gpointer data) noexcept {
  (*static_cast<Task*>(data))();
  return G_SOURCE_REMOVE;
}

gboolean runTimer(gpointer data) noexcept {
  (*static_cast<std::function<void()>*>(data))();
  return G_SOURCE_REMOVE;
}

template <typename T>
void destroy(gpointer data) noexcept {
  delete static_cast<T*>(data);
}

}  // namespace

Timer::Timer(GMainContext* context, Duration delay, std::function<void()> expired)
    : source_(adopt(g_timeout_source_new(static_cast<guint>(delay.count())))) {
  g_source_set_callback(source_.get(), runTimer, new std::function<void()>(std::move(expired)),
                        destroy<std::function<void()>>);
  g_source_attach(source_.get(), context);
}

Timer::Timer(Timer&& other) noexcept = default;

Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    source_ = std::move(other.source_);
  }
  return *this;
}

Timer::~Timer() {
  cancel();
}

bool Timer::pending() const {
  return source_ && !g_source_is_destroyed(source_.get());
}

void Timer::cancel() {
  if (const auto source = std::exchange(source_, nullptr)) g_source_destroy(source.get());
}

TaskThread::TaskThread(const char* name)
    : context_(adopt(g_main_context_new())), loop_(adopt(g_main_loop_new(context_.get(), FALSE))) {
  thread_ = std::thread([this, thread_name = std::string(name)] {
    // The kernel keeps 15 characters of a thread's name.
    pthread_setname_np(pthread_self(), thread_name.substr(0, 15).c_str());
    g_main_context_push_thread_default(context_.get());
    g_main_loop_run(loop_.get());
    g_main_context_pop_thread_default(context_.get());
  });
}

TaskThread::~TaskThread() {
  g_assert(!isCurrent());
  post([this] { g_main_loop_quit(loop_.get()); });
  thread_.join();
}

void TaskThread::post(Task task) {
  attach(std::move(task), G_PRIORITY_DEFAULT);
}

void TaskThread::postIdle(Task task) {
  attach(std::move(task), G_PRIORITY_DEFAULT_IDLE);
}

void TaskThread::attach(Task task, int priority) {
  // A plain source and not g_main_context_invoke, which would run the task at once when the caller owns the context.
  const auto source = adopt(g_idle_source_new());
  g_source_set_priority(source.get(), priority);
  g_source_set_callback(source.get(), runTask, new Task(std::move(task)), destroy<Task>);
  g_source_attach(source.get(), context_.get());
}

void TaskThread::run(Task task) {
  if (isCurrent()) {
    task();
    return;
  }
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  post([&] {
    task();
    const std::lock_guard hold(mutex);
    done = true;
    finished.notify_one();
  });
  std::unique_lock wait(mutex);
  finished.wait(wait, [&] { return done; });
}

bool TaskThread::isCurrent() const {
  return std::this_thread::get_id() == thread_.get_id();
}

}  // namespace rtc
