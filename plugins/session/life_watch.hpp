// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the other end of a connection is still there: what came of it, whether its transport closed, and whether it
// survived a change of our network.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/task_thread.hpp"
#include "plugins/core/liveness.hpp"
#include "plugins/session/control_channel.hpp"
#include "plugins/session/guards.hpp"

namespace rtc {

/// Bound to the thread of its context.
class LifeWatch {
 public:
  /// How closely the peer's life is watched.
  static constexpr Duration kTick{500};
  /// A transport that closed may mean that the peer hung up: its word may still be on its way through the service.
  static constexpr Duration kSuspicion{1'000};
  /// What a peer has to be heard within, once it was asked for a proof.
  static constexpr Duration kProof{1'000};

  /// `on_lost` is told why, at most once for each way to find out.
  LifeWatch(GMainContext* context, Duration timeout, std::shared_ptr<const Arrivals> arrivals,
            std::function<void(const char* why)> on_lost);
  LifeWatch(const LifeWatch&) = delete;
  LifeWatch& operator=(const LifeWatch&) = delete;

  /// The connection stands. `control` outlives this; null with a peer that has no such channel.
  void begin(ControlChannel* control);
  /// Something was heard, just now.
  void sign() { liveness_.sign(SteadyClock().now()); }
  /// The connection looks closed.
  void suspect();
  /// Lost, unless something is heard within `kProof`.
  void prove();
  /// Says nothing any more.
  void stop();

 private:
  void tick();
  void noteArrivals();

  GMainContext* const context_;
  const std::shared_ptr<const Arrivals> arrivals_;
  const std::function<void(const char* why)> on_lost_;
  core::Liveness liveness_;
  ControlChannel* control_ = nullptr;
  Timer next_tick_;
  Timer suspicion_;
  Timer proof_;
};

}  // namespace rtc
