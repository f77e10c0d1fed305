// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/root_folder.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

namespace rtc {

using core::file::Path;

namespace {

constexpr int kFolder = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
/// What a new folder may be at most; the process's mask takes from that.
constexpr mode_t kFolderMode = 0755;

std::string joined(const Path& path) {
  std::string text;
  for (const auto& part : path) text += (text.empty() ? "" : "/") + part;
  return text;
}

}  // namespace

std::string systemSays() {
  char text[128];
  return ::strerror_r(errno, text, sizeof text);
}

Result<RootFolder> RootFolder::open(const std::string& path) {
  // The user's own word: here links are followed.
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) {
    return Error{"The folder " + path + " cannot be opened (" + systemSays() + "). Make it, or name another one."};
  }
  if (::faccessat(folder.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
    return Error{"Files cannot be received into " + path + " (" + systemSays() +
                 "). Name a folder that you may write to."};
  }
  return RootFolder(std::move(folder), path);
}

Descriptor RootFolder::openBeneath(const Path& path, int flags, mode_t mode) const {
  if (!by_hand_) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | O_NOFOLLOW);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const auto text = path.empty() ? std::string(".") : joined(path);
    const auto opened = ::syscall(SYS_openat2, folder_.get(), text.c_str(), &how, sizeof how);
    if (opened >= 0) return Descriptor(static_cast<int>(opened));
    // Before Linux 5.6, or in a container that does not know it.
    if (errno != ENOSYS && errno != EPERM) return Descriptor();
  }
  return walk(path, flags, mode);
}

Descriptor RootFolder::walk(const Path& path, int flags, mode_t mode) const {
  Descriptor at(::openat(folder_.get(), ".", kFolder));
  for (std::size_t i = 0; at && i < path.size(); ++i) {
    if (path[i] == ".." || path[i] == "." || path[i].find('/') != std::string::npos) {
      errno = EXDEV;
      return Descriptor();
    }
    const bool last = i + 1 == path.size();
    at = Descriptor(::openat(at.get(), path[i].c_str(), last ? flags | O_NOFOLLOW | O_CLOEXEC : kFolder, mode));
  }
  return at;
}

Descriptor RootFolder::parentOf(const Path& path, bool make) const {
  Path folder;
  Descriptor at = openBeneath(folder, O_PATH | O_DIRECTORY);
  for (std::size_t i = 0; at && i + 1 < path.size(); ++i) {
    folder.push_back(path[i]);
    auto next = openBeneath(folder, O_PATH | O_DIRECTORY);
    if (!next && errno == ENOENT && make) {
      if (::mkdirat(at.get(), path[i].c_str(), kFolderMode) != 0 && errno != EEXIST) return Descriptor();
      next = openBeneath(folder, O_PATH | O_DIRECTORY);
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace rtc
