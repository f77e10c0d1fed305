// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/stream_output.hpp"

#include "plugins/file/sha256.hpp"

namespace rtc {

using core::file::Code;
using core::file::Entry;
using core::file::Receiver;

BlockStore::Plan StreamOutput::plan(const core::file::Offer& offer, const std::string&) {
  Plan plan;
  if (offer.entries.size() != 1 || offer.entries[0].kind != Entry::Kind::File) {
    plan.refused_whole = {Code::Unsupported, "a pipeline takes one file. For more, receive into a folder"};
  }
  const std::lock_guard hold(mutex_);
  // A stream cannot begin again, nor go on as another one.
  if (next_ > 0 || given_) plan.refused_whole = {Code::Busy, "the pipeline has another file already"};
  return plan;
}

void StreamOutput::store(Receiver::Store block, std::function<void(Receiver::BlockOver)> done) {
  const auto hash = sha256(block.bytes);
  if (hash != block.hash) {
    done({block.name, Receiver::Outcome::Damaged, hash, {}});
    return;
  }
  const std::lock_guard hold(mutex_);
  if (block.name.block < next_) return;
  held_[block.name.block] = {std::move(block.bytes), hash, std::move(done)};
  changed_.notify_all();
}

void StreamOutput::finish(core::file::FileId file, std::uint64_t, std::function<void(Receiver::FileFinished)> done) {
  done({file, std::nullopt});
}

void StreamOutput::abandon(core::file::FileId, bool) {
  const std::lock_guard hold(mutex_);
  held_.clear();
}

std::optional<core::file::Bytes> StreamOutput::next() {
  std::unique_lock wait(mutex_);
  changed_.wait(wait, [this] { return stopped_ || held_.count(next_) != 0; });
  if (stopped_) return std::nullopt;
  auto node = held_.extract(next_);
  auto bytes = std::move(node.mapped().bytes);
  given_ = std::move(node.mapped());
  return bytes;
}

void StreamOutput::taken() {
  std::function<void()> tell;
  {
    const std::lock_guard hold(mutex_);
    if (!given_) return;
    tell = [done = std::move(given_->done),
            over = Receiver::BlockOver{{0, next_}, Receiver::Outcome::Stored, given_->hash, {}}] { done(over); };
    given_.reset();
    ++next_;
  }
  tell();
}

void StreamOutput::stop() {
  const std::lock_guard hold(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void StreamOutput::start() {
  const std::lock_guard hold(mutex_);
  stopped_ = false;
}

}  // namespace rtc
