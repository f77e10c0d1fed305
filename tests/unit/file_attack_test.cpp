// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A peer that lies, to either end of a transfer: each message here must end it with `protocol`, and store nothing.
#include "plugins/core/file/offer_rate.hpp"
#include "plugins/core/file/root.hpp"
#include "tests/support/check.hpp"
#include "tests/support/file_rig.hpp"

using namespace rtc;
using namespace rtc::testing;
using file::Code;
using file::State;

namespace {

constexpr std::uint32_t kBlock = FileRig::block;

/// A receiver, and a sender that the test plays itself.
class Victim {
 public:
  explicit Victim(file::Limits limits = {}) : receiver(limits, testDigest, clock) {
    on(file::LinkUp{1});
    say(file::encode(file::Hello{}, true));
  }
  void offer(std::vector<file::Entry> entries) {
    file::Offer offer;
    offer.id = {4};
    offer.block = kBlock;
    offer.entries = std::move(entries);
    for (const auto& page : file::encode(offer)) say(file::encodeOfferPage(page));
  }
  void accept(std::vector<file::FileId> ids) { on(file::Receiver::Accepts{std::move(ids), {}}); }
  void say(const file::Bytes& message, file::LinkId link = 1) { on(file::Heard{link, message}); }
  void data(file::FileId id, std::uint64_t offset, std::size_t size) {
    say(file::encode(file::Data{id, offset, file::Bytes(size)}));
  }
  void block(file::FileId id, std::uint64_t offset, std::uint32_t size) {
    say(file::encode(file::Block{id, offset, size, testDigest(file::Bytes(size))}));
  }
  template <typename E>
  void on(const E& event) {
    for (auto& action : receiver.on(event)) {
      if (auto* store = std::get_if<file::Receiver::Store>(&action)) stores.push_back(std::move(*store));
      if (std::holds_alternative<file::Receiver::Finish>(action)) ++finishes;
      if (const auto* changed = std::get_if<file::Changed>(&action)) fault = changed->fault;
      if (const auto* over = std::get_if<file::FileOver>(&action); over != nullptr && over->fault) {
        failed.push_back(over->fault->code);
      }
    }
  }
  bool broke() const { return receiver.state() == State::Failed && fault.code == Code::Protocol; }

  ManualClock clock;
  file::Receiver receiver;
  std::vector<file::Receiver::Store> stores;
  std::vector<Code> failed;
  int finishes = 0;
  file::Fault fault;
};

file::Entry entry(const std::string& name, std::optional<std::uint64_t> size) {
  file::Entry made;
  made.path = {name};
  made.size = size;
  return made;
}

/// A victim that has accepted `a` of 100 000 bytes and declined `b`.
struct Accepted : Victim {
  explicit Accepted(file::Limits limits = {}) : Victim(limits) {
    offer({entry("a", 100'000), entry("b", 100'000)});
    accept({0});
  }
};

}  // namespace

RTC_TEST(data_before_it_was_accepted_after_or_of_another_file_break_it) {
  {
    Victim early;
    early.data(0, 0, 10);
    RTC_ASSERT(early.broke());
  }
  {
    Victim asked;
    asked.offer({entry("a", 10)});
    asked.data(0, 0, 10);
    RTC_ASSERT(asked.broke());
  }
  for (const file::FileId id : {1U, 2U, 0xFFFFFFFFU}) {
    Accepted other;
    other.data(id, 0, 10);
    RTC_ASSERT(other.broke());
    RTC_ASSERT(other.stores.empty());
  }
  {
    Victim rejected;
    rejected.offer({entry("a", 10)});
    rejected.on(file::Receiver::Declines{{Code::Declined, {}}});
    rejected.data(0, 0, 10);
    rejected.block(0, 0, 10);
    RTC_ASSERT(rejected.stores.empty());
    RTC_ASSERT(rejected.receiver.state() == State::Rejected);
  }
  {
    Accepted cancelled;
    cancelled.on(file::UserCancels{{Code::Cancelled, {}}, true});
    cancelled.data(0, 0, 10);
    cancelled.block(0, 0, 10);
    RTC_ASSERT(cancelled.stores.empty());
  }
}

RTC_TEST(an_offer_cannot_change_once_it_was_accepted) {
  Accepted victim;
  victim.offer({entry("a", 100'000), entry("b", 100'000), entry("extra", 5)});
  RTC_ASSERT(victim.broke());
}

RTC_TEST(bytes_beyond_overlaps_gaps_and_odd_blocks_break_it) {
  const std::vector<std::function<void(Victim&)>> attacks = {
      [](Victim& v) {
        v.data(0, 0, kBlock);
        v.data(0, kBlock - 1, 2);
      },
      [](Victim& v) { v.data(0, 10, 5); },
      [](Victim& v) {
        v.data(0, 0, 5);
        v.data(0, 6, 5);
      },
      [](Victim& v) {
        v.data(0, 0, 5);
        v.data(0, 4, 5);
      },
      [](Victim& v) { v.data(0, 100'000, 1); },
      [](Victim& v) { v.data(0, 3 * kBlock, 100'000 - 3 * kBlock + 1); },
      [](Victim& v) { v.data(0, std::uint64_t{1} << 63U, 1); },
      [](Victim& v) { v.data(0, ~std::uint64_t{0}, 1); },
      [](Victim& v) { v.data(0, ~std::uint64_t{0} - kBlock + 1, 16'384); },
      [](Victim& v) { v.block(0, 0, kBlock); },
      [](Victim& v) {
        v.data(0, 0, 5);
        v.block(0, 0, 5);
      },
      [](Victim& v) {
        v.data(0, 0, 16'384);
        v.block(0, 0, kBlock);
      },
      [](Victim& v) {
        v.data(0, 0, 16'384);
        v.block(0, kBlock, 16'384);
      },
      [](Victim& v) {
        v.say(file::encode(file::Block{0, 0, 0, {}}));
      },
      [](Victim& v) {
        v.say(file::encode(file::FileEnd{0, 100'000, {}}));
      },
      [](Victim& v) {
        v.say(file::encode(file::FileEnd{0, 0, {}}));
      },
      [](Victim& v) {
        v.say(file::encode(file::FileEnd{7, 0, {}}));
      },
      [](Victim& v) { v.say(file::encode(file::Done{})); },
      [](Victim& v) { v.say(file::encode(file::Hello{}, true)); },
      [](Victim& v) { v.say(file::encode(file::DoneAck{1})); },
      [](Victim& v) { v.say(file::encode(file::Arrived{1})); },
      [](Victim& v) {
        v.say(file::encode(file::FileFailed{9, {}}));
      },
      [](Victim& v) {
        v.say({1, 2, 3});
      },
      [](Victim& v) { v.say({}); },
  };
  for (std::size_t i = 0; i < attacks.size(); ++i) {
    Accepted victim;
    attacks[i](victim);
    ck_assert_msg(victim.broke(), "attack %zu", i);
    RTC_ASSERT_EQ(victim.finishes, 0);
  }
}

RTC_TEST(data_beyond_the_credit_break_it) {
  file::Limits limits;
  limits.window = 4 * kBlock;
  Victim victim(limits);
  victim.offer({entry("a", 100 * kBlock)});
  victim.accept({0});
  victim.data(0, 3 * kBlock, 10);
  RTC_ASSERT(victim.receiver.state() == State::Running);
  victim.data(0, 4 * kBlock, 10);
  RTC_ASSERT(victim.broke());
}

RTC_TEST(a_stream_without_end_is_cut_off) {
  file::Limits limits;
  limits.stream = 3 * kBlock;
  Victim victim(limits);
  victim.offer({entry("a", std::nullopt)});
  victim.accept({0});
  for (std::uint64_t i = 0; i < 4; ++i) {
    victim.data(0, i * kBlock, kBlock);
    victim.block(0, i * kBlock, kBlock);
  }
  RTC_ASSERT_EQ(victim.failed.size(), 1u);
  RTC_ASSERT(victim.failed[0] == Code::TooLarge);
}

RTC_TEST(a_stream_that_goes_on_behind_its_end_breaks_it) {
  Victim victim;
  victim.offer({entry("a", std::nullopt)});
  victim.accept({0});
  victim.data(0, 0, 10);
  victim.block(0, 0, 10);
  victim.data(0, kBlock, 10);
  victim.block(0, kBlock, 10);
  RTC_ASSERT(victim.broke());
}

RTC_TEST(a_lane_of_another_transfer_is_closed) {
  Accepted victim;
  victim.on(file::LinkUp{2});
  file::Hello lane;
  lane.lane_of = file::TransferId{0xEE};
  victim.say(file::encode(lane, true), 2);
  victim.say(file::encode(file::Data{0, 0, file::Bytes(10)}), 2);
  RTC_ASSERT(victim.receiver.state() == State::Running);
  RTC_ASSERT(victim.stores.empty());
}

RTC_TEST(a_lane_carries_blocks_and_no_orders) {
  for (const auto& order :
       {file::encode(file::Pause{}), file::encode(file::Cancel{{Code::Cancelled, {}}, false}),
        file::encode(file::FileFailed{0, {}}), file::encode(file::Done{}), file::encode(file::DoneSeen{})}) {
    Accepted victim;
    victim.on(file::LinkUp{2});
    file::Hello lane;
    lane.lane_of = file::TransferId{4};
    victim.say(file::encode(lane, true), 2);
    victim.say(order, 2);
    RTC_ASSERT(victim.broke());
  }
}

RTC_TEST(an_offer_larger_than_what_is_taken_is_declined) {
  file::Limits limits;
  limits.total = 1'000;
  Victim victim(limits);
  victim.offer({entry("a", 600), entry("b", 600)});
  RTC_ASSERT(victim.receiver.state() == State::Rejected);
  RTC_ASSERT(victim.fault.code == Code::TooLarge);
}

RTC_TEST(an_offer_of_blocks_without_end_is_declined) {
  Victim victim;
  std::vector<file::Entry> entries;
  for (int i = 0; i < 5; ++i) entries.push_back(entry(std::to_string(i), (file::kMostBlocks - 1) * kBlock));
  victim.offer(entries);
  RTC_ASSERT(victim.receiver.state() == State::Rejected);
  RTC_ASSERT(victim.fault.code == Code::TooLarge);
}

RTC_TEST(what_the_disk_says_of_files_of_another_offer_is_passed_over) {
  Victim victim;
  victim.offer({entry("a", 10)});
  victim.on(file::Receiver::Accepts{{0, 7}, {{{7, 0}, {}}}});
  victim.on(file::Receiver::BlockOver{{7, 0}, file::Receiver::Outcome::Stored, {}, {}});
  victim.on(file::Receiver::FileFinished{7, std::nullopt});
  RTC_ASSERT(victim.receiver.state() == State::Running);
}

RTC_TEST(a_file_that_is_being_finished_cannot_fail_any_more) {
  Accepted victim;
  for (std::uint64_t at = 0; at < 100'000; at += kBlock) {
    const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(kBlock, 100'000 - at));
    victim.data(0, at, size);
    victim.block(0, at, size);
  }
  std::vector<file::Hash> hashes;
  for (const auto& store : std::exchange(victim.stores, {})) {
    hashes.push_back(store.hash);
    victim.on(file::Receiver::BlockOver{store.name, file::Receiver::Outcome::Stored, store.hash, {}});
  }
  victim.say(file::encode(file::FileEnd{0, 100'000, file::rootOf(100'000, kBlock, hashes, testDigest)}));
  RTC_ASSERT_EQ(victim.finishes, 1);
  victim.say(file::encode(file::FileFailed{0, {Code::SourceChanged, {}}}));
  RTC_ASSERT(victim.failed.empty());
}

RTC_TEST(who_opens_a_channel_and_says_nothing_is_given_up) {
  Victim victim;
  for (int i = 0; i < 110; ++i) {
    victim.clock.advance(Duration(100));
    victim.on(file::Tick{});
  }
  RTC_ASSERT(victim.receiver.state() == State::Failed);
}

RTC_TEST(a_receiver_that_lies_breaks_the_senders_transfer) {
  const std::vector<file::Bytes> lies = {
      file::encode(file::Stored{1, 9, {{0, 3}}}),
      file::encode(file::Stored{1, 9, {{7, 0}}}),
      file::encode(file::Arrived{1'000'000'000}),
      file::encode(file::Again{{0, 400}}),
      file::encode(file::Again{{9, 0}}),
      file::encode(file::DoneAck{1}),
      file::encode(file::Hashes{0, 0, {file::Hash{}}}),
      file::encode(file::Accept{{{0, 0}}, 1}),
      file::encode(file::Reject{}),
      file::encode(file::Data{0, 0, file::Bytes(1)}),
      file::encode(file::Done{}),
      file::encode(file::FileFailed{3, {}}),
      file::encode(file::Hello{}, false),
  };
  for (std::size_t i = 0; i < lies.size(); ++i) {
    ManualClock clock;
    file::Offer offer;
    offer.block = kBlock;
    offer.entries = {entry("a", 10 * kBlock)};
    file::Sender sender(offer, {}, testDigest, clock);
    sender.on(file::LinkUp{1});
    const auto hello = file::encode(file::Hello{}, false);
    sender.on(file::Heard{1, hello});
    const auto accept = file::encode(file::Accept{{{0, 0}}, 5});
    sender.on(file::Heard{1, accept});
    RTC_ASSERT(sender.state() == State::Running);
    sender.on(file::Heard{1, lies[i]});
    ck_assert_msg(sender.state() == State::Failed, "lie %zu", i);
  }
}

RTC_TEST(what_was_under_way_of_an_earlier_transfer_on_the_channel_is_passed_over) {
  ManualClock clock;
  file::Offer offer;
  offer.block = kBlock;
  offer.entries = {entry("a", 10 * kBlock)};
  file::Sender sender(offer, {}, testDigest, clock);
  sender.on(file::LinkUp{1});
  for (const auto& old : {file::encode(file::Arrived{1'000'000}), file::encode(file::Stored{1, 9, {{0, 3}}}),
                          file::encode(file::Cancel{{Code::Cancelled, {}}, true})}) {
    sender.on(file::Heard{1, old});
  }
  RTC_ASSERT(sender.state() == State::Greeting);
  const auto hello = file::encode(file::Hello{}, false);
  sender.on(file::Heard{1, hello});
  RTC_ASSERT(sender.state() == State::Offered);
}

RTC_TEST(an_answer_about_files_that_were_not_offered_breaks_it) {
  for (const auto& lie : {file::encode(file::Accept{{{0, 1}}, 5}), file::encode(file::Hashes{1, 0, {file::Hash{}}}),
                          file::encode(file::Hashes{0, 10, {file::Hash{}}})}) {
    ManualClock clock;
    file::Offer offer;
    offer.block = kBlock;
    offer.entries = {entry("a", 10 * kBlock)};
    file::Sender sender(offer, {}, testDigest, clock);
    sender.on(file::LinkUp{1});
    const auto hello = file::encode(file::Hello{}, false);
    sender.on(file::Heard{1, hello});
    sender.on(file::Heard{1, lie});
    RTC_ASSERT(sender.state() == State::Failed);
  }
}

RTC_TEST(of_each_user_only_so_many_offers_are_looked_at) {
  file::OfferRate rate;
  Instant now{};
  unsigned taken = 0;
  for (unsigned i = 0; i < 10'000; ++i) taken += rate.allows("mallory", now) ? 1 : 0;
  RTC_ASSERT_EQ(taken, 64u);
  RTC_ASSERT(rate.allows("alice", now));
  now += Duration(500);
  RTC_ASSERT(rate.allows("mallory", now));
  RTC_ASSERT(!rate.allows("mallory", now));
  for (unsigned i = 0; i < 10'000; ++i) RTC_ASSERT(rate.allows("user" + std::to_string(i), now));
}
