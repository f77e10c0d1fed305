// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/playout_delay.hpp"

#include <algorithm>
#include <vector>

namespace rtc::core {

namespace {

/// What is older says nothing of the path; nor does the first half of a stream's life, when two programs were busy with
/// starting.
constexpr Duration kMemory{10'000};

/// So long the delay falls faster, as what it began with was a guess.
constexpr Duration kYouth{8'000};

/// The first frames of a stream come in a heap: they were held until the peer had shown its certificate.
constexpr Duration kHeap{500};

/// From then on what was seen counts for more than the first guess.
constexpr Duration kLesson{1'000};

constexpr Duration kJudgePace{200};
constexpr Duration kFallPace{1'000};

/// So little nobody notices, and each change moves what is being played.
constexpr Duration kTolerance{2};

/// How many frames of a hundred may come too late. A late packet of sound is heard; a late picture is hardly seen.
constexpr std::size_t lateOfHundred(Kind kind) {
  return kind == Kind::Audio ? 1 : 3;
}

}  // namespace

void PlayoutDelay::Stream::forget(Instant before) {
  while (!frames.empty() && frames.front().at < before) frames.pop_front();
}

Duration PlayoutDelay::Stream::within() const {
  if (frames.empty()) return Duration(0);
  std::vector<Duration> sorted(frames.size());
  std::transform(frames.begin(), frames.end(), sorted.begin(), [](const Frame& frame) { return frame.late; });
  const auto late = sorted.size() * lateOfHundred(kind) / 100;
  const auto edge = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() - 1 - late);
  std::nth_element(sorted.begin(), edge, sorted.end());
  return *edge;
}

std::optional<Duration> PlayoutDelay::frame(std::uint32_t ssrc, Kind kind, Duration late, Instant now) {
  auto& stream = streams_.try_emplace(ssrc, Stream{kind, now, {}}).first->second;
  if (now - stream.begun < kHeap) return std::nullopt;
  if (!begun_) begun_ = judged_ = now;
  stream.frames.push_back({now, late});
  return now - judged_ < kJudgePace ? std::nullopt : judge(now);
}

Duration PlayoutDelay::wanted(Instant now) {
  Duration most{0};
  for (auto& [ssrc, stream] : streams_) {
    stream.forget(now - std::min(kMemory, (now - stream.begun) / 2));
    most = std::max(most, stream.within());
  }
  return std::clamp(most, Duration(0), kMost);
}

std::optional<Duration> PlayoutDelay::judge(Instant now) {
  judged_ = now;
  const auto before = value_;
  const auto want = wanted(now);
  const bool first_lesson = !learned_ && now - *begun_ >= kLesson;
  if (first_lesson) {
    learned_ = true;
    value_ = want;
  } else if (want - value_ >= kTolerance) {
    // With something to spare, or it would grow again and again, each time by a little.
    value_ = std::min(want + want / 8, kMost);
  } else if (learned_ && value_ - want > std::max(kTolerance, value_ / 5) && now - changed_ >= kFallPace) {
    const auto part = now - *begun_ < kYouth ? 2 : 4;
    value_ -= std::max(kTolerance, (value_ - want) / part);
  }
  if (value_ == before) return std::nullopt;
  changed_ = now;
  return value_;
}

Duration repairTime(std::optional<Duration> round_trip) {
  constexpr Duration kLeast{100};
  constexpr Duration kUsual{50};
  constexpr Duration kLongest{1'000};
  return std::min(kLeast + 4 * round_trip.value_or(kUsual), kLongest);
}

}  // namespace rtc::core
