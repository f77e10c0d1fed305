// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much may be under way on one channel. What is said on it waits behind that, so it is kept to what the path
// carries in a fraction of a second: a pause or a farewell is never stuck behind a megabyte in SCTP's buffers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace rtc::core::file {

class LaneWindow {
 public:
  static constexpr std::uint64_t kLeast = 16 * 1'024;
  static constexpr std::uint64_t kFirst = 128 * 1'024;
  static constexpr std::uint64_t kMost = 2 * 1'024 * 1'024;
  /// Queueing that we cause, beyond the path's own delay.
  static constexpr Duration kPatient{300};
  /// The same beside a call: its picture must not wait for us (the idea is that of RFC 6817).
  static constexpr Duration kYielding{50};

  void sent(std::uint64_t bytes, Instant now) {
    sent_ += bytes;
    marks_.push_back({sent_, now});
  }

  /// False if more arrived than was sent.
  bool arrived(std::uint64_t total, Instant now, bool yielding) {
    if (total > sent_ || total < arrived_) return false;
    const auto news = total - arrived_;
    arrived_ = total;
    std::optional<Duration> delay;
    while (!marks_.empty() && marks_.front().total <= total) {
      delay = now - marks_.front().at;
      marks_.pop_front();
    }
    measure(news, now);
    if (delay) adapt(*delay, news, yielding ? kYielding : kPatient);
    return true;
  }

  /// For one message more.
  bool room() const { return underway() == 0 || underway() + kLeast <= window_; }
  std::uint64_t underway() const { return sent_ - arrived_; }
  std::uint64_t size() const { return window_; }
  std::uint64_t sentInAll() const { return sent_; }
  std::uint64_t arrivedInAll() const { return arrived_; }
  /// Of the path when nothing waits on it; nothing while it is not known.
  std::optional<Duration> roundTrip() const { return shortest_; }
  /// Bytes a second.
  double rate() const { return rate_; }

 private:
  struct Mark {
    std::uint64_t total;
    Instant at;
  };

  void measure(std::uint64_t news, Instant now) {
    if (!since_) since_ = now;
    counted_ += news;
    const auto span = now - *since_;
    if (span < Duration(100)) return;
    const auto rate = static_cast<double>(counted_) * 1'000 / static_cast<double>(span.count());
    rate_ = rate_ == 0 ? rate : rate_ * 0.7 + rate * 0.3;
    counted_ = 0;
    since_ = now;
  }

  void adapt(Duration delay, std::uint64_t news, Duration target) {
    // With one message under way nothing of ours waits: that is the path's delay now, even where it was shorter before.
    shortest_ = window_ <= kLeast ? delay : std::min(shortest_.value_or(delay), delay);
    if (delay <= *shortest_ + target) {
      // Doubles in each round trip, as long as it is what limits us.
      if (underway() + news + kLeast >= window_ / 2) window_ = std::min(kMost, window_ + news);
      return;
    }
    const auto fits = rate_ * static_cast<double>((*shortest_ + target).count()) / 1'000;
    window_ = std::clamp(static_cast<std::uint64_t>(fits), kLeast, std::max(kLeast, window_));
  }

  std::uint64_t sent_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t window_ = kFirst;
  std::deque<Mark> marks_;
  std::optional<Duration> shortest_;
  std::optional<Instant> since_;
  std::uint64_t counted_ = 0;
  double rate_ = 0;
};

}  // namespace rtc::core::file
