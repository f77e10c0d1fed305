// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/fan_out.hpp"

#include <atomic>
#include <string>
#include <thread>

#include "tests/support/check.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/wait.hpp"

using namespace rtc;
using rtc::testing::ManualClock;
using rtc::testing::waitFor;

namespace {

class Counting final : public Subscriber {
 public:
  void feed(GstBuffer* frame) override {
    last_ = frame;
    ++fed_;
  }
  int fed() const { return fed_; }
  GstBuffer* last() const { return last_; }

 private:
  std::atomic<int> fed_ = 0;
  std::atomic<GstBuffer*> last_ = nullptr;
};

Ptr<GstBuffer> frame(gsize size = 10, bool key = false) {
  auto made = adopt(gst_buffer_new_allocate(nullptr, size, nullptr));
  if (!key) GST_BUFFER_FLAG_SET(made.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  return made;
}

/// A peer whose path has room for so much, and loses so much.
class Peer final : public Subscriber {
 public:
  explicit Peer(core::Allowance allowance, unsigned loss = 1) : allowance_(allowance), loss_(loss) {}
  void feed(GstBuffer*) override {}
  core::Allowance allowance() const override { return allowance_; }
  unsigned expectedLoss() const override { return loss_; }

 private:
  core::Allowance allowance_;
  unsigned loss_;
};

/// A fan-out that counts how often its encoder is asked for a key frame.
struct Encoder {
  explicit Encoder(core::Kind kind = core::Kind::Video) : out(kind, clock) {
    gst_init(nullptr, nullptr);
    out.setEncoder({[this] { ++asked; }, [this](unsigned bitrate) { aim = bitrate; },
                    [this](unsigned percent) { expected_loss = percent; }});
  }
  ManualClock clock;
  std::atomic<int> asked = 0;
  std::atomic<unsigned> aim = 0;
  std::atomic<unsigned> expected_loss = 0;
  FanOut out;
};

}  // namespace

RTC_TEST(one_frame_reaches_every_subscriber) {
  Encoder encoder;
  const auto first = std::make_shared<Counting>();
  const auto second = std::make_shared<Counting>();
  encoder.out.subscribe(first);
  encoder.out.subscribe(second);
  const auto made = frame();
  encoder.out.push(made.get());
  RTC_ASSERT(first->last() == made.get());
  RTC_ASSERT(second->last() == made.get());
  RTC_ASSERT_EQ(first->fed() + second->fed(), 2);
}

RTC_TEST(who_left_is_not_fed) {
  Encoder encoder;
  const auto stays = std::make_shared<Counting>();
  const auto leaves = std::make_shared<Counting>();
  encoder.out.subscribe(stays);
  encoder.out.subscribe(leaves);
  encoder.out.unsubscribe(leaves.get());
  encoder.out.push(frame().get());
  RTC_ASSERT_EQ(stays->fed(), 1);
  RTC_ASSERT_EQ(leaves->fed(), 0);
  RTC_ASSERT_EQ(leaves.use_count(), 1);
}

RTC_TEST(frames_are_wanted_while_somebody_listens) {
  Encoder encoder;
  RTC_ASSERT(!encoder.out.wanted());
  const auto first = std::make_shared<Counting>();
  const auto second = std::make_shared<Counting>();
  encoder.out.subscribe(first);
  encoder.out.subscribe(second);
  encoder.out.unsubscribe(first.get());
  RTC_ASSERT(encoder.out.wanted());
  encoder.out.unsubscribe(first.get());
  RTC_ASSERT(encoder.out.wanted());
  encoder.out.unsubscribe(second.get());
  RTC_ASSERT(!encoder.out.wanted());
}

RTC_TEST(frames_are_counted_whoever_listens) {
  Encoder encoder;
  encoder.out.push(frame(100, true).get());
  encoder.out.push(frame(20).get());
  encoder.out.setSize(640, 360);
  const auto counters = encoder.out.counters();
  RTC_ASSERT_EQ(counters.frames, 2U);
  RTC_ASSERT_EQ(counters.key_frames, 1U);
  RTC_ASSERT_EQ(counters.bytes, 120U);
  RTC_ASSERT_EQ(counters.width, 640);
  RTC_ASSERT_EQ(counters.height, 360);
}

RTC_TEST(a_new_subscriber_gets_a_key_frame) {
  Encoder encoder;
  encoder.out.subscribe(std::make_shared<Counting>());
  RTC_ASSERT_EQ(encoder.asked.load(), 1);
}

RTC_TEST(many_wishes_at_once_are_one_key_frame_now_and_one_later) {
  Encoder encoder;
  for (int i = 0; i < 20; ++i) encoder.out.wishKeyFrame();
  RTC_ASSERT_EQ(encoder.asked.load(), 1);
  encoder.clock.advance(Duration{299});
  encoder.out.push(frame().get());
  RTC_ASSERT_EQ(encoder.asked.load(), 1);
  encoder.clock.advance(Duration{1});
  encoder.out.push(frame().get());
  encoder.out.push(frame().get());
  RTC_ASSERT_EQ(encoder.asked.load(), 2);
  encoder.clock.advance(Duration{1'000});
  encoder.out.push(frame().get());
  RTC_ASSERT_EQ(encoder.asked.load(), 2);
}

RTC_TEST(sound_has_no_key_frames) {
  Encoder encoder(core::Kind::Audio);
  encoder.out.subscribe(std::make_shared<Counting>());
  encoder.out.wishKeyFrame();
  encoder.clock.advance(Duration{1'000});
  encoder.out.push(frame().get());
  RTC_ASSERT_EQ(encoder.asked.load(), 0);
}

RTC_TEST(the_encoder_may_be_asked_from_where_it_asks) {
  std::unique_ptr<FanOut> out;
  int asked = 0;
  const ManualClock clock;
  out = std::make_unique<FanOut>(core::Kind::Video, clock);
  out->setEncoder({[&] {
    ++asked;
    out->wishKeyFrame();
    static_cast<void>(out->counters());
  }});
  out->wishKeyFrame();
  RTC_ASSERT_EQ(asked, 1);
}

RTC_TEST(subscribers_may_leave_while_another_thread_pushes) {
  Encoder encoder;
  const auto stays = std::make_shared<Counting>();
  encoder.out.subscribe(stays);
  std::atomic<bool> over = false;
  std::atomic<int> pushed = 0;
  std::thread pushing([&] {
    const auto made = frame();
    while (!over) {
      encoder.out.push(made.get());
      ++pushed;
    }
  });
  for (int i = 0; i < 1'000; ++i) {
    const auto guest = std::make_shared<Counting>();
    encoder.out.subscribe(guest);
    encoder.out.unsubscribe(guest.get());
  }
  const bool ran = waitFor([&] { return pushed > 100; });
  over = true;
  pushing.join();
  RTC_ASSERT(ran);
  RTC_ASSERT_EQ(stays->fed(), pushed.load());
  RTC_ASSERT_EQ(stays.use_count(), 2);
  RTC_ASSERT(encoder.out.wanted());
}

/// Holds the pusher inside `feed` until it is let go.
class Holding final : public Subscriber {
 public:
  void feed(GstBuffer*) override {
    entered = true;
    while (!let_go) std::this_thread::yield();
    ++fed;
  }
  std::atomic<bool> entered = false;
  std::atomic<bool> let_go = false;
  std::atomic<int> fed = 0;
};

RTC_TEST(leaving_does_not_wait_for_a_frame_that_is_being_fed) {
  Encoder encoder;
  const auto leaves = std::make_shared<Holding>();
  encoder.out.subscribe(leaves);
  std::thread pushing([&] { encoder.out.push(frame().get()); });
  const bool entered = waitFor([&] { return leaves->entered.load(); });
  encoder.out.unsubscribe(leaves.get());
  encoder.out.wishKeyFrame();
  leaves->let_go = true;
  pushing.join();
  RTC_ASSERT(entered);
  RTC_ASSERT_EQ(leaves->fed.load(), 1);
  RTC_ASSERT_EQ(leaves.use_count(), 1);
}

RTC_TEST(one_peer_has_what_its_path_has_room_for) {
  Encoder encoder;
  encoder.out.setBounds({50'000, 1'000'000});
  encoder.out.retarget();
  RTC_ASSERT_EQ(encoder.aim.load(), 1'000'000u);
  const auto slow = std::make_shared<Peer>(300'000u);
  encoder.out.subscribe(slow);
  RTC_ASSERT_EQ(encoder.aim.load(), 300'000u);
  RTC_ASSERT_EQ(encoder.out.target(), 300'000u);
  encoder.out.unsubscribe(slow.get());
  RTC_ASSERT_EQ(encoder.aim.load(), 1'000'000u);
}

RTC_TEST(a_slow_peer_costs_the_others_nothing) {
  Encoder encoder;
  encoder.out.setBounds({50'000, 1'000'000});
  encoder.out.retarget();
  const auto slow = std::make_shared<Peer>(200'000u);
  const auto free = std::make_shared<Peer>(std::nullopt);
  const auto resting = std::make_shared<Peer>(0u);
  for (const auto& peer : {slow, free, resting}) encoder.out.subscribe(peer);
  RTC_ASSERT_EQ(encoder.aim.load(), 1'000'000u);
  const auto slow_too = std::make_shared<Peer>(300'000u);
  encoder.out.subscribe(slow_too);
  RTC_ASSERT_EQ(encoder.aim.load(), 300'000u);
}

RTC_TEST(a_picture_that_no_path_bears_is_not_encoded) {
  Encoder encoder;
  encoder.out.setBounds({50'000, 1'000'000});
  encoder.out.retarget();
  encoder.out.subscribe(std::make_shared<Peer>(0u));
  RTC_ASSERT_EQ(encoder.out.target(), 0u);
  RTC_ASSERT(!encoder.out.hasRoom());
}

RTC_TEST(an_encoder_that_makes_too_much_makes_fewer_frames) {
  Encoder encoder;
  encoder.out.setBounds({50'000, 1'000'000});
  encoder.out.retarget();
  encoder.out.subscribe(std::make_shared<Peer>(100'000u));
  RTC_ASSERT(encoder.out.hasRoom());
  encoder.out.push(frame(10'000).get());  // 800 ms of what there is room for
  RTC_ASSERT(!encoder.out.hasRoom());
  encoder.clock.advance(Duration{500});
  RTC_ASSERT(encoder.out.hasRoom());
}

RTC_TEST(a_sound_is_made_for_the_peer_that_loses_most) {
  Encoder encoder(core::Kind::Audio);
  encoder.out.setBounds({48'000, 48'000});
  encoder.out.subscribe(std::make_shared<Peer>(std::nullopt, 3));
  RTC_ASSERT_EQ(encoder.expected_loss.load(), 3u);
  encoder.out.subscribe(std::make_shared<Peer>(std::nullopt, 12));
  RTC_ASSERT_EQ(encoder.expected_loss.load(), 12u);
}
