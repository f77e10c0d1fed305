// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/stream_input.hpp"

#include <algorithm>
#include <utility>

#include "plugins/file/sha256.hpp"

namespace rtc {

void StreamInput::read(const core::file::Sender::Read&, std::function<void(Block)> done) {
  std::unique_lock hold(mutex_);
  asked_ = std::move(done);
  answer(std::move(hold));
}

bool StreamInput::push(core::file::View bytes) {
  while (!bytes.empty()) {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [this] { return stopped_ || bytes_.size() < std::size_t{2} * block_; });
    if (stopped_) return false;
    const auto size = std::min<std::size_t>(bytes.size(), std::size_t{2} * block_ - bytes_.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes = bytes.subspan(size);
    answer(std::move(hold));
  }
  return true;
}

void StreamInput::end() {
  std::unique_lock hold(mutex_);
  ended_ = true;
  answer(std::move(hold));
}

void StreamInput::stop() {
  const std::lock_guard hold(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void StreamInput::answer(std::unique_lock<std::mutex> hold) {
  if (!asked_ || (!ended_ && bytes_.size() < block_)) return;
  const auto size = std::min<std::size_t>(block_, bytes_.size());
  const auto middle = bytes_.begin() + static_cast<std::ptrdiff_t>(size);
  auto bytes = std::make_shared<core::file::Bytes>(bytes_.begin(), middle);
  bytes_.erase(bytes_.begin(), middle);
  Block block;
  block.last = ended_ && bytes_.empty();
  const auto done = std::exchange(asked_, nullptr);
  changed_.notify_all();
  hold.unlock();
  block.hash = sha256(*bytes);
  block.bytes = std::move(bytes);
  done(std::move(block));
}

}  // namespace rtc
