// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/bitrate/path_meter.hpp"

#include <algorithm>
#include <cstdlib>

namespace rtc::core {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Rates and the trend are of so long: pictures come 30 times a second, and key frames are large.
constexpr Microseconds kRateWindow = milliseconds(500);
/// The quickest packet of so long tells of the queue: jitter and a frame's own burst hold up others.
constexpr Microseconds kQueueWindow = milliseconds(250);
constexpr Microseconds kLossWindow = seconds(1);
/// The shortest way of so many seconds counts as the path itself. Clocks drift apart by less than a millisecond in
/// them.
constexpr std::size_t kMemory = 10;
/// A way that changes by more is no queue: one of the clocks was set, or a field of the feedback wrapped.
constexpr Microseconds kJump = seconds(5);
/// Nothing arrived for so long: the path was away, and may have become another one.
constexpr Microseconds kAway = seconds(1);

double inMilliseconds(Microseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double perSecond(std::uint64_t bytes) {
  return static_cast<double>(bytes) * 8 / std::chrono::duration<double>(kRateWindow).count();
}

}  // namespace

void PathMeter::note(const std::vector<PacketFate>& fates) {
  for (const auto& fate : fates) note(fate);
}

void PathMeter::note(const PacketFate& fate) {
  if (last_number_ && static_cast<std::int16_t>(fate.number - *last_number_) <= 0) return;
  last_number_ = fate.number;
  const bool backwards = !fates_.empty() && fate.sent < fates_.back().sent;
  const bool jumps =
      fate.arrived && last_way_ && std::abs((*fate.arrived - fate.sent - *last_way_).count()) > kJump.count();
  const bool was_away = fate.arrived && last_through_ && fate.sent - *last_through_ > kAway;
  if (fate.arrived) last_through_ = fate.sent;
  if (backwards || jumps || was_away) {
    fates_.clear();
    shortest_.clear();
    last_way_.reset();
  }
  if (fates_.empty()) first_sent_ = fate.sent;
  fates_.push_back(fate);
  if (fate.arrived) noteWay(fate);
  forget(fate.sent - kLossWindow);
}

void PathMeter::noteWay(const PacketFate& fate) {
  const auto way = *fate.arrived - fate.sent;
  last_way_ = way;
  const auto second = duration_cast<seconds>(fate.sent).count();
  if (shortest_.empty() || shortest_.back().second != second) {
    shortest_.push_back({second, way});
    if (shortest_.size() > kMemory) shortest_.pop_front();
  } else {
    shortest_.back().way = std::min(shortest_.back().way, way);
  }
}

void PathMeter::forget(Microseconds before) {
  while (!fates_.empty() && fates_.front().sent <= before) fates_.pop_front();
}

std::optional<PathSample> PathMeter::sample(Instant now) const {
  if (fates_.empty() || !last_way_ || fates_.back().sent - first_sent_ < kRateWindow) return std::nullopt;
  const auto newest = fates_.back().sent;
  Microseconds last_arrival = Microseconds::min();
  for (const auto& fate : fates_) last_arrival = std::max(last_arrival, fate.arrived.value_or(Microseconds::min()));
  if (last_arrival == Microseconds::min()) return std::nullopt;  // that is no loss, but silence

  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::size_t lost = 0;
  auto quickest = Microseconds::max();
  for (const auto& fate : fates_) {
    if (fate.sent > newest - kRateWindow) sent += fate.bytes;
    if (!fate.arrived) {
      ++lost;
      continue;
    }
    if (*fate.arrived > last_arrival - kRateWindow) received += fate.bytes;
    if (fate.sent > newest - kQueueWindow) quickest = std::min(quickest, *fate.arrived - fate.sent);
  }
  if (quickest == Microseconds::max()) quickest = *last_way_;
  auto shortest = shortest_.front().way;
  for (const auto& each : shortest_) shortest = std::min(shortest, each.way);

  PathSample sample;
  sample.at = now;
  sample.sent = perSecond(sent);
  sample.received = perSecond(received);
  sample.loss = static_cast<double>(lost) / static_cast<double>(fates_.size());
  sample.queue = inMilliseconds(quickest - shortest);
  sample.trend = trend(newest - kRateWindow);
  return sample;
}

double PathMeter::trend(Microseconds since) const {
  // The slope of a straight line through the ways, by least squares; times and ways from the first on, for precision.
  const PacketFate* first = nullptr;
  double count = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (const auto& fate : fates_) {
    if (fate.sent <= since || !fate.arrived) continue;
    if (first == nullptr) first = &fate;
    const auto x = std::chrono::duration<double>(fate.sent - first->sent).count();
    const auto y = inMilliseconds((*fate.arrived - fate.sent) - (*first->arrived - first->sent));
    ++count;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const auto spread = count * sum_xx - sum_x * sum_x;
  return spread > 0 ? (count * sum_xy - sum_x * sum_y) / spread : 0;
}

}  // namespace rtc::core
