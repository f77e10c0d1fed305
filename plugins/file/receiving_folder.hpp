// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Received files in a folder. A file is written under a name of no meaning, and gets its own only when it is whole: it
// replaces nothing unless told to, and a transfer that fails leaves what was there as it was.
#pragma once

#include <list>
#include <memory>
#include <set>

#include "plugins/file/block_store.hpp"
#include "plugins/file/part_file.hpp"
#include "plugins/file/root_folder.hpp"

namespace rtc {

/// What to do with a file whose name is taken.
enum class Conflict { Fail, Rename, Overwrite };

class ReceivingFolder final : public BlockStore {
 public:
  ReceivingFolder(RootFolder root, Conflict conflict);
  ~ReceivingFolder() override;

  /// The one file that is received gets this name, whatever its sender calls it.
  void renameTo(const std::string& name) { only_name_ = name; }

  Plan plan(const core::file::Offer& offer, const std::string& peer) override;
  void store(core::file::Receiver::Store block, std::function<void(core::file::Receiver::BlockOver)> done) override;
  void finish(core::file::FileId file, std::uint64_t size,
              std::function<void(core::file::Receiver::FileFinished)> done) override;
  void abandon(core::file::FileId file, bool keep) override;
  void settle() override;
  void close(bool complete) override;

  /// Where the file is, once it is finished; below the folder.
  core::file::Path placeOf(core::file::FileId file) const;

 private:
  struct Target {
    core::file::Entry entry;
    std::string part;
    bool there = false;  ///< received by an earlier run of this very offer
  };
  struct Finished {
    core::file::FileId file = 0;
    std::uint64_t size = 0;
    std::function<void(core::file::Receiver::FileFinished)> done;
  };
  struct Open {
    core::file::FileId file = 0;
    PartFile part;
  };

  std::optional<core::file::Fault> refusal(core::file::FileId id, core::file::Collisions& names);
  std::optional<core::file::Fault> openPartials();
  std::optional<core::file::Fault> checkRoom(const core::file::Offer& offer, const Plan& plan) const;
  void claim(core::file::FileId id, std::uint32_t block, Plan& plan);
  Result<PartFile*, core::file::Fault> partOf(core::file::FileId id);
  void shut(core::file::FileId id);
  /// Its content is on the disk then.
  std::optional<core::file::Fault> sync(core::file::FileId file);
  std::optional<core::file::Fault> place(const Finished& finished);
  std::optional<core::file::Fault> giveName(int parent, Target& target);
  bool isThere(const Target& target, int& file) const;
  void readLog(const std::string& name);
  void note(core::file::FileId id);
  void sweep();

  const RootFolder root_;
  const Conflict conflict_;
  std::string only_name_;
  Descriptor partials_;
  Descriptor log_;
  std::string log_name_;
  std::set<core::file::FileId> logged_;
  std::map<core::file::FileId, Target> targets_;
  std::list<Open> open_;  ///< the most recent first
  std::vector<Finished> finished_;
};

}  // namespace rtc
