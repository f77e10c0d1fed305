// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much may be under way on one channel. What is said on it waits behind that, so it is kept to what the path
// carries in a fraction of a second: a pause or a farewell is never stuck behind a megabyte in SCTP's buffers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "plugins/core/file/limits.hpp"

namespace rtc::core::file {

class LaneWindow {
 public:
  /// One message.
  static constexpr std::uint64_t kLeast = kDataSize;
  static constexpr std::uint64_t kFirst = 128 * 1'024;
  static constexpr std::uint64_t kMost = 2 * 1'024 * 1'024;
  /// Queueing that we cause, beyond the path's own delay.
  static constexpr Duration kPatient{300};
  /// Beside a call its picture must not wait for us: the queue is kept near this, and what we add to it at a time small
  /// (RFC 6817).
  static constexpr Duration kYielding{40};
  static constexpr std::uint64_t kYieldingLeast = 4 * 1'024;
  static constexpr std::uint64_t kYieldingFirst = 16 * 1'024;

  /// Whether a call with picture or sound shares the path.
  void yield(bool yields) {
    if (std::exchange(yields_, yields) != yields && yields) window_ = std::min(window_, kYieldingFirst);
  }
  /// The bytes of one message.
  std::uint64_t step() const { return yields_ ? kYieldingLeast : kLeast; }

  void sent(std::uint64_t bytes, Instant now) {
    sent_ += bytes;
    marks_.push_back({sent_, now});
  }

  /// False if more arrived than was sent.
  bool arrived(std::uint64_t total, Instant now) {
    if (total > sent_ || total < arrived_) return false;
    const auto news = total - arrived_;
    arrived_ = total;
    std::optional<Duration> delay;
    while (!marks_.empty() && marks_.front().total <= total) {
      delay = now - marks_.front().at;
      marks_.pop_front();
    }
    measure(news, now);
    if (delay) adapt(*delay, news);
    return true;
  }

  /// For one message more.
  bool room() const { return underway() == 0 || underway() + step() <= window_; }
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

  void adapt(Duration delay, std::uint64_t news) {
    // With one message under way nothing of ours waits: that is the path's delay now, even where it was shorter before.
    shortest_ = window_ <= step() ? delay : std::min(shortest_.value_or(delay), delay);
    // It grows only while it is what limits us.
    const bool used = underway() + news + step() >= window_ / 2;
    const auto waits = delay - *shortest_;
    if (yields_ && waits <= kYielding * 2) {
      // By a message or two in a round trip, the less the more waits, and back beyond the target.
      const auto off = 1 - static_cast<double>(waits.count()) / static_cast<double>(kYielding.count());
      const auto change = off * static_cast<double>(news * 2 * kYieldingLeast) / static_cast<double>(window_);
      if (used || off < 0) become(static_cast<double>(window_) + change);
    } else if (!yields_ && waits <= kPatient) {
      if (used) become(static_cast<double>(window_ + news));  // doubles in each round trip
    } else {
      const auto target = yields_ ? Duration(0) : kPatient;
      const auto fits = rate_ * static_cast<double>((*shortest_ + target).count()) / 1'000;
      become(std::min(static_cast<double>(window_), fits));
    }
  }
  void become(double window) { window_ = std::clamp(static_cast<std::uint64_t>(window), step(), kMost); }

  std::uint64_t sent_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t window_ = kFirst;
  std::deque<Mark> marks_;
  std::optional<Duration> shortest_;
  bool yields_ = false;
  std::optional<Instant> since_;
  std::uint64_t counted_ = 0;
  double rate_ = 0;
};

}  // namespace rtc::core::file
