// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files and folders of the user's that are sent, and the watch that they stay what they were when they were offered.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/file/block_store.hpp"
#include "plugins/file/descriptor.hpp"

namespace rtc {

class SourceFiles final : public BlockSource {
 public:
  /// Files and whole folders. A link that is named is followed; one that is met in a folder is left out, as is all that
  /// is neither file nor folder.
  static Result<std::unique_ptr<SourceFiles>> open(const std::vector<std::string>& paths);

  /// With a random id.
  const core::file::Offer& offer() const { return offer_; }
  /// What was left out.
  const std::vector<std::string>& leftOut() const { return left_out_; }
  void read(const core::file::Sender::Read& wanted, std::function<void(Block)> done) override;

 private:
  struct Source {
    std::string path;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
  };
  struct Open {
    core::file::FileId file = 0;
    Descriptor descriptor;
  };

  std::optional<Error> add(const std::string& path, const core::file::Path& name, bool named, unsigned depth);
  std::optional<Error> addFolder(const std::string& path, const core::file::Path& name, unsigned depth);
  Result<int, core::file::Fault> descriptorOf(core::file::FileId id);
  bool unchanged(core::file::FileId id, int file) const;

  core::file::Offer offer_;
  std::vector<Source> sources_;
  std::vector<std::string> left_out_;
  std::list<Open> open_;
};

/// A random one.
core::file::TransferId newTransferId();

}  // namespace rtc
