// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "plugins/file/root_folder.hpp"
#include "plugins/file/sha256.hpp"

namespace rtc {

using core::file::Code;
using core::file::Fault;

namespace {

/// After so much the kernel begins to write it: else all of a large file waits for its end, where the sender waits too.
constexpr std::uint64_t kWriteBack = 8 << 20;

/// Ours alone until it has its name.
bool isOurs(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 && found.st_uid == ::geteuid();
}

}  // namespace

Fault diskFault(const std::string& what) {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return {full ? Code::NoSpace : Code::Io, what + ": " + systemSays()};
}

std::string partName(const std::string& peer, const core::file::Entry& entry) {
  std::string text = peer;
  for (const auto& part : entry.path) text += '\0' + part;
  text += '\0' + std::to_string(entry.size.value_or(0)) + '\0' + std::to_string(entry.mtime.value_or(0));
  const auto hash = sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return core::file::hex(core::file::View(hash).first(16)) + (entry.stream() ? ".stream" : ".part");
}

Result<PartFile, Fault> PartFile::open(int folder, const std::string& name, bool executable) {
  const mode_t mode = executable ? 0755 : 0644;
  constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Descriptor file(::openat(folder, name.c_str(), kFlags));
  if (file ? !isOurs(file.get()) : errno != ENOENT) {
    file.close();
    if (::unlinkat(folder, name.c_str(), 0) != 0) return diskFault("An unfinished file is in the way");
  }
  if (!file) file = Descriptor(::openat(folder, name.c_str(), kFlags | O_CREAT | O_EXCL, mode));
  if (!file) return diskFault("A file cannot be made");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return Fault{Code::Busy, "the same file is being received already"};
  }
  return PartFile(std::move(file));
}

std::optional<Fault> PartFile::reserve(std::uint64_t size) {
  if (size == 0) return std::nullopt;
  if (::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) == 0) return std::nullopt;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) return diskFault("There is no room for the file");
  return std::nullopt;  // the file system cannot; writing will tell
}

std::optional<Fault> PartFile::write(core::file::View bytes, std::uint64_t offset) {
  unsynced_ += bytes.size();
  while (!bytes.empty()) {
    const auto written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return diskFault("The file cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  if (unsynced_ >= kWriteBack) {
    unsynced_ = 0;
    ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  }
  return std::nullopt;
}

void PartFile::hash(std::uint64_t size, std::uint32_t block,
                    const std::function<void(std::uint64_t, const core::file::Hash&)>& found) const {
  hashBlocks(file_.get(), size, block, found);
}

void hashBlocks(int file, std::uint64_t size, std::uint32_t block,
                const std::function<void(std::uint64_t, const core::file::Hash&)>& found) {
  struct stat state {};
  if (::fstat(file, &state) != 0) return;
  const auto end = std::min(size, static_cast<std::uint64_t>(state.st_size));
  core::file::Bytes bytes(block);
  std::uint64_t at = 0;
  while (at < end) {
    const auto data = ::lseek(file, static_cast<off_t>(at), SEEK_DATA);
    if (data < 0 && errno == ENXIO) return;
    // Back to the beginning of the block that the data lie in.
    if (data >= 0) at = std::max(at, static_cast<std::uint64_t>(data) / block * block);
    const auto length = std::min<std::uint64_t>(block, size - at);
    if (at + length > end) return;
    if (::pread(file, bytes.data(), length, static_cast<off_t>(at)) != static_cast<ssize_t>(length)) return;
    found(at / block, sha256(core::file::View(bytes).first(length)));
    at += length;
  }
}

}  // namespace rtc
