// SPDX-License-Identifier: LGPL-2.1-or-later
//
// All sockets of the service in one epoll set behind one GSource, so that a turn of the main loop costs the same with
// ten connections and with ten thousand.
#pragma once

#include <glib.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/ptr.hpp"
#include "signaling/server/unique_fd.hpp"
#include "signaling/server/wire/timer_wheel.hpp"

namespace rtc::signaling {

/// Bound to the thread of its main context.
class Reactor {
 public:
  /// What is told of a socket.
  class Handler {
   public:
    virtual ~Handler() = default;
    /// `events` as epoll has them.
    virtual void ready(std::uint32_t events) = 0;
    /// After `flushLater`, once all sockets of this turn were heard: what they caused goes out in one write.
    virtual void flush() {}
  };

  /// Attaches itself to the thread's default context.
  Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  void watch(int fd, Handler& handler, std::uint32_t events);
  void change(int fd, Handler& handler, std::uint32_t events);
  void unwatch(int fd);

  void flushLater(Handler& handler);
  /// Destroys it at the end of this turn: it may still be among the sockets that are ready.
  void bury(std::unique_ptr<Handler> handler);
  /// Told with a tenth of a second's accuracy.
  void schedule(TimerWheel::Entry& entry, Instant due);

  /// The time at the beginning of this turn; between two turns, the time.
  Instant now() const { return turning_ ? now_ : clock_.now(); }
  /// To read into; whoever is called may use it until it returns.
  std::span<char> scratch() { return scratch_; }
  /// The longest turn since this was last asked.
  std::chrono::duration<double> takeSlowestTurn();

 private:
  struct Source;
  static gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data) noexcept;

  void turn();
  /// False: nobody said anything.
  bool hear();
  void flushAll();
  /// Sees to the next turn: at once if something waits for it, or when the wheel wants one.
  void wake();

  SteadyClock clock_;
  Instant now_;
  UniqueFd epoll_;
  TimerWheel wheel_;
  Ptr<GSource> source_;
  bool turning_ = false;
  std::vector<Handler*> to_flush_;
  std::vector<std::unique_ptr<Handler>> buried_;
  std::vector<char> scratch_;
  std::chrono::duration<double> slowest_turn_{};
};

}  // namespace rtc::signaling
