// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The receiver's account: what is there, what may come, and what the sender is told of it.
#include <algorithm>

#include "plugins/core/file/receiver.hpp"
#include "plugins/core/file/root.hpp"

namespace rtc::core::file {

namespace {

/// More runs than this do not fit into one ACCEPT.
constexpr std::size_t kMostRuns = 500;
constexpr std::size_t kTellBlocks = 4;
/// However small they are: what a sender may be ahead.
constexpr std::uint64_t kMostBlocksAhead = 4'096;

}  // namespace

Receiver::File* Receiver::openFile(FileId id) {
  if (id >= files_.size() || !files_[id].accepted) {
    breach("data of a file that was not accepted");
    return nullptr;
  }
  // Given up, and the sender does not know it yet.
  if (files_[id].over || files_[id].finishing) return nullptr;
  return &files_[id];
}

std::uint32_t Receiver::lengthOf(FileId file, std::uint64_t block) const {
  return offer_.lengthOf(file, block);
}

void Receiver::account(LinkId id, Link& link, std::size_t bytes) {
  link.arrived += bytes;
  if (link.arrived - link.told >= std::max<std::uint64_t>(link.tell_after, kDataSize)) tellArrived(id, link);
}

void Receiver::tellArrived(LinkId id, Link& link) {
  link.told = link.arrived;
  send(id, encode(Arrived{link.arrived}));
}

void Receiver::answer(const std::vector<FileId>& files) {
  if (files.empty()) {
    handle(Declines{{Code::Declined, "declined"}});
    return;
  }
  Accept accept;
  for (const auto id : files) {
    if (!accept.files.empty() && accept.files.back().second + 1 == id) {
      accept.files.back().second = id;
    } else {
      accept.files.emplace_back(id, id);
    }
  }
  const bool scattered = accept.files.size() > kMostRuns;
  if (scattered) accept.files = {{0, static_cast<FileId>(files_.size() - 1)}};
  was_accepted_ = true;
  watermark_ = edge_ = {};
  between_ = 0;
  untold_.clear();
  moveHorizon();
  tellClaims();
  accept.horizon = told_horizon_ =
      edge_.file < files_.size() ? files_[edge_.file].first + edge_.block : files_.back().first + files_.back().blocks;
  send(*main_, encode(accept));
  become(State::Running);
  meter_.begin(stored_bytes_, clock_.now());
  for (FileId id = 0; scattered && id < files_.size(); ++id) {
    if (!files_[id].accepted) send(*main_, encode(FileFailed{id, {Code::Declined, "declined"}}));
  }
  if (paused_here_) send(*main_, encode(Pause{}));
}

void Receiver::acceptAgain() {
  become(State::Offered);
  std::vector<FileId> files;
  for (FileId id = 0; id < files_.size(); ++id) {
    auto& file = files_[id];
    if (!file.accepted) continue;
    // A file that failed stays so: the sender hears it again.
    files.push_back(id);
    if (file.over && !file.whole) continue;
    for (auto& have : file.have) {
      if (have == Have::Stored) have = Have::Claimed;
    }
  }
  answer(files);
  for (const auto id : files) {
    if (files_[id].over && !files_[id].whole) {
      send(*main_, encode(FileFailed{id, {Code::Io, "the file was given up"}}));
    }
  }
}

void Receiver::tellClaims() {
  for (FileId id = 0; id < files_.size(); ++id) {
    const auto& file = files_[id];
    if (!file.accepted) continue;
    Hashes run{id, 0, {}};
    const auto flush = [&] {
      if (!run.hashes.empty()) send(*main_, encode(run));
      run.hashes.clear();
    };
    for (std::uint64_t block = 0; block < file.have.size(); ++block) {
      if (file.have[block] != Have::Claimed) {
        flush();
        continue;
      }
      if (run.hashes.empty()) run.first = block;
      run.hashes.push_back(file.hashes[block]);
      if (run.hashes.size() == kHashesInMessage) flush();
    }
    flush();
  }
}

void Receiver::mark(FileId id, std::uint64_t block, Have have) {
  auto& file = files_[id];
  auto& now = file.have[block];
  const auto length =
      file.short_block && file.short_block->first == block ? file.short_block->second : lengthOf(id, block);
  const auto present = [](Have each) { return each == Have::Claimed || each == Have::Stored; };
  if (present(now)) {
    --file.present;
    stored_bytes_ -= length;
  }
  if (now == Have::Pending) {
    --file.pending;
    --pending_;
  }
  now = have;
  if (present(now)) {
    ++file.present;
    stored_bytes_ += length;
  }
  if (now == Have::Pending) {
    ++file.pending;
    ++pending_;
  }
}

void Receiver::handle(const BlockOver& over) {
  const auto [id, block] = over.name;
  if (id >= files_.size()) return;
  auto& file = files_[id];
  if (file.over || block >= file.have.size() || file.have[block] != Have::Pending) return;
  switch (over.outcome) {
    case Outcome::Stored:
      mark(id, block, Have::Stored);
      file.hashes[block] = over.hash;
      untold_.push_back(over.name);
      moveHorizon();
      if (pending_ == 0 || untold_.size() >= kTellBlocks) tellStored();
      return;
    case Outcome::Damaged:
      mark(id, block, Have::No);
      if (!file.damaged.insert(block).second) {
        failFile(id, {Code::HashMismatch, "a block came damaged twice"}, true, false);
      } else if (main_ && state_ == State::Running) {
        send(*main_, encode(Again{over.name}));
      }
      return;
    case Outcome::Failed:
      mark(id, block, Have::No);
      if (over.fault.code == Code::NoSpace) {
        giveUp(over.fault, true);
      } else {
        failFile(id, over.fault, true, over.fault.code == Code::Io);
      }
      return;
  }
}

void Receiver::said(LinkId link, const FileEnd& end) {
  if (link != main_ || state_ != State::Running) {
    breach("the end of a file that did not begin");
    return;
  }
  if (end.file >= files_.size() || !files_[end.file].accepted) {
    breach("the end of a file that was not accepted");
    return;
  }
  auto& file = files_[end.file];
  if (file.over || file.finishing) return;
  const auto& entry = offer_.entries[end.file];
  const auto blocks = end.size / offer_.block + (end.size % offer_.block != 0 ? 1 : 0);
  const auto tail = file.short_block ? file.short_block->first * offer_.block + file.short_block->second
                                     : file.have.size() * offer_.block;
  const bool size_fits = entry.size ? *entry.size == end.size : tail == end.size;
  if (!size_fits || file.have.size() != blocks || file.present != blocks || file.pending != 0) {
    breach("a file ends before all of it is there");
    return;
  }
  if (rootOf(end.size, offer_.block, file.hashes, digest_) != end.root) {
    failFile(end.file, {Code::HashMismatch, "the file as a whole is not what was offered"}, true, false);
    return;
  }
  file.finishing = true;
  file.blocks = blocks;
  moveHorizon();
  act(Finish{end.file, end.size});
}

bool Receiver::past(FileId id, std::uint64_t block) const {
  const auto& file = files_[id];
  if (!file.accepted || file.over || file.finishing) return true;
  if (block >= file.blocks) return true;
  return block < file.have.size() && (file.have[block] == Have::Stored || file.have[block] == Have::Claimed);
}

void Receiver::moveHorizon() {
  const auto step = [this](BlockName& at) {
    const auto& file = files_[at.file];
    if (!file.accepted || at.block + 1 >= file.blocks) {
      at = {at.file + 1, 0};
    } else {
      ++at.block;
    }
  };
  const auto cost = [this](const BlockName& at) -> std::uint64_t {
    const auto& file = files_[at.file];
    if (!file.accepted || at.block >= file.blocks) return 0;
    return std::max<std::uint64_t>(lengthOf(at.file, at.block), limits_.window / kMostBlocksAhead);
  };
  while (watermark_.file < files_.size() && past(watermark_.file, watermark_.block)) {
    if (watermark_ == edge_) {
      step(edge_);
    } else {
      between_ -= std::min(between_, cost(watermark_));
    }
    step(watermark_);
  }
  while (edge_.file < files_.size() && between_ < limits_.window) {
    between_ += cost(edge_);
    step(edge_);
  }
}

void Receiver::tellStored() {
  if (!main_ || (state_ != State::Running && state_ != State::Confirming)) return;
  const auto horizon =
      edge_.file < files_.size() ? files_[edge_.file].first + edge_.block : files_.back().first + files_.back().blocks;
  if (untold_.empty() && horizon == told_horizon_) return;
  told_horizon_ = std::max(horizon, told_horizon_);
  auto names = std::exchange(untold_, {});
  for (std::size_t at = 0; at == 0 || at < names.size(); at += kBlocksInMessage) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), at + kBlocksInMessage));
    send(*main_, encode(Stored{stored_bytes_, told_horizon_, {names.begin() + static_cast<std::ptrdiff_t>(at), end}}));
  }
}

}  // namespace rtc::core::file
