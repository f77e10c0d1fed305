// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whole transfers between the two engines: what must arrive, and what must not harm it.
#include "tests/support/check.hpp"
#include "tests/support/file_rig.hpp"

using namespace rtc;
using namespace rtc::testing;
using file::Code;
using file::State;

namespace {

bool bothAre(FileRig& rig, State state) {
  return rig.sender->state() == state && rig.receiver->state() == state;
}

file::Sender::Options lanes(std::size_t most) {
  file::Sender::Options options;
  options.max_lanes = most;
  return options;
}

bool isType(const file::Bytes& message, file::Type type) {
  return message.size() > 1 && message[1] == static_cast<std::uint8_t>(type);
}

}  // namespace

RTC_TEST(files_of_every_awkward_size_arrive) {
  for (const std::uint64_t size : {0U, 1U, 16'383U, 16'384U, 16'385U, FileRig::block - 1, FileRig::block,
                                   FileRig::block + 1, 1'048'575U, 1'048'576U, 1'048'577U}) {
    FileRig rig({aFile("a", size)});
    rig.connect();
    RTC_ASSERT(rig.runToEnd());
    RTC_ASSERT(bothAre(rig, State::Done));
    RTC_ASSERT(rig.whole(0));
    RTC_ASSERT_EQ(rig.data_bytes, size);
  }
}

RTC_TEST(a_stream_of_unknown_length_arrives) {
  for (const std::uint64_t size : {0U, 1U, FileRig::block - 1, FileRig::block, 3 * FileRig::block + 7}) {
    FileRig rig({aStream(size)});
    rig.connect();
    RTC_ASSERT(rig.runToEnd());
    RTC_ASSERT(bothAre(rig, State::Done));
    RTC_ASSERT(rig.whole(0));
  }
}

RTC_TEST(thousands_of_small_files_and_folders_arrive) {
  std::vector<std::pair<file::Entry, file::Bytes>> files{aFolder("empty")};
  for (std::uint32_t i = 0; i < 5'000; ++i) files.push_back(aFile("file " + std::to_string(i), i % 1'500, i));
  FileRig rig(std::move(files));
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(bothAre(rig, State::Done));
  for (std::size_t i = 1; i <= 5'000; ++i) RTC_ASSERT(rig.whole(i));
  RTC_ASSERT_EQ(rig.receiver->whole(), 5'001u);
}

RTC_TEST(only_what_is_accepted_is_sent) {
  FileRig rig({aFile("a", 100'000, 1), aFile("b", 100'000, 2), aFile("c", 100'000, 3)});
  rig.on_offer = [&] { rig.toReceiver(file::Receiver::Accepts{{0, 2}, {}}); };
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(bothAre(rig, State::Done));
  RTC_ASSERT(rig.whole(0) && rig.whole(2));
  RTC_ASSERT_EQ(rig.data_bytes, 200'000u);
  RTC_ASSERT(rig.failed_there.at(1).code == Code::Declined);
}

RTC_TEST(a_declined_offer_sends_nothing_and_tells_no_secret) {
  FileRig rig({aFile("a", 100'000)});
  rig.on_offer = [&] { rig.toReceiver(file::Receiver::Declines{{Code::Exists, "/home/bob/a is there already"}}); };
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(bothAre(rig, State::Rejected));
  RTC_ASSERT_EQ(rig.data_bytes, 0u);
  RTC_ASSERT(rig.sender_fault.code == Code::Declined);
  RTC_ASSERT_EQ(rig.sender_fault.text, "declined");
}

RTC_TEST(a_stalled_disk_holds_the_sender) {
  file::Limits limits;
  limits.window = 512 * 1'024;
  FileRig rig({aFile("a", 20'000'000)}, {}, limits);
  rig.disk_stalls = true;
  rig.connect();
  rig.runFor(Duration(5'000));
  RTC_ASSERT(rig.data_bytes <= limits.window + FileRig::block);
  RTC_ASSERT(rig.most_stored_at_once * FileRig::block <= limits.window + FileRig::block);
  rig.disk_stalls = false;
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.whole(0));
}

RTC_TEST(pause_and_cancel_are_felt_within_a_second_on_a_slow_link) {
  for (const bool here : {true, false}) {
    FileRig rig({aFile("a", 20'000'000)});
    rig.connect({250'000, Duration(20)});
    rig.runFor(Duration(4'000));
    if (here) {
      rig.toSender(file::UserPauses{});
    } else {
      rig.toReceiver(file::UserPauses{});
    }
    rig.runFor(Duration(1'000));
    RTC_ASSERT(rig.sender->paused() && rig.receiver->paused());
    const auto before = rig.data_bytes;
    rig.runFor(Duration(2'000));
    RTC_ASSERT_EQ(rig.data_bytes, before);
    if (here) {
      rig.toSender(file::UserResumes{});
    } else {
      rig.toReceiver(file::UserResumes{});
    }
    rig.runFor(Duration(2'000));
    RTC_ASSERT(rig.data_bytes > before);
    if (here) {
      rig.toSender(file::UserCancels{{Code::Cancelled, "cancelled"}, true});
    } else {
      rig.toReceiver(file::UserCancels{{Code::Cancelled, "cancelled"}, true});
    }
    RTC_ASSERT(rig.run([&] { return bothAre(rig, State::Cancelled); }, Duration(1'000)));
    RTC_ASSERT(!rig.partial.empty());
  }
}

RTC_TEST(a_damaged_block_is_sent_again_once_and_then_the_file_fails) {
  for (const int damages : {1, 2}) {
    FileRig rig({aFile("a", 200'000, 1), aFile("b", 1'000, 2)});
    int left = damages;
    rig.meddle = [&](file::Bytes& message, bool) {
      const auto frame = file::parseFrame(message);
      if (!isType(message, file::Type::Data) || frame->offset != FileRig::block || frame->file != 0) return;
      if (left-- > 0) message.back() ^= 1;
    };
    rig.connect();
    RTC_ASSERT(rig.runToEnd());
    RTC_ASSERT(bothAre(rig, State::Done));
    RTC_ASSERT(rig.whole(1));
    RTC_ASSERT_EQ(rig.whole(0), damages == 1);
    if (damages == 2) {
      RTC_ASSERT(rig.failed_there.at(0).code == Code::HashMismatch);
      RTC_ASSERT(rig.failed_here.at(0).code == Code::HashMismatch);
      RTC_ASSERT(rig.partial.count(0) == 0);
    }
  }
}

RTC_TEST(a_wrong_root_fails_the_file_and_leaves_no_name) {
  FileRig rig({aFile("a", 200'000)});
  rig.meddle = [](file::Bytes& message, bool) {
    if (isType(message, file::Type::FileEnd)) message.back() ^= 1;
  };
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.failed_here.at(0).code == Code::HashMismatch);
  RTC_ASSERT(rig.finished.empty());
}

RTC_TEST(what_is_there_already_is_not_sent_again_unless_it_is_wrong) {
  FileRig rig({aFile("a", 10 * FileRig::block)});
  auto right = rig.source[0];
  right[3 * FileRig::block] ^= 1;  // changed on the disk meanwhile
  rig.partial[0] = right;
  for (std::uint64_t block = 0; block < 8; ++block) {
    rig.claims.push_back({{0, block}, testDigest(file::View(right).subspan(block * FileRig::block, FileRig::block))});
  }
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.whole(0));
  RTC_ASSERT_EQ(rig.data_bytes, 3u * FileRig::block);
}

RTC_TEST(an_interrupted_transfer_goes_on_over_the_next_channel) {
  for (const bool stream : {false, true}) {
    file::Sender::Options options;
    options.rereadable = !stream;
    FileRig rig({stream ? aStream(3'000'000) : aFile("a", 3'000'000)}, options);
    auto link = rig.connect({1'000'000, Duration(20)});
    for (int i = 0; i < 4; ++i) {
      rig.runFor(Duration(600));
      rig.cut(link);
      RTC_ASSERT(bothAre(rig, State::Interrupted));
      rig.runFor(Duration(300));
      link = rig.connect({1'000'000, Duration(20)});
    }
    RTC_ASSERT(rig.runToEnd());
    RTC_ASSERT(bothAre(rig, State::Done));
    RTC_ASSERT(rig.whole(0));
    ck_assert_msg(rig.data_bytes < 6'000'000, "%llu bytes", static_cast<unsigned long long>(rig.data_bytes));
  }
}

RTC_TEST(a_sender_that_leaves_without_a_last_word_does_not_undo_what_is_here) {
  FileRig rig({aFile("a", 100'000)});
  const auto link = rig.connect({1'000'000, Duration(20)});
  RTC_ASSERT(rig.run([&] { return rig.receiver->state() == State::Confirming; }));
  rig.cut(link);
  RTC_ASSERT(rig.receiver->state() == State::Interrupted);  // it may come back for the acknowledgement
  rig.runFor(Duration(3'200));
  RTC_ASSERT(rig.receiver->state() == State::Done);
  RTC_ASSERT(rig.whole(0));
}

RTC_TEST(lanes_share_one_queue_and_a_dead_one_loses_nothing) {
  FileRig rig({aFile("a", 8'000'000)}, lanes(8));
  rig.connect({1'000'000, Duration(20)});
  std::vector<file::LinkId> more;
  for (int i = 0; i < 3; ++i) {
    rig.runFor(Duration(50));
    more.push_back(rig.connect({i == 0 ? 20'000.0 : 1'000'000.0, Duration(20)}));
  }
  rig.runFor(Duration(600));
  RTC_ASSERT_EQ(rig.sender->lanes(), 4u);
  rig.cut(more[1]);
  const auto before = rig.clock.now();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(bothAre(rig, State::Done));
  RTC_ASSERT(rig.whole(0));
  // One alone would need eight seconds, and the slow one 0.4 MB for twenty.
  RTC_ASSERT(rig.clock.now() - before < Duration(6'000));
}

RTC_TEST(a_lane_that_hangs_in_the_middle_does_not_hold_the_others) {
  // More than the credit: without help all would wait for the blocks that it holds.
  file::Limits limits;
  limits.window = 1 << 20U;
  FileRig rig({aFile("a", 8'000'000)}, lanes(8), limits);
  rig.connect({1'000'000, Duration(20)});
  rig.connect({1'000'000, Duration(20)});
  rig.runFor(Duration(200));
  rig.connect({5'000, Duration(20)});
  const auto before = rig.clock.now();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.whole(0));
  const auto took = (rig.clock.now() - before).count();
  ck_assert_msg(took < 12'000, "it took %lld ms", static_cast<long long>(took));
}

RTC_TEST(what_waits_for_the_disk_is_not_sent_again) {
  file::Limits limits;
  limits.window = 1 << 20U;
  FileRig rig({aFile("a", 8'000'000)}, lanes(8), limits);
  rig.connect();
  rig.connect();
  rig.disk_stalls = true;
  rig.runFor(Duration(5'000));
  RTC_ASSERT(rig.data_bytes <= limits.window + FileRig::block);
  rig.disk_stalls = false;
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.whole(0));
}

RTC_TEST(lanes_are_added_while_they_help) {
  FileRig rig({aFile("a", 60'000'000)}, lanes(8));
  std::vector<file::LinkId> links{rig.connect({1'000'000, Duration(20)})};
  rig.run([&] {
    while (links.size() < rig.wanted_lanes) links.push_back(rig.connect({1'000'000, Duration(20)}));
    return file::isOver(rig.sender->state());
  });
  RTC_ASSERT(rig.whole(0));
  RTC_ASSERT_EQ(links.size(), 8u);
}

RTC_TEST(beside_a_call_the_queue_stays_short_and_no_lanes_are_added) {
  FileRig rig({aFile("a", 20'000'000)}, lanes(8));
  rig.connect({250'000, Duration(20)});
  rig.toSender(file::Sender::Yields{true});
  rig.runFor(Duration(8'000));
  // What waits on the path delays the call's packets by no more than that.
  RTC_ASSERT(rig.underway() < 40'000);
  RTC_ASSERT(rig.data_bytes > 1'500'000);
  RTC_ASSERT_EQ(rig.wanted_lanes, 1u);
}

RTC_TEST(lanes_are_not_added_where_the_disk_is_the_limit) {
  FileRig rig({aFile("a", 30'000'000)}, lanes(8));
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT_EQ(rig.wanted_lanes, 1u);
}

RTC_TEST(a_bit_rate_is_kept) {
  file::Sender::Options options;
  options.max_bitrate = 4'000'000;
  FileRig rig({aFile("a", 2'000'000)}, options);
  rig.connect();
  const auto start = rig.clock.now();
  RTC_ASSERT(rig.runToEnd());
  const auto took = rig.clock.now() - start;
  RTC_ASSERT(took > Duration(3'700) && took < Duration(5'500));
}

RTC_TEST(a_source_that_changed_fails_its_file_only) {
  FileRig rig({aFile("a", 100'000, 1), aFile("b", 100'000, 2)});
  rig.connect();
  rig.run([&] { return rig.reads > 0; });
  rig.toSender(file::Sender::ReadFailed{0, {Code::SourceChanged, "a has changed"}});
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(rig.failed_here.at(0).code == Code::SourceChanged);
  RTC_ASSERT(rig.finished.count(0) == 0);
  RTC_ASSERT(rig.whole(1));
}

RTC_TEST(a_full_disk_ends_it_and_the_sender_is_told) {
  FileRig rig({aFile("a", 1'000'000)});
  rig.disk_fails = file::Fault{Code::NoSpace, "there is no room"};
  rig.connect();
  RTC_ASSERT(rig.runToEnd());
  RTC_ASSERT(bothAre(rig, State::Failed));
  RTC_ASSERT(rig.sender_fault.code == Code::NoSpace);
}

RTC_TEST(an_offer_that_nobody_answers_ends) {
  FileRig rig({aFile("a", 1'000)});
  rig.on_offer = [] {};
  rig.connect();
  RTC_ASSERT(rig.run([&] { return rig.sender->state() == State::Failed; }, Duration(200'000)));
  RTC_ASSERT(rig.sender_fault.code == Code::Timeout);
}

RTC_TEST(a_silent_other_side_interrupts) {
  FileRig rig({aFile("a", 10'000'000)});
  rig.connect({1'000'000, Duration(20)});
  rig.runFor(Duration(1'000));
  rig.meddle = [](file::Bytes& message, bool) { message.clear(); };
  RTC_ASSERT(rig.run([&] { return bothAre(rig, State::Interrupted); }, Duration(120'000)));
}

RTC_TEST(progress_counts_what_is_stored_and_tells_the_time_that_is_left) {
  FileRig rig({aFile("a", 10'000'000)});
  rig.connect({1'000'000, Duration(20)});
  rig.runFor(Duration(5'000));
  const auto there = rig.sender->progress();
  const auto here = rig.receiver->progress();
  RTC_ASSERT(there.bytes <= here.bytes);
  RTC_ASSERT(there.bytes > 3'000'000 && there.bytes < 5'000'000);
  RTC_ASSERT(there.rate > 800'000 && there.rate < 1'200'000);
  RTC_ASSERT(there.left && there.left->count() > 4'000 && there.left->count() < 8'000);
  RTC_ASSERT_EQ(*there.total, 10'000'000u);
}

RTC_TEST(random_cuts_stalls_and_lanes_never_give_a_wrong_file) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::uint32_t state = seed * 2'654'435'761U;
    const auto dice = [&state](std::uint32_t sides) {
      state = state * 1'664'525 + 1'013'904'223;
      return (state >> 8U) % sides;
    };
    FileRig rig({aFile("a", dice(2'000'000), seed), aFile("b", dice(50'000), seed + 1), aFile("c", dice(3), seed)},
                lanes(8));
    std::vector<file::LinkId> links{rig.connect({500'000, Duration(30)})};
    for (int i = 0; i < 400 && !file::isOver(rig.sender->state()); ++i) {
      rig.runFor(Duration(5 + dice(60)));
      rig.disk_stalls = dice(4) == 0;
      if (dice(6) == 0 && links.size() < 6) links.push_back(rig.connect({500'000, Duration(5 + dice(50))}));
      if (dice(9) == 0) {
        const auto victim = dice(static_cast<std::uint32_t>(links.size()));
        rig.cut(links[victim]);
        links.erase(links.begin() + victim);
      }
      if (rig.sender->state() == State::Interrupted) {
        for (const auto id : links) rig.cut(id);
        links = {rig.connect({500'000, Duration(30)})};
      }
    }
    rig.disk_stalls = false;
    RTC_ASSERT(rig.run([&] { return file::isOver(rig.sender->state()); }));
    ck_assert_msg(rig.sender->state() == State::Done, "seed %u: %s: %s", seed, file::word(rig.sender->state()).data(),
                  rig.sender_fault.text.c_str());
    for (std::size_t id = 0; id < 3; ++id) RTC_ASSERT(rig.whole(id));
  }
}
