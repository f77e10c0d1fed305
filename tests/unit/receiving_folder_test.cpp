// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a hostile or careless sender can do to a real folder: nothing.
#include "plugins/file/receiving_folder.hpp"

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>

#include "plugins/file/sha256.hpp"
#include "plugins/file/source_files.hpp"
#include "tests/support/check.hpp"
#include "tests/support/file_rig.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace rtc;
using namespace rtc::testing;
using file::Code;

namespace {

constexpr std::uint32_t kBlock = 16'384;

/// A folder `in` below a folder that must stay as it is.
struct Place {
  std::string at(const std::string& name) const { return in + "/" + name; }
  bool has(const std::string& name) const { return folder.has("in/" + name); }
  bool nothingOutside() const {
    const std::filesystem::directory_iterator listing(outside);
    return std::distance(begin(listing), end(listing)) == 1;
  }
  void write(const std::string& name, const std::string& text) const { folder.write("in/" + name, text); }
  std::string read(const std::string& name) const { return folder.read("in/" + name); }

  const TemporaryFolder folder;
  const std::string outside = folder.path();
  const std::string in = folder.makeFolder("in");
};

file::Offer offerOf(std::vector<file::Entry> entries) {
  file::Offer offer;
  offer.block = kBlock;
  offer.entries = std::move(entries);
  return offer;
}

file::Entry entry(file::Path path, std::uint64_t size = 5) {
  file::Entry made;
  made.path = std::move(path);
  made.size = size;
  made.mtime = 1'700'000'000'000;
  return made;
}

/// A folder that receives, and what it answered.
struct Taker {
  explicit Taker(const Place& place, Conflict conflict = Conflict::Fail, bool by_hand = false) {
    auto root = RootFolder::open(place.in);
    ck_assert_msg(root.ok(), "%s", root.ok() ? "" : root.error().message.c_str());
    auto opened = std::move(root).value();
    if (by_hand) opened.goByHand();
    folder = std::make_unique<ReceivingFolder>(std::move(opened), conflict);
  }
  std::optional<Code> refusal(const file::Offer& offer, file::FileId id = 0) {
    const auto plan = folder->plan(offer, "alice");
    if (plan.refused_whole) return plan.refused_whole->code;
    const auto found = plan.refused.find(id);
    return found == plan.refused.end() ? std::nullopt : std::optional(found->second.code);
  }
  std::optional<Code> store(file::FileId id, std::uint64_t block, const file::Bytes& bytes) {
    std::optional<Code> fault;
    folder->store({{id, block}, block * kBlock, bytes, sha256(bytes)}, [&](const file::Receiver::BlockOver& over) {
      if (over.outcome == file::Receiver::Outcome::Failed) fault = over.fault.code;
      if (over.outcome == file::Receiver::Outcome::Damaged) fault = Code::HashMismatch;
    });
    return fault;
  }
  std::optional<Code> finish(file::FileId id, std::uint64_t size) {
    std::optional<Code> fault;
    folder->finish(id, size, [&](const file::Receiver::FileFinished& finished) {
      if (finished.fault) fault = finished.fault->code;
    });
    folder->settle();
    return fault;
  }
  std::optional<Code> take(const file::Entry& wanted, const std::string& text) {
    if (auto code = refusal(offerOf({wanted}))) return code;
    const file::Bytes bytes(text.begin(), text.end());
    if (auto code = store(0, 0, bytes)) return code;
    return finish(0, bytes.size());
  }
  std::unique_ptr<ReceivingFolder> folder;
};

mode_t modeOf(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0;
}

}  // namespace

RTC_TEST(a_file_gets_its_name_when_it_is_whole) {
  for (const bool by_hand : {false, true}) {
    Place place;
    Taker taker(place, Conflict::Fail, by_hand);
    RTC_ASSERT(!taker.refusal(offerOf({entry({"a", "b", "c.txt"})})));
    RTC_ASSERT(!taker.store(0, 0, {'h', 'e', 'l', 'l', 'o'}));
    RTC_ASSERT(!place.has("a"));
    RTC_ASSERT(!taker.finish(0, 5));
    RTC_ASSERT_EQ(place.read("a/b/c.txt"), "hello");
    taker.folder->close(true);
    RTC_ASSERT(!place.has(std::string(file::kPartialFolder)));
  }
}

RTC_TEST(bad_names_are_refused_and_nothing_is_made) {
  Place place;
  const std::vector<file::Path> bad = {{".."},
                                       {"..", "x"},
                                       {"a", "..", "..", "x"},
                                       {"/tmp/x"},
                                       {"a/../../x"},
                                       {"C:x"},
                                       {"..\\x"},
                                       {""},
                                       {"x\n"},
                                       {"\xFF"},
                                       {"con"},
                                       {"a\u202Eb"},
                                       {".rtcfile-partial", "x"}};
  for (const auto& path : bad) {
    Taker taker(place);
    RTC_ASSERT(taker.refusal(offerOf({entry(path)})) == Code::NameUnsafe);
  }
  RTC_ASSERT(place.nothingOutside());
}

RTC_TEST(a_bad_name_that_was_accepted_all_the_same_is_given_to_nothing) {
  Place place;
  Taker taker(place, Conflict::Overwrite);
  RTC_ASSERT(taker.refusal(offerOf({entry({"../evil"})})) == Code::NameUnsafe);
  taker.store(0, 0, {'h', 'e', 'l', 'l', 'o'});
  RTC_ASSERT(taker.finish(0, 5) == Code::NameUnsafe);
  RTC_ASSERT(place.nothingOutside());
}

RTC_TEST(what_is_given_up_while_it_is_finished_gets_no_name) {
  Place place;
  Taker taker(place);
  RTC_ASSERT(!taker.refusal(offerOf({entry({"a.txt"})})));
  RTC_ASSERT(!taker.store(0, 0, {'h', 'e', 'l', 'l', 'o'}));
  taker.folder->finish(0, 5, [](const file::Receiver::FileFinished&) {});
  taker.folder->abandon(0, false);
  taker.folder->settle();
  RTC_ASSERT(!place.has("a.txt"));
}

RTC_TEST(a_transfer_that_ends_takes_no_folder_from_one_that_waits) {
  Place place;
  Taker waits(place);
  RTC_ASSERT(!waits.refusal(offerOf({entry({"a.txt"})})));
  {
    Taker ends(place);
    RTC_ASSERT(!ends.refusal(offerOf({entry({"b.txt"})})));
    ends.folder->close(false);
  }
  RTC_ASSERT(!place.has(std::string(file::kPartialFolder)));
  RTC_ASSERT(!waits.store(0, 0, {'h', 'e', 'l', 'l', 'o'}));
  RTC_ASSERT(!waits.finish(0, 5));
  RTC_ASSERT_EQ(place.read("a.txt"), "hello");
}

RTC_TEST(the_way_down_cannot_leave_the_folder_whatever_the_rules_say) {
  Place place;
  ::symlink(place.outside.c_str(), place.at("link").c_str());
  for (const bool by_hand : {false, true}) {
    auto root = RootFolder::open(place.in);
    auto folder = std::move(root).value();
    if (by_hand) folder.goByHand();
    for (const auto& path : std::vector<file::Path>{{".."}, {"..", "x"}, {"link", "x"}, {"link"}, {"/tmp"}}) {
      RTC_ASSERT(!folder.openBeneath(path, O_RDONLY));
    }
    RTC_ASSERT(!folder.parentOf({"link", "x"}, true));
  }
}

RTC_TEST(planted_links_pipes_and_folders_are_not_written_through) {
  Place place;
  place.folder.write("victim", "precious");
  ::symlink((place.outside + "/victim").c_str(), place.at("final").c_str());
  ::symlink(place.outside.c_str(), place.at("parent").c_str());
  ::mkfifo(place.at("pipe").c_str(), 0600);
  ::mkdir(place.at("folder").c_str(), 0700);
  for (const auto conflict : {Conflict::Fail, Conflict::Overwrite}) {
    Taker taker(place, conflict);
    for (const auto& path :
         std::vector<file::Path>{{"final"}, {"parent", "victim"}, {"parent", "new"}, {"pipe"}, {"folder"}}) {
      RTC_ASSERT(taker.take(entry(path), "hello").has_value());
    }
  }
  RTC_ASSERT_EQ(place.folder.read("victim"), "precious");
}

RTC_TEST(a_planted_unfinished_file_is_not_written_through) {
  Place place;
  const auto wanted = entry({"a"});
  place.folder.write("victim", "precious");
  const auto part = place.at(std::string(file::kPartialFolder)) + "/" + partName("alice", wanted);
  for (const bool hard : {false, true}) {
    ::mkdir(place.at(std::string(file::kPartialFolder)).c_str(), 0700);
    ::unlink(part.c_str());
    const auto victim = place.outside + "/victim";
    RTC_ASSERT_EQ(hard ? ::link(victim.c_str(), part.c_str()) : ::symlink(victim.c_str(), part.c_str()), 0);
    ::unlink(place.at("a").c_str());
    Taker taker(place);
    RTC_ASSERT(!taker.take(wanted, "hello"));
    RTC_ASSERT_EQ(place.read("a"), "hello");
    RTC_ASSERT_EQ(place.read("../victim"), "precious");
  }
}

RTC_TEST(a_folder_for_unfinished_files_that_others_may_write_is_not_used) {
  Place place;
  ::mkdir(place.at(std::string(file::kPartialFolder)).c_str(), 0700);
  ::chmod(place.at(std::string(file::kPartialFolder)).c_str(), 0777);
  Taker taker(place);
  RTC_ASSERT(taker.refusal(offerOf({entry({"a"})})) == Code::Io);
}

RTC_TEST(a_parent_that_becomes_a_link_meanwhile_is_not_followed) {
  Place place;
  ::mkdir(place.at("d").c_str(), 0700);
  Taker taker(place);
  RTC_ASSERT(!taker.refusal(offerOf({entry({"d", "x"})})));
  RTC_ASSERT(!taker.store(0, 0, file::Bytes(5)));
  ::rmdir(place.at("d").c_str());
  ::symlink(place.outside.c_str(), place.at("d").c_str());
  RTC_ASSERT(taker.finish(0, 5).has_value());
  RTC_ASSERT(place.nothingOutside());
}

RTC_TEST(what_is_there_is_never_replaced_unless_it_is_asked_for) {
  Place place;
  place.write("a.txt", "mine");
  {
    Taker taker(place);
    RTC_ASSERT(taker.take(entry({"a.txt"}), "hello") == Code::Exists);
  }
  {
    // It appears while the file is under way.
    Taker taker(place);
    RTC_ASSERT(!taker.refusal(offerOf({entry({"late"})})));
    RTC_ASSERT(!taker.store(0, 0, file::Bytes(5)));
    place.write("late", "mine");
    RTC_ASSERT(taker.finish(0, 5) == Code::Exists);
    RTC_ASSERT_EQ(place.read("late"), "mine");
  }
  {
    Taker taker(place, Conflict::Rename);
    RTC_ASSERT(!taker.take(entry({"a.txt"}), "hello"));
    RTC_ASSERT_EQ(place.read("a.txt"), "mine");
    RTC_ASSERT_EQ(place.read("a (1).txt"), "hello");
  }
  Taker taker(place, Conflict::Overwrite);
  RTC_ASSERT(!taker.take(entry({"a.txt"}), "hello"));
  RTC_ASSERT_EQ(place.read("a.txt"), "hello");
}

RTC_TEST(modes_and_times_are_masked) {
  ::umask(022);
  Place place;
  Taker taker(place);
  auto plain = entry({"plain"});
  auto runs = entry({"runs"});
  runs.executable = true;
  auto absurd = entry({"absurd"});
  absurd.mtime = 9'000'000'000'000'000;
  RTC_ASSERT(!taker.take(plain, "hello"));
  RTC_ASSERT(!taker.take(runs, "hello"));
  RTC_ASSERT(!taker.take(absurd, "hello"));
  RTC_ASSERT_EQ(modeOf(place.at("plain")), 0644u);
  RTC_ASSERT_EQ(modeOf(place.at("runs")), 0755u);
  struct stat found {};
  ::stat(place.at("plain").c_str(), &found);
  RTC_ASSERT_EQ(found.st_mtim.tv_sec, 1'700'000'000);
  ::stat(place.at("absurd").c_str(), &found);
  RTC_ASSERT(found.st_mtim.tv_sec <= ::time(nullptr));
}

RTC_TEST(names_that_are_one_name_elsewhere_are_refused_together) {
  Place place;
  Taker taker(place);
  RTC_ASSERT(taker.refusal(offerOf({entry({"README"}), entry({"readme"})}), 1) == Code::NameUnsafe);
  RTC_ASSERT(taker.refusal(offerOf({entry({"\u00e9"}), entry({"e\u0301"})}), 1) == Code::NameUnsafe);
  RTC_ASSERT(taker.refusal(offerOf({entry({"p"}), entry({"p", "c"})}), 1) == Code::NameUnsafe);
  RTC_ASSERT(taker.refusal(offerOf({entry({"STRASSE"}), entry({"stra\u00dfe"})}), 1) == Code::NameUnsafe);
  auto odd = entry({"odd"});
  odd.kind = file::Entry::Kind::Unknown;
  RTC_ASSERT(taker.refusal(offerOf({odd})) == Code::Unsupported);
  RTC_ASSERT(taker.folder->plan(offerOf({entry({".ssh", "authorized_keys"})}), "alice").hidden);
}

RTC_TEST(more_than_the_disk_holds_is_refused_beforehand) {
  Place place;
  Taker taker(place);
  RTC_ASSERT(taker.refusal(offerOf({entry({"huge"}, std::uint64_t{1} << 52U)})) == Code::NoSpace);
}

RTC_TEST(an_unfinished_file_is_found_again_by_who_and_what) {
  Place place;
  const auto wanted = entry({"a"}, 3 * kBlock);
  const auto bytes = content(3 * kBlock);
  const auto part = [&](std::uint64_t block) {
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(block * kBlock);
    return file::Bytes(at, at + kBlock);
  };
  {
    Taker taker(place);
    RTC_ASSERT(!taker.refusal(offerOf({wanted})));
    RTC_ASSERT(!taker.store(0, 0, part(0)));
    RTC_ASSERT(!taker.store(0, 2, part(2)));
    taker.folder->abandon(0, true);
  }
  const auto claimed = [&](const file::Entry& asked, const std::string& peer) {
    Taker taker(place);
    const auto plan = taker.folder->plan(offerOf({asked}), peer);
    std::size_t right = 0;
    for (const auto& claim : plan.claims) right += claim.hash == sha256(part(claim.name.block));
    return right;
  };
  RTC_ASSERT_EQ(claimed(wanted, "alice"), 2u);
  RTC_ASSERT_EQ(claimed(wanted, "mallory"), 0u);
  auto newer = wanted;
  newer.mtime = 1'800'000'000'000;
  RTC_ASSERT_EQ(claimed(newer, "alice"), 0u);
  // Somebody changed it: its hash tells.
  const auto path = place.at(std::string(file::kPartialFolder)) + "/" + partName("alice", wanted);
  const int opened = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  RTC_ASSERT_EQ(::pwrite(opened, "x", 1, 7), 1);
  ::close(opened);
  RTC_ASSERT_EQ(claimed(wanted, "alice"), 1u);
  Taker taker(place);
  taker.folder->plan(offerOf({wanted}), "alice");
  taker.folder->abandon(0, false);
  taker.folder->close(false);
  RTC_ASSERT(!place.has(std::string(file::kPartialFolder)));
}

RTC_TEST(the_same_file_is_not_received_twice_at_once) {
  Place place;
  const auto wanted = entry({"a"});
  Taker first(place);
  Taker second(place);
  RTC_ASSERT(!first.refusal(offerOf({wanted})));
  RTC_ASSERT(!first.store(0, 0, file::Bytes(5)));
  RTC_ASSERT(!second.refusal(offerOf({wanted})));
  RTC_ASSERT(second.store(0, 0, file::Bytes(5)) == Code::Busy);
}

RTC_TEST(files_of_an_offer_that_arrived_before_are_not_refused_when_it_goes_on) {
  Place place;
  const auto offer = offerOf({entry({"a"}), entry({"b"})});
  {
    Taker taker(place);
    RTC_ASSERT(!taker.refusal(offer));
    RTC_ASSERT(!taker.store(0, 0, {'h', 'e', 'l', 'l', 'o'}));
    RTC_ASSERT(!taker.finish(0, 5));
    RTC_ASSERT(!taker.store(1, 0, file::Bytes(5)));
    taker.folder->abandon(1, true);
  }
  Taker taker(place);
  const auto plan = taker.folder->plan(offer, "alice");
  RTC_ASSERT(plan.refused.empty());
  RTC_ASSERT_EQ(plan.claims.size(), 2u);
  // It has changed: then it is somebody's own, and stays.
  RTC_ASSERT(taker.store(0, 0, {'o', 't', 'h', 'e', 'r'}) == Code::Exists);
  RTC_ASSERT_EQ(place.read("a"), "hello");
  // Another offer does not get at it.
  Taker other(place);
  RTC_ASSERT(other.refusal(offerOf({entry({"a"})})) == Code::Exists);
}

RTC_TEST(a_location_takes_one_file_under_its_own_name) {
  Place place;
  ::mkdir(place.at("there").c_str(), 0700);
  Taker taker(place);
  taker.folder->renameTo("mine");
  RTC_ASSERT(!taker.take(entry({"d", "..evil"}), "hello"));
  RTC_ASSERT_EQ(place.read("mine"), "hello");
  RTC_ASSERT(taker.refusal(offerOf({entry({"a"}), entry({"b"})})) == Code::Unsupported);
  taker.folder->renameTo("there");
  RTC_ASSERT(taker.take(entry({"x"}), "hello") == Code::Exists);
}

RTC_TEST(a_source_that_changes_is_found_out) {
  Place place;
  place.write("a", std::string(100, 'x'));
  place.write("b", "b");
  ::mkdir(place.at("empty").c_str(), 0700);
  ::symlink("a", place.at("link").c_str());
  auto opened = SourceFiles::open({place.in + "/"});
  RTC_ASSERT(opened.ok());
  auto& files = *opened.value();
  RTC_ASSERT_EQ(files.offer().entries.size(), 3u);
  RTC_ASSERT_EQ(file::shown(files.offer().entries[0].path), "in/a");
  RTC_ASSERT(files.offer().entries[2].kind == file::Entry::Kind::Folder);
  RTC_ASSERT_EQ(files.leftOut().size(), 1u);
  const auto read = [&](file::FileId id, std::uint32_t length) {
    std::optional<Code> fault;
    files.read({{id, 0}, length}, [&](const BlockSource::Block& block) {
      if (block.fault) fault = block.fault->code;
    });
    return fault;
  };
  RTC_ASSERT(!read(0, 100));
  place.write("a", std::string(100, 'y'));
  RTC_ASSERT(read(0, 100) == Code::SourceChanged);
  ::unlink(place.at("b").c_str());
  RTC_ASSERT(read(1, 1) == Code::SourceChanged);
  RTC_ASSERT(!SourceFiles::open({place.at("nothing")}).ok());
}
