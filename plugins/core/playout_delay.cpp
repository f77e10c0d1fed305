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

/// Before so long a loss or two make a third of all pictures late.
constexpr Duration kManyFrames{4'000};

constexpr Duration kJudgePace{200};
constexpr Duration kFallPace{1'000};

/// So little nobody notices, and each change moves what is being played.
constexpr Duration kTolerance{2};

constexpr Duration kOvertakenLeast{50};
/// That Opus is sent in.
constexpr Duration kSoundPacket{20};

/// How many frames of a hundred may come too late over the path. A late packet of sound is heard; a late picture is
/// hardly seen.
constexpr std::size_t lateOnThePath(Kind kind) {
  return kind == Kind::Audio ? 1 : 3;
}

/// And all in all, with those that were sent again or waited for one that was. Where a late picture is shown all the
/// same, one of those in a second costs less than all being later.
constexpr std::size_t lateAllInAll(Kind kind, PlayoutDelay::Late late) {
  return late == PlayoutDelay::Late::Shown && kind == Kind::Video ? 33 : lateOnThePath(kind);
}

/// What is lost of sound holds up what follows, but no longer than the least that it is waited for: the more it were
/// waited for, the later that would be.
constexpr Duration heldUpAtMost(Kind kind) {
  return kind == Kind::Audio ? kOvertakenLeast - kSoundPacket : PlayoutDelay::kMost;
}

/// Decoding seldom takes that long when the path takes long, too.
constexpr std::size_t kSlowlyDecoded = 10;

}  // namespace

void PlayoutDelay::Lateness::forget(Instant before) {
  while (!frames_.empty() && frames_.front().at < before) frames_.pop_front();
}

Duration PlayoutDelay::Lateness::within(std::size_t late_of_hundred) const {
  if (frames_.empty()) return Duration(0);
  std::vector<Duration> sorted(frames_.size());
  std::transform(frames_.begin(), frames_.end(), sorted.begin(), [](const Frame& frame) { return frame.late; });
  const auto late = sorted.size() * late_of_hundred / 100;
  const auto edge = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() - 1 - late);
  std::nth_element(sorted.begin(), edge, sorted.end());
  return *edge;
}

bool PlayoutDelay::Stream::counts(Instant now) const {
  return begun && now - *begun >= kHeap;
}

void PlayoutDelay::begin(std::uint32_t ssrc, Kind kind) {
  streams_.insert_or_assign(ssrc, Stream{kind, {}, {}, {}, {}});
}

void PlayoutDelay::arrived(std::uint32_t ssrc, Duration late, Instant now) {
  const auto found = streams_.find(ssrc);
  if (found != streams_.end() && found->second.counts(now)) found->second.on_the_path.add(now, late);
}

std::optional<Duration> PlayoutDelay::frame(std::uint32_t ssrc, Duration late, Duration decoding, Instant now) {
  const auto found = streams_.find(ssrc);
  if (found == streams_.end()) return std::nullopt;
  auto& stream = found->second;
  if (!stream.begun) stream.begun = now;
  if (!stream.counts(now)) return std::nullopt;
  if (!begun_) begun_ = judged_ = now;
  stream.decoding.add(now, decoding);
  stream.decoded.add(now, late + decoding);
  return now - judged_ < kJudgePace ? std::nullopt : judge(now);
}

Duration PlayoutDelay::wanted(Instant now) {
  Duration most{0};
  for (auto& [ssrc, stream] : streams_) {
    if (!stream.begun) continue;
    const auto age = now - *stream.begun;
    const auto memory = std::min(kMemory, age / 2);
    stream.on_the_path.forget(now - memory);
    stream.decoding.forget(now - memory);
    stream.decoded.forget(now - (late_ == Late::Shown ? kMemory : memory));
    const auto on_the_path = stream.on_the_path.within(lateOnThePath(stream.kind));
    const auto decoding = stream.decoding.within(kSlowlyDecoded);
    most = std::max(most, on_the_path + decoding);
    if (late_ == Late::Shown && age < kManyFrames) continue;
    const auto all_in_all = stream.decoded.within(lateAllInAll(stream.kind, late_));
    most = std::max(most, std::min(all_in_all, heldUpAtMost(stream.kind)));
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
    value_ = want;
  } else if (learned_ && value_ - want >= kTolerance && now - changed_ >= kFallPace) {
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

Duration overtakenTime(Duration delay) {
  constexpr Duration kBesides{15};
  return std::max(kOvertakenLeast, delay + kBesides);
}

}  // namespace rtc::core
