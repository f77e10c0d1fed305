// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a pipeline gives, cut into blocks as they are asked for. It holds the pipeline while two blocks wait.
#pragma once

#include <condition_variable>
#include <mutex>

#include "plugins/file/block_store.hpp"

namespace rtc {

/// Thread-safe.
class StreamInput final : public BlockSource {
 public:
  explicit StreamInput(std::uint32_t block) : block_(block) {}

  void read(const core::file::Sender::Read& wanted, std::function<void(Block)> done) override;

  // The pipeline's side.
  /// Waits for room; false once `stop` was called.
  bool push(core::file::View bytes);
  void end();
  void stop();

 private:
  void answer(std::unique_lock<std::mutex> hold);

  const std::uint32_t block_;
  std::mutex mutex_;
  std::condition_variable changed_;
  core::file::Bytes bytes_;
  std::function<void(Block)> asked_;
  bool ended_ = false;
  bool stopped_ = false;
};

}  // namespace rtc
