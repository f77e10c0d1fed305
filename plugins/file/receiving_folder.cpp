// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/receiving_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/ptr.hpp"
#include "plugins/file/sha256.hpp"

namespace rtc {

using core::file::Code;
using core::file::Entry;
using core::file::Fault;
using core::file::FileId;
using core::file::Path;
using core::file::Receiver;

namespace {

constexpr std::size_t kMostOpen = 32;
/// So many files are brought to the disk with one word to the kernel.
constexpr std::size_t kMostFinished = 256;
constexpr std::uint64_t kWorthReserving = 1 << 20;
/// What is left on the disk for others.
constexpr std::uint64_t kSpare = 16 << 20;
constexpr int kMostNumbers = 1'000;

std::string folded(std::string_view name) {
  const auto whole = adopt(g_utf8_normalize(name.data(), static_cast<gssize>(name.size()), G_NORMALIZE_ALL));
  if (!whole) return std::string(name);
  const auto lower = adopt(g_utf8_casefold(whole.get(), -1));
  return adopt(g_utf8_normalize(lower.get(), -1, G_NORMALIZE_ALL)).get();
}

std::string numbered(const std::string& name, int number) {
  const auto dot = name.rfind('.');
  const bool has_ending = dot != std::string::npos && dot != 0;
  const auto stem = has_ending ? name.substr(0, dot) : name;
  return stem + " (" + std::to_string(number) + ")" + (has_ending ? name.substr(dot) : "");
}

std::string keyOf(const core::file::Offer& offer, const std::string& peer) {
  std::string text = peer;
  for (const auto& entry : offer.entries) text += partName(peer, entry);
  const auto hash = sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return core::file::hex(core::file::View(hash).first(16)) + ".whole";
}

timespec modificationTime(const Entry& entry) {
  constexpr std::int64_t kDay = 24 * 60 * 60;
  timespec time{0, UTIME_NOW};
  if (!entry.mtime) return time;
  const auto seconds = *entry.mtime / 1'000;
  if (seconds < 0 || seconds > ::time(nullptr) + kDay) return time;  // absurd
  return {static_cast<time_t>(seconds), static_cast<long>(*entry.mtime % 1'000) * 1'000'000};
}

std::int64_t millisecondsOf(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000 + time.tv_nsec / 1'000'000;
}

bool isGone(int folder) {
  struct stat found {};
  return ::fstat(folder, &found) == 0 && found.st_nlink == 0;
}

}  // namespace

ReceivingFolder::ReceivingFolder(RootFolder root, Conflict conflict) : root_(std::move(root)), conflict_(conflict) {}

ReceivingFolder::~ReceivingFolder() {
  close(false);
}

BlockStore::Plan ReceivingFolder::plan(const core::file::Offer& offer, const std::string& peer) {
  Plan plan;
  targets_.clear();
  open_.clear();
  if (!only_name_.empty() && (offer.entries.size() != 1 || offer.entries[0].kind != Entry::Kind::File)) {
    plan.refused_whole = {Code::Unsupported, "one file is expected here, and no folder"};
    return plan;
  }
  if (auto fault = openPartials()) {
    plan.refused_whole = std::move(fault);
    return plan;
  }
  readLog(keyOf(offer, peer));
  core::file::Collisions names(folded);
  for (FileId id = 0; id < offer.entries.size(); ++id) {
    auto& target = targets_[id];
    target.entry = offer.entries[id];
    if (!only_name_.empty()) target.entry.path = {only_name_};
    target.part = partName(peer, offer.entries[id]);
    plan.hidden = plan.hidden || core::file::isHidden(target.entry.path);
    if (auto fault = refusal(id, names)) {
      plan.refused.emplace(id, std::move(*fault));
    } else {
      claim(id, offer.block, plan);
    }
  }
  if (auto fault = checkRoom(offer, plan)) plan.refused_whole = std::move(fault);
  return plan;
}

std::optional<Fault> ReceivingFolder::refusal(FileId id, core::file::Collisions& names) {
  auto& target = targets_[id];
  const auto& entry = target.entry;
  if (entry.kind == Entry::Kind::Unknown) return Fault{Code::Unsupported, "it is neither a file nor a folder"};
  if (const auto problem = core::file::problemWith(entry.path); !problem.empty())
    return Fault{Code::NameUnsafe, problem};
  const bool folder = entry.kind == Entry::Kind::Folder;
  if (!names.add(entry.path, folder)) return Fault{Code::NameUnsafe, "another name in the offer is the same one"};
  const auto parent = root_.parentOf(entry.path, false);
  if (!parent) {
    if (errno == ENOENT) return std::nullopt;
    return Fault{Code::Exists, "what is to be its folder is none, or a link: " + core::file::shown(entry.path)};
  }
  struct stat found {};
  if (::fstatat(parent.get(), entry.path.back().c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (folder && S_ISDIR(found.st_mode)) return std::nullopt;
  if (!folder && S_ISREG(found.st_mode)) {
    target.there = logged_.count(id) != 0 && entry.size && static_cast<std::uint64_t>(found.st_size) == *entry.size &&
                   (!entry.mtime || millisecondsOf(found.st_mtim) == millisecondsOf(modificationTime(entry)));
    if (target.there || conflict_ == Conflict::Overwrite) return std::nullopt;
  }
  if (!folder && conflict_ == Conflict::Rename) return std::nullopt;
  return Fault{Code::Exists, core::file::shown(entry.path) + " exists already"};
}

void ReceivingFolder::claim(FileId id, std::uint32_t block, Plan& plan) {
  auto& target = targets_[id];
  const auto& entry = target.entry;
  if (entry.kind != Entry::Kind::File || !entry.size) return;
  const auto add = [&](std::uint64_t number, const core::file::Hash& hash) {
    plan.claims.push_back({{id, number}, hash});
    plan.there += std::min<std::uint64_t>(block, *entry.size - number * block);
  };
  if (target.there) {
    const auto file = root_.openBeneath(entry.path, O_RDONLY | O_NONBLOCK);
    if (file) hashBlocks(file.get(), *entry.size, block, add);
    return;
  }
  struct stat found {};
  if (::fstatat(partials_.get(), target.part.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (auto part = partOf(id)) part.value()->hash(*entry.size, block, add);
}

std::optional<Fault> ReceivingFolder::checkRoom(const core::file::Offer& offer, const Plan& plan) const {
  struct statvfs disk {};
  if (::fstatvfs(root_.descriptor(), &disk) != 0) return std::nullopt;
  std::uint64_t wanted = 0;
  for (FileId id = 0; id < offer.entries.size(); ++id) {
    if (plan.refused.count(id) == 0) wanted += offer.entries[id].size.value_or(0);
  }
  const auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (wanted <= plan.there || wanted - plan.there + kSpare <= free) return std::nullopt;
  return Fault{Code::NoSpace, "there is not enough room: " + std::to_string((wanted - plan.there) >> 20U) +
                                  " MiB are needed and " + std::to_string(free >> 20U) + " MiB are free"};
}

std::optional<Fault> ReceivingFolder::openPartials() {
  if (partials_) return std::nullopt;
  const std::string name(core::file::kPartialFolder);
  if (::mkdirat(root_.descriptor(), name.c_str(), 0700) != 0 && errno != EEXIST) {
    return diskFault("The folder for unfinished files cannot be made");
  }
  auto folder = root_.openBeneath({name}, O_RDONLY | O_DIRECTORY);
  struct stat found {};
  if (!folder || ::fstat(folder.get(), &found) != 0) return diskFault("The folder for unfinished files is none");
  if (found.st_uid != ::geteuid() || (found.st_mode & 022U) != 0) {
    return Fault{Code::Io,
                 "The folder " + name + " could be written to by others: remove it, or change its mode to 700"};
  }
  partials_ = std::move(folder);
  sweep();
  return std::nullopt;
}

void ReceivingFolder::sweep() {
  // A stream cannot go on in another process: what a killed one left is of no use.
  auto* listing = ::fdopendir(::openat(partials_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (listing == nullptr) return;
  while (const auto* found = ::readdir(listing)) {
    const std::string name = found->d_name;
    if (!name.ends_with(".stream")) continue;
    const Descriptor file(::openat(partials_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(partials_.get(), name.c_str(), 0);
  }
  ::closedir(listing);
}

Result<PartFile*, Fault> ReceivingFolder::partOf(FileId id) {
  const auto found = std::find_if(open_.begin(), open_.end(), [id](const Open& each) { return each.file == id; });
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
    return &open_.front().part;
  }
  const auto& target = targets_[id];
  const auto open = [&] { return PartFile::open(partials_.get(), target.part, target.entry.executable); };
  auto part = open();
  if (!part && isGone(partials_.get())) {
    // Another transfer of this folder has ended since, and took away what was empty.
    partials_.close();
    if (auto fault = openPartials()) return *fault;
    part = open();
  }
  if (!part) return part.error();
  if (target.entry.size.value_or(0) >= kWorthReserving) {
    if (auto fault = part.value().reserve(*target.entry.size)) return *fault;
  }
  open_.push_front({id, std::move(part).value()});
  if (open_.size() > kMostOpen) open_.pop_back();
  return &open_.front().part;
}

void ReceivingFolder::shut(FileId id) {
  open_.remove_if([id](const Open& each) { return each.file == id; });
}

void ReceivingFolder::store(Receiver::Store block, std::function<void(Receiver::BlockOver)> done) {
  Receiver::BlockOver over{block.name, Receiver::Outcome::Stored, sha256(block.bytes), {}};
  const auto fail = [&](Fault fault) {
    over.outcome = Receiver::Outcome::Failed;
    over.fault = std::move(fault);
  };
  const auto& target = targets_[block.name.file];
  if (over.hash != block.hash) {
    over.outcome = Receiver::Outcome::Damaged;
  } else if (target.there) {
    fail({Code::Exists, core::file::shown(target.entry.path) + " exists already, with other content"});
  } else if (auto part = partOf(block.name.file); !part) {
    fail(part.error());
  } else if (auto fault = part.value()->write(block.bytes, block.offset)) {
    fail(*fault);
  }
  done(std::move(over));
}

void ReceivingFolder::finish(FileId file, std::uint64_t size, std::function<void(Receiver::FileFinished)> done) {
  finished_.push_back({file, size, std::move(done)});
  if (finished_.size() >= kMostFinished) settle();
}

void ReceivingFolder::settle() {
  const auto finished = std::exchange(finished_, {});
  if (finished.empty()) return;
  // The content is on the disk before the name is; for many small files in one go.
  const bool all_at_once = finished.size() > 4;
  const bool synced = all_at_once && ::syncfs(root_.descriptor()) == 0;
  for (const auto& each : finished) {
    auto fault = synced ? std::nullopt : sync(each.file);
    each.done({each.file, fault ? std::move(fault) : place(each)});
  }
}

std::optional<Fault> ReceivingFolder::sync(FileId file) {
  const auto& target = targets_[file];
  if (target.entry.kind != Entry::Kind::File || target.there) return std::nullopt;
  auto part = partOf(file);
  if (!part) return part.error();
  if (::fdatasync(part.value()->descriptor()) == 0) return std::nullopt;
  return diskFault(core::file::shown(target.entry.path) + " cannot be written to the disk");
}

std::optional<Fault> ReceivingFolder::place(const Finished& finished) {
  auto& target = targets_[finished.file];
  if (target.there) return std::nullopt;
  // Whoever accepted it, and whatever was looked at before.
  if (const auto problem = core::file::problemWith(target.entry.path); !problem.empty()) {
    return Fault{Code::NameUnsafe, problem};
  }
  const auto parent = root_.parentOf(target.entry.path, true);
  if (!parent) return diskFault("The folder of " + core::file::shown(target.entry.path) + " cannot be made");
  if (target.entry.kind == Entry::Kind::Folder) {
    if (::mkdirat(parent.get(), target.entry.path.back().c_str(), 0755) == 0 || errno == EEXIST) return std::nullopt;
    return diskFault("The folder " + core::file::shown(target.entry.path) + " cannot be made");
  }
  auto part = partOf(finished.file);
  if (!part) return part.error();
  const int file = part.value()->descriptor();
  const timespec times[] = {{0, UTIME_NOW}, modificationTime(target.entry)};
  if (::ftruncate(file, static_cast<off_t>(finished.size)) != 0) return diskFault("The file cannot be finished");
  ::futimens(file, times);
  auto fault = giveName(parent.get(), target);
  shut(finished.file);
  if (!fault) note(finished.file);
  return fault;
}

std::optional<Fault> ReceivingFolder::giveName(int parent, Target& target) {
  const auto wanted = target.entry.path.back();
  auto& name = target.entry.path.back();
  const unsigned how = conflict_ == Conflict::Overwrite ? 0 : RENAME_NOREPLACE;
  for (int number = 1; number <= kMostNumbers; ++number) {
    if (::renameat2(partials_.get(), target.part.c_str(), parent, name.c_str(), how) == 0) return std::nullopt;
    if (errno == EINVAL || errno == ENOSYS) {
      // A file system without the flag. A link never replaces anything either.
      if (::linkat(partials_.get(), target.part.c_str(), parent, name.c_str(), 0) == 0) {
        ::unlinkat(partials_.get(), target.part.c_str(), 0);
        return std::nullopt;
      }
    }
    if (errno != EEXIST || conflict_ != Conflict::Rename) break;
    name = numbered(wanted, number);
  }
  if (errno == EEXIST) return Fault{Code::Exists, core::file::shown(target.entry.path) + " exists already"};
  return diskFault("The file cannot get its name");
}

void ReceivingFolder::abandon(FileId file, bool keep) {
  const auto found = targets_.find(file);
  if (found == targets_.end() || found->second.there) return;
  shut(file);
  std::erase_if(finished_, [file](const Finished& each) { return each.file == file; });
  if (!keep || found->second.entry.stream()) ::unlinkat(partials_.get(), found->second.part.c_str(), 0);
}

void ReceivingFolder::readLog(const std::string& name) {
  log_name_ = name;
  logged_.clear();
  log_ = Descriptor(::openat(partials_.get(), name.c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  std::uint8_t number[4];
  while (log_ && ::read(log_.get(), number, sizeof number) == sizeof number) {
    logged_.insert(core::file::readU32(number, 0));
  }
}

void ReceivingFolder::note(FileId id) {
  if (targets_.size() < 2) return;
  if (!log_) {
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    log_ = Descriptor(::openat(partials_.get(), log_name_.c_str(), kFlags, 0600));
  }
  core::file::Bytes number;
  core::file::appendU32(number, id);
  if (log_ && ::write(log_.get(), number.data(), number.size()) < 0) log_.close();
}

void ReceivingFolder::close(bool complete) {
  settle();
  open_.clear();
  log_.close();
  if (!partials_) return;
  for (const auto& [id, target] : targets_) {
    if (target.entry.stream()) ::unlinkat(partials_.get(), target.part.c_str(), 0);
  }
  if (complete && !log_name_.empty()) ::unlinkat(partials_.get(), log_name_.c_str(), 0);
  partials_.close();
  // It goes if nothing is left in it.
  ::unlinkat(root_.descriptor(), std::string(core::file::kPartialFolder).c_str(), AT_REMOVEDIR);
}

Path ReceivingFolder::placeOf(FileId file) const {
  const auto found = targets_.find(file);
  return found == targets_.end() ? Path{} : found->second.entry.path;
}

}  // namespace rtc
