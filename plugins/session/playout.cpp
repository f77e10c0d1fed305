// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/playout.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/signal.hpp"

namespace rtc {

namespace {

Duration wholeMilliseconds(GstClockTimeDiff time) {
  return Duration((std::max<GstClockTimeDiff>(time, 0) + GST_MSECOND / 2) / GST_MSECOND);
}

guint milliseconds(Duration duration) {
  return static_cast<guint>(duration.count());
}

/// Behind the time-stamp of the packet after the missing one.
constexpr gint kAskAfter = 10;

/// Sound and picture that are closer than this are left so: nobody sees it, and the earlier one would have to wait for
/// it.
constexpr GstClockTime kUnseen = 30 * GST_MSECOND;

guint64 statistic(GstElement* jitter_buffer, const char* name) {
  GstStructure* structure = nullptr;
  g_object_get(jitter_buffer, "stats", &structure, nullptr);
  const auto stats = adopt(structure);
  guint64 value = 0;
  if (stats) gst_structure_get_uint64(stats.get(), name, &value);
  return value;
}

/// By what came in answer to requests; nothing while nothing has.
std::optional<Duration> measuredRoundTrip(GstElement* jitter_buffer) {
  const auto round_trip = statistic(jitter_buffer, "rtx-rtt");
  if (round_trip == 0) return std::nullopt;
  return Duration(GST_TIME_AS_MSECONDS(round_trip));
}

}  // namespace

Playout::Playout(std::optional<Duration> fixed, std::function<void()> on_change)
    : fixed_(fixed), on_change_(std::move(on_change)) {}

void Playout::watch(GstElement* webrtcbin, const std::shared_ptr<Arrivals>& arrivals) {
  const auto rtpbin = adopt(gst_bin_get_by_name(GST_BIN(webrtcbin), "rtpbin"));
  if (!rtpbin) return;
  g_object_set(rtpbin.get(), "min-ts-offset", guint64{kUnseen}, nullptr);
  connectSignal<void(GstElement*, guint, guint)>(
      rtpbin.get(), "new-jitterbuffer",
      [self = weak_from_this(), arrivals](GstElement* jitter_buffer, guint, guint ssrc) {
        if (const auto alive = self.lock()) alive->add(jitter_buffer, ssrc, arrivals->acceptsNack(ssrc));
      });
}

void Playout::add(GstElement* jitter_buffer, std::uint32_t ssrc, bool repaired) {
  std::shared_ptr<ArrivalWatch> watch;
  if (!fixed_) {
    watch = ArrivalWatch::of(jitter_buffer, [self = weak_from_this(), ssrc](GstClockTimeDiff late) {
      if (const auto alive = self.lock()) alive->arrived(ssrc, late);
    });
  }
  const auto wait = state_.with([&](State& state) {
    state.jitter_buffers[ssrc] = {share(jitter_buffer), std::move(watch), repaired};
    return patience(state, repaired);
  });
  // A guess when the next packet must come takes a sender's pause for a loss: what comes after it was given up then.
  // A packet is asked for soon: one that was only overtaken comes twice then, which costs less than every loss taking
  // twice the jitter longer to repair.
  g_object_set(jitter_buffer, "latency", milliseconds(wait), "rtx-next-seqnum", FALSE, "rtx-delay", kAskAfter, nullptr);
}

Duration Playout::patience(const State& state, bool repaired) const {
  const auto delay = fixed_.value_or(state.delay.value());
  if (repaired) return std::max(delay, core::repairTime(state.round_trip));
  return fixed_ ? delay : core::overtakenTime(delay);
}

void Playout::follow(Receiver& receiver) {
  if (fixed_) return;
  const auto ssrc = receiver.ssrc();
  const auto watch = state_.with([&](State& state) {
    state.delay.begin(ssrc, receiver.kind());
    const auto found = state.jitter_buffers.find(ssrc);
    return found == state.jitter_buffers.end() ? nullptr : found->second.watch;
  });
  if (watch) watch->describe(receiver.packets());
  receiver.onFrame([self = weak_from_this(), ssrc](GstClockTimeDiff late, GstClockTime decoding) {
    if (const auto alive = self.lock()) alive->frame(ssrc, late, decoding);
  });
}

void Playout::playTo(bool decoder) {
  using Late = core::PlayoutDelay::Late;
  state_.with([decoder](State& state) { state.delay.count(decoder ? Late::Shown : Late::Lost); });
}

void Playout::arrived(std::uint32_t ssrc, GstClockTimeDiff late) {
  const auto now = SteadyClock().now();
  state_.with([&](State& state) { state.delay.arrived(ssrc, wholeMilliseconds(late), now); });
}

void Playout::frame(std::uint32_t ssrc, GstClockTimeDiff late, GstClockTime decoding) {
  const auto now = SteadyClock().now();
  const auto took = wholeMilliseconds(static_cast<GstClockTimeDiff>(decoding));
  const bool changed = state_.with(
      [&](State& state) { return state.delay.frame(ssrc, wholeMilliseconds(late), took, now).has_value(); });
  if (changed) on_change_();
}

void Playout::setRoundTrip(std::optional<Duration> round_trip) {
  if (!round_trip) {
    for (const auto& element : repaired()) round_trip = std::max(round_trip, measuredRoundTrip(element.get()));
  }
  const auto before = state_.with([&](State& state) { return std::exchange(state.round_trip, round_trip); });
  if (before != round_trip) apply();
}

std::vector<Ptr<GstElement>> Playout::repaired() const {
  std::vector<Ptr<GstElement>> elements;
  state_.with([&](const State& state) {
    for (const auto& [ssrc, each] : state.jitter_buffers) {
      if (each.repaired) elements.push_back(share(each.element));
    }
  });
  return elements;
}

Duration Playout::delay() const {
  return fixed_ ? *fixed_ : state_.with([](const State& state) { return state.delay.value(); });
}

Duration Playout::announced(bool decoded) const {
  return fixed_ || !decoded ? delay() : std::max(delay() - core::kGranted, Duration(0));
}

void Playout::apply() const {
  std::vector<std::pair<Ptr<GstElement>, Duration>> changes;
  state_.with([&](const State& state) {
    for (const auto& [ssrc, each] : state.jitter_buffers) {
      changes.emplace_back(share(each.element), patience(state, each.repaired));
    }
  });
  for (const auto& [element, wait] : changes) g_object_set(element.get(), "latency", milliseconds(wait), nullptr);
}

}  // namespace rtc
