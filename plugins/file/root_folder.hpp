// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A folder below which everything stays: it is opened once, and all else is reached from its descriptor, without
// following a symbolic link and without leaving it, whatever others do to the tree meanwhile.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "plugins/core/file/path_rules.hpp"
#include "plugins/file/descriptor.hpp"

namespace rtc {

class RootFolder {
 public:
  /// Fails, with a sentence, if it is none or may not be written to.
  static Result<RootFolder> open(const std::string& path);

  int descriptor() const { return folder_.get(); }
  const std::string& path() const { return path_; }

  /// `openat2(2)` with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, or the same by hand where the kernel has none. -1 and
  /// errno on failure.
  Descriptor openBeneath(const core::file::Path& path, int flags, mode_t mode = 0) const;
  /// The folder that holds the path's last part; missing ones are made if `make`.
  Descriptor parentOf(const core::file::Path& path, bool make) const;

  /// For tests: do without openat2.
  void goByHand() { by_hand_ = true; }

 private:
  RootFolder(Descriptor folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}
  Descriptor walk(const core::file::Path& path, int flags, mode_t mode) const;

  Descriptor folder_;
  std::string path_;
  bool by_hand_ = false;
};

/// A sentence of the system's for errno.
std::string systemSays();

}  // namespace rtc
