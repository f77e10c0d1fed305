// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a sender does on a path, from the feedback of its packets to its picture's bit rate, over a simulated link.
#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "plugins/core/bitrate/congestion_control.hpp"
#include "plugins/core/bitrate/path_meter.hpp"
#include "plugins/core/bitrate/picture_share.hpp"
#include "tests/support/check.hpp"

using rtc::Duration;
using rtc::Instant;
using rtc::core::BitrateBounds;
using rtc::core::CongestionControl;
using rtc::core::Microseconds;
using rtc::core::PacketFate;
using rtc::core::PathMeter;
using rtc::core::PictureShare;

namespace {

constexpr std::int64_t kMillisecond = 1'000;

/// All in bit/s, bytes and milliseconds.
struct Link {
  double rate = 1e9;
  double queue = 30'000;
  double loss = 0;
  double delay = 20;
  double jitter = 0;
  double reports_lost = 0;
  /// Somebody's download stands in the queue, for so long at most, and in saw teeth: it falls to 60 % of that at each
  /// of its own losses. It takes what we leave.
  double download = 0;
};

/// A call's one direction: sound of 50 packets a second, and a picture of 30 frames at the rate that it is allowed.
class Call {
 public:
  Link link;

  void run(double seconds) {
    const auto end = now_ + static_cast<std::int64_t>(seconds * 1e6);
    while (now_ < end) step();
  }

  /// What the picture is allowed now, in bit/s.
  double picture() const { return picture_; }
  /// The same, of so many seconds from now on.
  double averageOf(int seconds) {
    double sum = 0;
    for (int second = 0; second < seconds; ++second) {
      run(1);
      sum += picture();
    }
    return sum / seconds;
  }
  std::optional<double> estimate() const { return control_.estimate(); }
  /// Since it was last asked: of 50 packets of sound a second, how many came, and the longest that one took.
  struct Sound {
    double share = 0;
    double longest = 0;  ///< ms
  };
  Sound sound() {
    const Sound heard{sounds_ == 0 ? 0 : static_cast<double>(heard_) / sounds_, longest_};
    sounds_ = heard_ = 0;
    longest_ = 0;
    return heard;
  }
  double most = 1e6;
  double least = 50'000;
  /// Of a picture's frames, so much of what they may take.
  double fill = 1;

 private:
  static constexpr double kSound = 71'000;
  static constexpr std::uint32_t kHeaders = 58;

  void step() {
    if (now_ % (20 * kMillisecond) == 0) send(120 + kHeaders, true);
    if (now_ % (33 * kMillisecond) == 0) {
      for (auto left = picture_ * fill / 30 / 8; left > 0; left -= 1'100) {
        send(static_cast<std::uint32_t>(std::min(left, 1'100.0)) + kHeaders, false);
      }
    }
    if (now_ % (100 * kMillisecond) == 0) report();
    if (now_ % (200 * kMillisecond) == 0) decide();
    now_ += kMillisecond;
  }

  void send(std::uint32_t bytes, bool sound) {
    PacketFate fate{number_++, Microseconds(now_), std::nullopt, bytes};
    if (sound) ++sounds_;
    const auto start = std::max(static_cast<double>(now_), free_at_);
    const auto waiting = (start - static_cast<double>(now_)) * link.rate / 8e6;
    if (waiting + bytes <= link.queue) {
      free_at_ = start + bytes * 8e6 / link.rate;
      if (chance_(random_) >= link.loss) {
        const auto way = free_at_ - static_cast<double>(now_) + (link.delay + downloadsQueue()) * 1e3 +
                         link.jitter * 1e3 * chance_(random_);
        last_arrival_ = std::max(last_arrival_, now_ + static_cast<std::int64_t>(way));
        // The receiver's clock is another one.
        fate.arrived = Microseconds(last_arrival_ + 777'000'000);
        if (sound) ++heard_;
        if (sound) longest_ = std::max(longest_, static_cast<double>(last_arrival_ - now_) / 1e3);
      }
    }
    under_way_.push_back(fate);
  }

  double downloadsQueue() const {
    constexpr std::int64_t kTooth = 2'300 * kMillisecond;
    return link.download * (0.6 + 0.4 * static_cast<double>(now_ % kTooth) / static_cast<double>(kTooth));
  }

  void report() {
    std::vector<PacketFate> fates;
    const auto last = std::find_if(under_way_.rbegin(), under_way_.rend(), [this](const auto& fate) {
      return fate.arrived && fate.arrived->count() - 777'000'000 <= now_;
    });
    fates.assign(under_way_.begin(), last.base());
    under_way_.erase(under_way_.begin(), last.base());
    if (chance_(random_) < link.reports_lost) return;
    reported_.insert(reported_.end(), fates.begin(), fates.end());
  }

  void decide() {
    const Instant at{Duration(now_ / kMillisecond)};
    if (!reported_.empty()) {
      meter_.note(std::exchange(reported_, {}));
      heard_at_ = now_;
      if (auto sample = meter_.sample(at)) {
        sample->wanted = (most + kSound) * 1.1;
        sample->least = (least * 1.25 / 0.92 + kSound) * 1.05;
        sample->round_trip = link.delay * 2;
        control_.on(*sample);
      }
    } else if (now_ - heard_at_ > 1'500 * kMillisecond) {
      control_.onSilence(at);
    }
    const auto room = control_.estimate();
    const BitrateBounds bounds{static_cast<unsigned>(least), static_cast<unsigned>(most)};
    picture_ = room ? share_.of((*room - kSound) * 0.92, {bounds}).front() : most;
  }

  std::int64_t now_ = 0;  ///< microseconds
  std::mt19937 random_{7};
  std::uniform_real_distribution<double> chance_{0, 1};
  std::uint16_t number_ = 65'000;
  double free_at_ = 0;
  std::int64_t last_arrival_ = 0;
  std::deque<PacketFate> under_way_;
  std::vector<PacketFate> reported_;
  std::int64_t heard_at_ = 0;
  int sounds_ = 0;
  int heard_ = 0;
  double longest_ = 0;
  PathMeter meter_;
  CongestionControl control_;
  PictureShare share_;
  double picture_ = 1e6;
};

}  // namespace

RTC_TEST(a_path_with_room_lowers_nothing) {
  Call call;
  call.link = {.rate = 3e6, .queue = 100'000, .jitter = 10};
  for (int second = 0; second < 60; ++second) {
    call.run(1);
    RTC_ASSERT_EQ(call.picture(), 1e6);
  }
  RTC_ASSERT(!call.estimate());
}

RTC_TEST(a_picture_fits_a_narrow_path_and_the_sound_is_heard) {
  Call call;
  call.link.rate = 300'000;
  call.run(3);
  call.sound();
  for (int second = 0; second < 60; ++second) {
    call.run(1);
    const auto sound = call.sound();
    RTC_ASSERT(call.picture() >= 100'000);
    RTC_ASSERT(call.picture() <= 260'000);
    RTC_ASSERT(sound.share >= 0.98);
    RTC_ASSERT(sound.longest <= 250);
  }
}

RTC_TEST(a_path_that_becomes_narrow_is_followed_and_so_is_its_return) {
  Call call;
  call.link = {.rate = 2e6, .queue = 60'000};
  call.run(10);
  RTC_ASSERT_EQ(call.picture(), 1e6);
  call.link.rate = 300'000;
  call.run(3);
  RTC_ASSERT(call.picture() <= 260'000);
  call.sound();
  call.run(20);
  RTC_ASSERT(call.picture() >= 100'000);
  RTC_ASSERT(call.sound().share >= 0.98);
  call.link.rate = 2e6;
  call.run(20);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}

RTC_TEST(loss_by_chance_starves_nobody) {
  for (const double loss : {0.05, 0.15}) {
    Call call;
    call.link = {.rate = 3e6, .queue = 100'000, .loss = loss};
    call.run(5);
    RTC_ASSERT(call.averageOf(60) >= 0.8e6);
  }
}

RTC_TEST(a_queue_too_short_to_tell_shows_by_its_losses) {
  Call call;
  call.link = {.rate = 500'000, .queue = 4'000};
  call.run(4);
  call.sound();
  call.run(30);
  RTC_ASSERT(call.picture() >= 100'000);
  RTC_ASSERT(call.sound().share >= 0.85);
}

RTC_TEST(a_path_that_becomes_longer_is_not_full) {
  Call call;
  call.link = {.rate = 3e6, .queue = 100'000};
  call.run(10);
  call.link.delay = 100;
  call.run(10);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}

RTC_TEST(a_path_too_narrow_for_a_picture_keeps_its_sound) {
  Call call;
  call.link.rate = 100'000;
  call.run(5);
  call.sound();
  for (int part = 0; part < 6; ++part) {
    call.run(5);
    RTC_ASSERT(call.picture() <= 80'000);
    RTC_ASSERT(call.sound().share >= 0.95);
  }
  call.link.rate = 1e6;
  call.run(15);
  RTC_ASSERT(call.picture() >= 400'000);
}

RTC_TEST(silence_lowers_what_is_sent_and_its_end_raises_it_again) {
  Call call;
  call.link = {.rate = 2e6, .queue = 60'000};
  call.run(5);
  call.link.reports_lost = 1;
  call.run(4);
  RTC_ASSERT(call.picture() < 500'000);
  call.link.reports_lost = 0;
  call.run(10);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}

RTC_TEST(a_path_that_was_away_is_as_wide_as_before_though_it_came_back_longer) {
  Call call;
  call.link = {.rate = 3e6, .queue = 100'000};
  call.run(5);
  call.link.loss = call.link.reports_lost = 1;
  call.run(3);
  RTC_ASSERT(call.picture() < 500'000);
  call.link.loss = call.link.reports_lost = 0;
  call.link.delay = 70;
  call.run(1.5);
  RTC_ASSERT_EQ(call.picture(), 1e6);
  call.run(10);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}

RTC_TEST(jitter_is_no_queue) {
  Call call;
  call.link = {.rate = 3e6, .queue = 100'000, .jitter = 60};
  call.run(30);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}

RTC_TEST(somebodys_download_takes_the_picture_for_some_seconds_at_most) {
  for (const double queue : {60, 100, 250}) {
    Call call;
    call.link = {.rate = 3e6, .queue = 100'000};
    call.run(10);
    call.link.download = queue;
    call.run(12);
    RTC_ASSERT(call.averageOf(60) >= 0.8e6);
  }
}

RTC_TEST(an_easy_picture_is_not_held_down_by_what_it_does_not_use) {
  Call call;
  call.link = {.rate = 3e6, .queue = 100'000};
  call.fill = 0.1;
  call.run(30);
  RTC_ASSERT_EQ(call.picture(), 1e6);
}
