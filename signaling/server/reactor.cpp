// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/reactor.hpp"

#include <glib-unix.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rtc::signaling {

namespace {

/// One read of a message of the largest size, and more than one record of TLS.
constexpr std::size_t kScratch = 64 * 1024;
/// Heard at once.
constexpr std::size_t kMostEvents = 256;
/// In one turn; then timers and signals have theirs.
constexpr int kMostRounds = 8;

}  // namespace

struct Reactor::Source {
  GSource base;
  Reactor* reactor;
};

Reactor::Reactor() : now_(clock_.now()), epoll_(epoll_create1(EPOLL_CLOEXEC)), wheel_(now_), scratch_(kScratch) {
  g_assert(epoll_);
  static GSourceFuncs functions = {nullptr, nullptr, dispatch, nullptr, nullptr, nullptr};
  source_ = adopt(g_source_new(&functions, sizeof(Source)));
  reinterpret_cast<Source*>(source_.get())->reactor = this;
  g_source_set_name(source_.get(), "rtc-signald sockets");
  g_source_add_unix_fd(source_.get(), epoll_.get(), G_IO_IN);
  g_source_attach(source_.get(), g_main_context_get_thread_default());
}

Reactor::~Reactor() {
  g_source_destroy(source_.get());
}

void Reactor::watch(int fd, Handler& handler, std::uint32_t events) {
  epoll_event event{events, {.ptr = &handler}};
  const int added = epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  g_assert(added == 0);
}

void Reactor::change(int fd, Handler& handler, std::uint32_t events) {
  epoll_event event{events, {.ptr = &handler}};
  const int changed = epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
  g_assert(changed == 0);
}

void Reactor::unwatch(int fd) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Reactor::flushLater(Handler& handler) {
  to_flush_.push_back(&handler);
  if (!turning_) wake();
}

void Reactor::bury(std::unique_ptr<Handler> handler) {
  buried_.push_back(std::move(handler));
  if (!turning_) wake();
}

void Reactor::schedule(TimerWheel::Entry& entry, Instant due) {
  wheel_.schedule(entry, due);
  if (!turning_) wake();
}

std::chrono::duration<double> Reactor::takeSlowestTurn() {
  return std::exchange(slowest_turn_, {});
}

gboolean Reactor::dispatch(GSource* source, GSourceFunc, gpointer) noexcept {
  reinterpret_cast<Source*>(source)->reactor->turn();
  return G_SOURCE_CONTINUE;
}

void Reactor::turn() {
  const auto began = std::chrono::steady_clock::now();
  now_ = std::chrono::time_point_cast<Duration>(began);
  turning_ = true;
  wheel_.turn(now_);
  // Under load the next words are there already: they need not go through the main loop.
  for (int round = 0; hear() && round < kMostRounds; ++round) flushAll();
  flushAll();
  turning_ = false;
  buried_.clear();
  slowest_turn_ = std::max<std::chrono::duration<double>>(slowest_turn_, std::chrono::steady_clock::now() - began);
  wake();
}

bool Reactor::hear() {
  std::array<epoll_event, kMostEvents> events;
  const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    static_cast<Handler*>(event.data.ptr)->ready(event.events);
  }
  return count > 0;
}

void Reactor::flushAll() {
  // A write that fails ends a connection, and what that causes may be said to others.
  while (!to_flush_.empty()) {
    const auto round = std::exchange(to_flush_, {});
    for (Handler* handler : round) handler->flush();
  }
}

void Reactor::wake() {
  const Instant due = wheel_.nextTurn();
  if (!to_flush_.empty() || !buried_.empty()) {
    g_source_set_ready_time(source_.get(), 0);
  } else if (due == Instant::max()) {
    g_source_set_ready_time(source_.get(), -1);
  } else {
    // Both are the kernel's monotonic clock.
    const auto at = std::chrono::duration_cast<std::chrono::microseconds>(due.time_since_epoch()).count();
    g_source_set_ready_time(source_.get(), static_cast<gint64>(at));
  }
}

}  // namespace rtc::signaling
