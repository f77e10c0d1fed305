// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where received blocks go: a folder, or a pipeline. And where sent ones come from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plugins/core/file/receiver.hpp"
#include "plugins/core/file/sender.hpp"

namespace rtc {

/// Bound to a thread of its own, on which it may wait.
class BlockStore {
 public:
  /// What becomes of an offer, before anybody accepts it.
  struct Plan {
    std::map<core::file::FileId, core::file::Fault> refused;  ///< these files cannot be taken
    std::vector<core::file::Receiver::Claim> claims;          ///< these blocks are there
    std::uint64_t there = 0;                                  ///< bytes of the claims
    std::optional<core::file::Fault> refused_whole;
    bool hidden = false;  ///< a name in it is a hidden one
  };

  virtual ~BlockStore() = default;
  virtual Plan plan(const core::file::Offer& offer, const std::string& peer) = 0;
  /// Checks the block's hash, and stores it. `done` is told, on any thread, once or never.
  virtual void store(core::file::Receiver::Store block, std::function<void(core::file::Receiver::BlockOver)> done) = 0;
  virtual void finish(core::file::FileId file, std::uint64_t size,
                      std::function<void(core::file::Receiver::FileFinished)> done) = 0;
  virtual void abandon(core::file::FileId file, bool keep) = 0;
  /// Nothing waits to be done just now: whatever was put off is due.
  virtual void settle() {}
  /// The transfer is over; `complete`: and all that was accepted is there.
  virtual void close(bool complete) { static_cast<void>(complete); }
};

/// Likewise.
class BlockSource {
 public:
  struct Block {
    core::file::SharedBytes bytes;
    core::file::Hash hash{};
    bool last = false;
    std::optional<core::file::Fault> fault;
  };
  virtual ~BlockSource() = default;
  /// `done` is told, on any thread, once or never.
  virtual void read(const core::file::Sender::Read& wanted, std::function<void(Block)> done) = 0;
};

}  // namespace rtc
