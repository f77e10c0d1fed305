// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/life_watch.hpp"

#include <utility>

namespace rtc {

LifeWatch::LifeWatch(GMainContext* context, Duration timeout, std::shared_ptr<const Arrivals> arrivals,
                     std::function<void(const char* why)> on_lost)
    : context_(context),
      arrivals_(std::move(arrivals)),
      on_lost_(std::move(on_lost)),
      liveness_(timeout, SteadyClock().now()) {}

void LifeWatch::begin(ControlChannel* control) {
  control_ = control;
  sign();
  tick();
}

void LifeWatch::tick() {
  const auto now = SteadyClock().now();
  noteArrivals();
  if (liveness_.dead(now, control_ != nullptr && control_->spoken())) {
    on_lost_("nothing was heard of the peer");
    return;
  }
  if (control_ != nullptr && liveness_.beatDue(now)) control_->beat();
  next_tick_ = Timer(context_, kTick, [this] { tick(); });
}

void LifeWatch::suspect() {
  if (suspicion_.pending()) return;
  suspicion_ = Timer(context_, kSuspicion, [this] { on_lost_("the peer closed the connection"); });
}

void LifeWatch::prove() {
  if (proof_.pending()) return;
  if (control_ != nullptr) control_->beat();
  proof_ = Timer(context_, kProof, [this, since = SteadyClock().now()] {
    noteArrivals();
    if (liveness_.lastSign() > since) return;
    on_lost_("the network changed, and nothing was heard of the peer since");
  });
}

void LifeWatch::stop() {
  for (auto* timer : {&next_tick_, &suspicion_, &proof_}) timer->cancel();
}

void LifeWatch::noteArrivals() {
  if (const auto last = arrivals_->lastSign()) liveness_.sign(*last);
}

}  // namespace rtc
