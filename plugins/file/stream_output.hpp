// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One received file on its way into a pipeline: blocks are put in order, and count as stored once they are handed on.
// So a pipeline that waits holds the sender.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "plugins/file/block_store.hpp"

namespace rtc {

/// Thread-safe.
class StreamOutput final : public BlockStore {
 public:
  Plan plan(const core::file::Offer& offer, const std::string& peer) override;
  void store(core::file::Receiver::Store block, std::function<void(core::file::Receiver::BlockOver)> done) override;
  void finish(core::file::FileId file, std::uint64_t size,
              std::function<void(core::file::Receiver::FileFinished)> done) override;
  void abandon(core::file::FileId file, bool keep) override;

  // The pipeline's side.
  /// The next bytes in their order; waits. Nothing once `stop` was called, or the file is over.
  std::optional<core::file::Bytes> next();
  /// What `next` gave has been taken.
  void taken();
  /// Lets who waits in `next` go. `taken` may follow.
  void stop();
  void start();

 private:
  struct Held {
    core::file::Bytes bytes;
    core::file::Hash hash{};
    std::function<void(core::file::Receiver::BlockOver)> done;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Held> held_;
  std::uint64_t next_ = 0;
  std::optional<Held> given_;
  bool stopped_ = false;
};

}  // namespace rtc
