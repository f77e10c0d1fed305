// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/rate_control.hpp"

#include <algorithm>
#include <limits>
#include <utility>

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Kind;

namespace {

/// Feedback comes every 100 ms.
constexpr Duration kInterval{200};
constexpr Duration kReportInterval{1'000};

/// So long without a word about packets, while some are sent, is more than a report that was lost.
constexpr Duration kSilence{1'500};
constexpr std::uint64_t kFramesUnheard = 10;

/// A peer that tells nothing of single packets by then never will: what its receiver reports say has to do.
constexpr Duration kNoFeedback{3'000};

/// Of a picture's packets, what is not their headers, nor sent a second time.
constexpr double kPayload = 0.92;
/// A sound has 50 packets a second.
constexpr double kSoundHeaders = kPacketHeaders * 8 * 50;
/// Where somebody else has encoded the sound.
constexpr double kForeignSound = 64'000;
/// A picture that somebody else has encoded has a rate that we do not know.
constexpr unsigned kForeignPicture = 100'000'000;

/// Of what a limited path bears of pictures, for what was lost of them.
constexpr double kRepairs = 0.25;

/// Above all that we could send the path is as good as without a limit; above the least by so much a picture returns.
constexpr double kMargin = 1.1;
constexpr double kReturn = 1.35;

}  // namespace

RateControl::RateControl(GMainContext* context, Peer& peer, std::unique_ptr<core::BandwidthEstimator> estimator)
    : context_(context), peer_(peer), estimator_(std::move(estimator)) {
  tick();
}

void RateControl::tick() {
  next_ = Timer(context_, kInterval, [this] { tick(); });
  if (!peer_.connected()) return;
  const auto now = SteadyClock().now();
  if (!connected_at_) connected_at_ = now;
  measure(now);
  if (now - reports_read_at_ >= kReportInterval) {
    reports_read_at_ = now;
    readReports(now);
  }
  allot();
}

void RateControl::measure(Instant now) {
  const auto fates = peer_.takeFates();
  if (fates.empty()) {
    const bool unheard = heard_at_ && now - *heard_at_ >= kSilence;
    if (unheard && framesSent() >= frames_when_heard_ + kFramesUnheard) estimator_->onSilence(now);
    return;
  }
  heard_at_ = now;
  frames_when_heard_ = framesSent();
  meter_.note(fates);
  if (const auto sample = meter_.sample(now)) feed(*sample);
}

void RateControl::feed(core::PathSample sample) {
  const auto sound = soundNeeds();
  sample.round_trip = round_trip_;
  sample.least = sound;
  sample.wanted = sound * kMargin;
  bool first = true;
  for (const auto& picture : pictures()) {
    if (std::exchange(first, false)) sample.least += picture.bounds.floor() * kReturn / kPayload;
    const auto infinity = std::numeric_limits<double>::infinity();
    sample.wanted += picture.encoded_here ? picture.bounds.most * kMargin / kPayload : infinity;
  }
  estimator_->on(sample);
  GST_DEBUG(
      "path: sent %.0f, received %.0f bit/s, loss %.2f, queue %.0f ms, trend %.0f ms/s, round trip %.0f ms: room for %.0f",
      sample.sent, sample.received, sample.loss, sample.queue, sample.trend, sample.round_trip,
      available().value_or(-1));
}

void RateControl::readReports(Instant now) {
  // 1.22 keeps one block of each report: of a stream without one the path's own loss tells.
  const auto rtp = peer_.rtp();
  const auto path = meter_.sample(now);
  double loss = 0;
  double round_trip = 0;
  for (const auto& sender : peer_.senders()) {
    const auto ssrc = sender->ssrc();
    const auto found = rtp.sent.find(ssrc);
    const auto report = found == rtp.sent.end() ? std::nullopt : found->second.report;
    double lost = path ? path->loss : 0;
    if (report) {
      lost = losses_[ssrc].since(report->lost, report->received);
      loss = std::max(loss, lost);
      round_trip = std::max(round_trip, report->round_trip);
    }
    if (sender->kind() != Kind::Audio || !(report || path)) continue;
    expected_[ssrc].note(lost);
    GST_DEBUG("sound: lost %.2f, expected %u %%", lost, expected_[ssrc].percent());
    sender->expectLoss(expected_[ssrc].percent());
  }
  round_trip_ = round_trip;
  if (!heard_at_ && now - *connected_at_ >= kNoFeedback) measureByReports(rtp, loss, round_trip, now);
}

void RateControl::measureByReports(const RtpSources::Snapshot& rtp, double loss, double round_trip, Instant now) {
  std::uint64_t bytes = 0;
  for (const auto& sender : peer_.senders()) {
    const auto found = rtp.sent.find(sender->ssrc());
    bytes += sender->bytes() + (found == rtp.sent.end() ? 0 : found->second.packets * kPacketHeaders);
  }
  if (round_trip > 0) shortest_round_trip_ = std::min(round_trip, shortest_round_trip_.value_or(round_trip));
  core::PathSample sample;
  sample.at = now;
  sample.sent = sent_.perSecond(bytes, now) * 8;
  sample.received = sample.sent * (1 - loss);
  sample.loss = loss;
  sample.queue = round_trip - shortest_round_trip_.value_or(round_trip);
  if (sample.sent > 0) feed(sample);
}

void RateControl::allot() {
  const auto room = estimator_->estimate();
  const auto shown = pictures();
  std::vector<core::BitrateBounds> bounds;
  for (const auto& picture : shown) bounds.push_back(picture.bounds);
  const auto shares = room ? share_.of((*room - soundNeeds()) * kPayload, bounds) : std::vector<unsigned>();
  // What is sent again is a part of what pictures may take.
  std::optional<double> repairs;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool limited = room && shown[i].follows_path;
    shown[i].sender->allow(limited ? core::Allowance(shares[i]) : std::nullopt);
    if (limited) repairs = repairs.value_or(0) + shares[i] * kRepairs;
  }
  peer_.allowRepairs(repairs);
}

std::vector<RateControl::Picture> RateControl::pictures() const {
  std::vector<Picture> list;
  for (const auto& sender : peer_.senders()) {
    const auto source = sender->source();
    const auto fan_out = sender->fanOut();
    if (sender->kind() != Kind::Video || !source || source->muted() || !fan_out) continue;
    Picture picture{sender, fan_out->bounds(), fan_out->encodes(), source->followsPath()};
    if (!picture.encoded_here) picture.bounds.most = kForeignPicture;
    list.push_back(std::move(picture));
  }
  return list;
}

double RateControl::soundNeeds() const {
  double needs = 0;
  for (const auto& sender : peer_.senders()) {
    const auto fan_out = sender->fanOut();
    if (sender->kind() != Kind::Audio || !fan_out) continue;
    needs += kSoundHeaders + (fan_out->encodes() ? fan_out->target() : kForeignSound);
  }
  return needs;
}

std::uint64_t RateControl::framesSent() const {
  std::uint64_t frames = 0;
  for (const auto& sender : peer_.senders()) frames += sender->frames();
  return frames;
}

}  // namespace rtc
