// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/source_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "plugins/file/root_folder.hpp"
#include "plugins/file/sha256.hpp"

namespace rtc {

using core::file::Code;
using core::file::Entry;
using core::file::Fault;
using core::file::FileId;
using core::file::Path;

namespace {

constexpr std::size_t kMostOpen = 16;
constexpr unsigned kDeepest = 60;
constexpr std::size_t kMostEntries = 100'000;

std::string lastPart(const std::string& path) {
  // Of `folder/` and `.` too.
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  const std::string text =
      path.find_last_not_of('/') != std::string::npos ? path.substr(0, path.find_last_not_of('/') + 1) : path;
  auto name = text.substr(text.rfind('/') == std::string::npos ? 0 : text.rfind('/') + 1);
  if ((name == "." || name == ".." || name.empty()) && real) {
    const std::string whole = real.get();
    name = whole.substr(whole.rfind('/') + 1);
  }
  return name;
}

std::vector<std::string> namesIn(const std::string& folder) {
  std::vector<std::string> names;
  auto* listing = ::opendir(folder.c_str());
  if (listing == nullptr) return names;
  while (const auto* found = ::readdir(listing)) {
    const std::string name = found->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

core::file::TransferId newTransferId() {
  core::file::TransferId id{};
  if (::getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) std::abort();
  return id;
}

Result<std::unique_ptr<SourceFiles>> SourceFiles::open(const std::vector<std::string>& paths) {
  auto files = std::make_unique<SourceFiles>();
  for (const auto& path : paths) {
    if (auto error = files->add(path, {lastPart(path)}, true, 0)) return *error;
  }
  auto& offer = files->offer_;
  if (offer.entries.empty()) return Error{"There is nothing to send."};
  std::uint64_t largest = 0;
  for (const auto& entry : offer.entries) largest = std::max(largest, entry.size.value_or(0));
  offer.id = newTransferId();
  offer.block = core::file::blockFor(largest);
  if (largest / offer.block >= core::file::kMostBlocks) return Error{"A file is larger than 4 TiB, which is too much."};
  return files;
}

std::optional<Error> SourceFiles::add(const std::string& path, const Path& name, bool named, unsigned depth) {
  struct stat found {};
  if ((named ? ::stat(path.c_str(), &found) : ::lstat(path.c_str(), &found)) != 0) {
    if (!named) return std::nullopt;  // gone since the folder was listed
    return Error{path + " cannot be sent: " + systemSays() + "."};
  }
  if (S_ISDIR(found.st_mode)) return addFolder(path, name, depth);
  const auto problem = core::file::problemWith(name);
  if (!S_ISREG(found.st_mode) || !problem.empty()) {
    const auto why = problem.empty() ? "it is neither a file nor a folder" : problem;
    if (named) return Error{path + " cannot be sent: " + why + "."};
    left_out_.push_back(core::file::shown(path) + ": " + why);
    return std::nullopt;
  }
  if (::access(path.c_str(), R_OK) != 0) return Error{path + " cannot be read: " + systemSays() + "."};
  if (offer_.entries.size() >= kMostEntries)
    return Error{"There are more than 100000 files. Pack them, and send the archive."};
  Entry entry;
  entry.path = name;
  entry.size = static_cast<std::uint64_t>(found.st_size);
  entry.mtime = std::int64_t{found.st_mtim.tv_sec} * 1'000 + found.st_mtim.tv_nsec / 1'000'000;
  if (*entry.mtime < 0) entry.mtime.reset();
  entry.executable = (found.st_mode & S_IXUSR) != 0;
  offer_.entries.push_back(std::move(entry));
  sources_.push_back({path, found.st_dev, found.st_ino, static_cast<std::uint64_t>(found.st_size), found.st_mtim.tv_sec,
                      found.st_mtim.tv_nsec});
  return std::nullopt;
}

std::optional<Error> SourceFiles::addFolder(const std::string& path, const Path& name, unsigned depth) {
  if (depth > kDeepest) return Error{path + " cannot be sent: the folders are too deep."};
  if (const auto problem = core::file::problemWith(name); !problem.empty()) {
    if (depth == 0) return Error{path + " cannot be sent: " + problem + "."};
    left_out_.push_back(core::file::shown(path) + ": " + problem);
    return std::nullopt;
  }
  const auto before = offer_.entries.size();
  for (const auto& each : namesIn(path)) {
    if (depth == 0 && each == core::file::kPartialFolder) continue;
    auto below = name;
    below.push_back(each);
    if (auto error = add(path + "/" + each, below, false, depth + 1)) return error;
  }
  if (offer_.entries.size() != before) return std::nullopt;
  Entry entry;
  entry.kind = Entry::Kind::Folder;
  entry.path = name;
  offer_.entries.push_back(std::move(entry));
  sources_.push_back({path});
  return std::nullopt;
}

void SourceFiles::read(const core::file::Sender::Read& wanted, std::function<void(Block)> done) {
  Block block;
  const auto id = wanted.name.file;
  const auto file = descriptorOf(id);
  if (!file) {
    block.fault = file.error();
    done(std::move(block));
    return;
  }
  auto bytes = std::make_shared<core::file::Bytes>(wanted.length);
  std::size_t at = 0;
  const auto offset = wanted.name.block * offer_.block;
  while (at < bytes->size()) {
    const auto got = ::pread(file.value(), bytes->data() + at, bytes->size() - at, static_cast<off_t>(offset + at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) block.fault = Fault{Code::Io, sources_[id].path + " cannot be read: " + systemSays()};
    if (got <= 0) break;
    at += static_cast<std::size_t>(got);
  }
  if (!block.fault && (at < bytes->size() || !unchanged(id, file.value()))) {
    block.fault = Fault{Code::SourceChanged, sources_[id].path + " changed while it was sent"};
  }
  if (!block.fault) block.hash = sha256(*bytes);
  block.bytes = std::move(bytes);
  done(std::move(block));
}

Result<int, Fault> SourceFiles::descriptorOf(FileId id) {
  const auto found = std::find_if(open_.begin(), open_.end(), [id](const Open& each) { return each.file == id; });
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
    return open_.front().descriptor.get();
  }
  Descriptor file(::open(sources_[id].path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return Fault{Code::SourceChanged, sources_[id].path + " is gone"};
  if (!file) return Fault{Code::Io, sources_[id].path + " cannot be read: " + systemSays()};
  if (!unchanged(id, file.get())) {
    return Fault{Code::SourceChanged, sources_[id].path + " changed since it was offered"};
  }
  open_.push_front({id, std::move(file)});
  if (open_.size() > kMostOpen) open_.pop_back();
  return open_.front().descriptor.get();
}

bool SourceFiles::unchanged(FileId id, int file) const {
  struct stat now {};
  const auto& then = sources_[id];
  // That the name still leads here does not matter: what was offered is this file.
  return ::fstat(file, &now) == 0 && now.st_dev == then.device && now.st_ino == then.inode &&
         static_cast<std::uint64_t>(now.st_size) == then.size && now.st_mtim.tv_sec == then.seconds &&
         now.st_mtim.tv_nsec == then.nanoseconds;
}

}  // namespace rtc
