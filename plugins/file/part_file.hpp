// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A file that is not whole yet. It lies in the folder for such files under a name made from what it will be, so that it
// is found again after an interruption; what is in it is trusted only as far as its hashes go.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/receiver.hpp"
#include "plugins/file/descriptor.hpp"

namespace rtc {

/// The name of the unfinished file of this entry, from this peer.
std::string partName(const std::string& peer, const core::file::Entry& entry);

class PartFile {
 public:
  /// In `folder`. Whatever lies there under the name and is no plain file of ours is taken away.
  static Result<PartFile, core::file::Fault> open(int folder, const std::string& name, bool executable);

  int descriptor() const { return file_.get(); }
  /// Takes room for so many bytes, if the file system can.
  std::optional<core::file::Fault> reserve(std::uint64_t size);
  std::optional<core::file::Fault> write(core::file::View bytes, std::uint64_t offset);
  /// Calls `found(block, hash)` for each block that is in it, holes left out.
  void hash(std::uint64_t size, std::uint32_t block,
            const std::function<void(std::uint64_t, const core::file::Hash&)>& found) const;

 private:
  explicit PartFile(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
  std::uint64_t unsynced_ = 0;
};

/// `hash` for any open file.
void hashBlocks(int file, std::uint64_t size, std::uint32_t block,
                const std::function<void(std::uint64_t, const core::file::Hash&)>& found);

/// errno as a fault: no room is told apart.
core::file::Fault diskFault(const std::string& what);

}  // namespace rtc
