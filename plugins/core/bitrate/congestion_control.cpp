// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/congestion_control.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace rtc::core {

namespace {

// In milliseconds of queue.
constexpr double kStandingQueue = 40;  ///< in two samples: the path is full
constexpr double kDeepQueue = 120;     ///< in one
constexpr double kEmptyQueue = 25;     ///< nothing stands in the way of more

constexpr double kDrains = -50;     ///< ms a second
constexpr double kOverfull = 1.25;  ///< so much more goes in than comes out

constexpr double kHeavyLoss = 0.10;  ///< the draft's bound, section 6
/// Beyond it what arrives is what the path has room for.
constexpr double kGreatLoss = 0.30;

/// Of what came through, section 5.5 of the draft; and less, by the time that the queue would take to drain.
constexpr double kBackOff = 0.85;
constexpr double kLeastBackOff = 0.1;
constexpr double kDrainTime = 1'000;  // ms
constexpr double kSecond = 1'000;     // ms

// Growth, per second.
constexpr double kReturn = 0.5;    ///< to just below what came through when the path was last found full
constexpr double kProbe = 0.03;    ///< around that
constexpr double kSettled = 0.08;  ///< beyond it
constexpr double kFaster = 0.06;   ///< and for each second that goes well, so much more,
constexpr double kFastest = 0.5;   ///< up to this
constexpr double kNearBelow = 0.95;
constexpr double kNearAbove = 1.10;

constexpr double kLearn = 0.3;

/// No more than this of what comes through is believed untried.
constexpr double kUntried = 1.5;
constexpr double kUntriedBits = 20'000;
constexpr double kLeast = 20'000;  ///< bit/s

/// A cut must have had time to show before the next.
constexpr Duration kReaction{300};
constexpr Duration kPatience{1'500};
/// What is left of a sign that sending less has moved.
constexpr double kMoved = 0.5;
/// And of one that needs more than patience.
constexpr double kWorse = 1.25;

/// How much of what was usual is forgotten with each sample that shows less.
constexpr double kForget = 0.02;

/// What is sent beyond the limit and yet not out of obedience: a key frame's burst.
constexpr double kObeyed = 1.15;

constexpr double kSilenceCut = 0.7;
constexpr Duration kSilenceInterval{500};

Duration milliseconds(double value) {
  return Duration(static_cast<Duration::rep>(std::lround(value)));
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

double CongestionControl::Suspicion::beyondUsual(double sign) {
  if (sign < usual_) usual_ += (sign - usual_) * kForget;
  return std::max(0.0, sign - usual_);
}

void CongestionControl::Suspicion::act(double sign, Instant now, Duration patience, std::optional<double> limit) {
  if (acted_) return;
  acted_ = Act{sign, patience, now + patience};
  limit_before_ = limit;
}

bool CongestionControl::Suspicion::isWorse(double sign) const {
  return acted_ && sign > acted_->sign * kWorse;
}

bool CongestionControl::Suspicion::isUnmoved(double sign, bool obeyed, Instant now) {
  if (!acted_) return false;
  if (!obeyed) acted_ = Act{sign, acted_->patience, now + acted_->patience};
  if (now < acted_->until) return false;
  if (sign <= acted_->sign * kMoved) {
    acted_.reset();
    return false;
  }
  acted_.reset();
  usual_ = sign;
  return true;
}

void CongestionControl::on(const PathSample& sample) {
  const auto passed = last_sample_ ? std::min(seconds(sample.at - *last_sample_), 1.0) : 0.0;
  last_sample_ = sample.at;
  last_sent_ = sample.sent;
  if (before_silence_) {
    // A path that was away has as much room as before, until it shows otherwise.
    limit_ = before_silence_->limit;
    before_silence_.reset();
    queue_.clear();
    loss_.clear();
    full_samples_ = 0;
  }
  // Both are looked at: each has a suspicion of its own.
  const bool queue_stands = heedQueue(sample);
  const bool much_is_lost = heedLoss(sample);
  if (!queue_stands && !much_is_lost) grow(sample, passed);
}

bool CongestionControl::heedQueue(const PathSample& sample) {
  if (queue_.isUnmoved(sample.queue, isObeyed(sample), sample.at)) {
    limit_ = queue_.limitBefore();
    full_samples_ = 0;
  }
  const auto queue = queue_.beyondUsual(sample.queue);
  if (queue < kEmptyQueue) queue_.clear();
  full_samples_ = queue > kStandingQueue ? full_samples_ + 1 : 0;
  const bool full = full_samples_ >= 2 || queue > kDeepQueue;
  // What came through is what the path has room for only if it was full. A queue that drains while little is sent was
  // made by somebody else, or by a machine that was busy.
  const bool ours = sample.trend > kDrains && sample.sent > sample.least;
  // Once less is sent, time shows whether that helps; somebody's download holds its queue whatever we do.
  const bool overfull = sample.sent > sample.received * kOverfull;
  const bool waits = queue_.acting() && !queue_.isWorse(sample.queue) && !overfull;
  if (full && (ours || overfull) && !waits && mayCut(sample)) {
    const auto patience = kPatience + milliseconds(sample.queue + 2 * sample.round_trip);
    queue_.act(sample.queue, sample.at, patience, limit_);
    // Until less arrives at the path, the queue grows as it does.
    const auto to_come = queue + std::max(0.0, sample.trend) * sample.round_trip / kSecond;
    cut(sample.received * std::clamp(kBackOff - to_come / kDrainTime, kLeastBackOff, kBackOff), sample.received,
        sample.at);
  }
  // While a queue stands, what comes through is what the path has room for; a single sample of it may be off.
  if (queue > kEmptyQueue && limit_) capacity_ += (sample.received - capacity_) * kLearn;
  return queue > kEmptyQueue && (full || queue_.acting() || sample.trend > 0);
}

bool CongestionControl::heedLoss(const PathSample& sample) {
  if (loss_.isUnmoved(sample.loss, isObeyed(sample), sample.at)) limit_ = loss_.limitBefore();
  const auto loss = loss_.beyondUsual(sample.loss);
  if (loss <= kHeavyLoss) {
    loss_.clear();
    return false;
  }
  if (!mayCut(sample)) return true;
  loss_.act(sample.loss, sample.at, kPatience + milliseconds(2 * sample.round_trip), limit_);
  const auto eased = std::min(limit_.value_or(sample.sent), sample.sent) * (1 - loss / 2);
  cut(loss > kGreatLoss ? std::min(eased, sample.received) : eased, sample.received, sample.at);
  return true;
}

bool CongestionControl::mayCut(const PathSample& sample) const {
  return !last_cut_ || sample.at - *last_cut_ >= kReaction + milliseconds(sample.round_trip);
}

bool CongestionControl::isObeyed(const PathSample& sample) const {
  return !limit_ || sample.sent <= std::max(*limit_, sample.least) * kObeyed;
}

void CongestionControl::cut(double limit, double capacity, Instant now) {
  limit_ = std::max(kLeast, std::min(limit, limit_.value_or(limit)));
  capacity_ = capacity;
  last_cut_ = now;
}

void CongestionControl::grow(const PathSample& sample, double passed) {
  if (!limit_) return;
  const auto since_cut = last_cut_ ? seconds(sample.at - *last_cut_) : 0.0;
  // The queue is empty again: what was left out to drain it need not be.
  if (queue_.beyondUsual(sample.queue) < kEmptyQueue) limit_ = std::max(*limit_, capacity_ * kBackOff);
  double pace = std::min(kFastest, kSettled + kFaster * since_cut);
  if (*limit_ < capacity_ * kNearBelow) {
    pace = kReturn;
  } else if (*limit_ < capacity_ * kNearAbove) {
    pace = kProbe;
  }
  const auto believed = std::max({*limit_, sample.received * kUntried + kUntriedBits, sample.least});
  limit_ = std::min(believed, *limit_ * (1 + pace * passed));
  if (*limit_ >= sample.wanted) limit_.reset();
}

void CongestionControl::onSilence(Instant now) {
  if (!last_sample_ || (last_cut_ && now - *last_cut_ < kSilenceInterval)) return;
  if (!before_silence_) before_silence_ = Silence{limit_};
  const auto from = limit_.value_or(last_sent_);
  limit_ = std::max(kLeast, from * kSilenceCut);
  last_cut_ = now;
}

}  // namespace rtc::core
