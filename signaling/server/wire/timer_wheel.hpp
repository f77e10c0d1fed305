// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Deadlines of thousands of connections at the price of a list node each: a wheel of slots, each of them a tenth of a
// second. A deadline that is farther than one turn is met once a turn and put back.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/clock.hpp"

namespace rtc::signaling {

class TimerWheel {
 public:
  /// Told at most one slot late, never early. Leaves the wheel when it is destroyed.
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    virtual ~Entry() { cancel(); }

    virtual void expired(Instant now) = 0;

    bool scheduled() const { return next_ != nullptr; }
    Instant due() const { return due_; }
    void cancel() {
      if (next_ == nullptr) return;
      previous_->next_ = next_;
      next_->previous_ = previous_;
      previous_ = next_ = nullptr;
    }

   private:
    friend class TimerWheel;
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
    Instant due_{};
  };

  static constexpr Duration kSlot{100};

  explicit TimerWheel(Instant now) : turned_to_(slotOf(now)) {
    for (auto& slot : slots_) slot.next_ = slot.previous_ = &slot;
  }
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Replaces the entry's deadline.
  void schedule(Entry& entry, Instant due) {
    entry.cancel();
    entry.due_ = due;
    const long slot = std::max(slotOf(due) + 1, turned_to_ + 1);
    Anchor& anchor = slots_[static_cast<std::size_t>(slot) % kSlots];
    entry.previous_ = std::exchange(anchor.previous_, &entry);
    entry.previous_->next_ = &entry;
    entry.next_ = &anchor;
  }

  /// Tells all that are due. They may schedule themselves again.
  void turn(Instant now) {
    const long until = slotOf(now);
    // After a long sleep one turn meets everything.
    if (until - turned_to_ > static_cast<long>(kSlots)) turned_to_ = until - static_cast<long>(kSlots);
    while (turned_to_ < until) {
      ++turned_to_;
      meet(slots_[static_cast<std::size_t>(turned_to_) % kSlots], now);
    }
  }

  /// When `turn` next has something to look at; the end of time if it has nothing.
  Instant nextTurn() const {
    for (long slot = turned_to_ + 1; slot <= turned_to_ + static_cast<long>(kSlots); ++slot) {
      const Anchor& anchor = slots_[static_cast<std::size_t>(slot) % kSlots];
      if (anchor.next_ != &anchor) return Instant(kSlot * slot);
    }
    return Instant::max();
  }

 private:
  static constexpr std::size_t kSlots = 512;

  class Anchor final : public Entry {
    void expired(Instant) override {}
  };

  static long slotOf(Instant at) { return static_cast<long>(at.time_since_epoch() / kSlot); }

  void meet(Anchor& slot, Instant now) {
    // Taken out first: those that are put back must not be met again.
    Anchor met;
    if (slot.next_ == &slot) return;
    met.next_ = slot.next_;
    met.previous_ = slot.previous_;
    met.next_->previous_ = met.previous_->next_ = &met;
    slot.next_ = slot.previous_ = &slot;
    while (met.next_ != &met) {
      Entry& entry = *met.next_;
      entry.cancel();
      if (entry.due_ > now) {
        schedule(entry, entry.due_);
      } else {
        entry.expired(now);
      }
    }
  }

  long turned_to_;
  std::array<Anchor, kSlots> slots_;
};

}  // namespace rtc::signaling
