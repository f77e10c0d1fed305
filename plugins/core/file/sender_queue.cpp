// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sender's queue: which block is read next, and on which channel it goes.
#include <algorithm>

#include "plugins/core/file/sender.hpp"

namespace rtc::core::file {

namespace {

/// Blocks that are read before a channel has room for them, for each channel.
constexpr std::size_t kReadAhead = 2;
/// When a channel with nothing to do takes over a block of a slow one: at the end, or when its block holds the credit.
constexpr Duration kLate{500};
/// What is done sooner than that is not helped by a further connection.
constexpr Duration kWorthALane{2'000};

}  // namespace

bool Sender::valid(const BlockName& name) const {
  return name.file < files_.size() && name.block < files_[name.file].hashed.size() &&
         files_[name.file].hashed[name.block];
}

void Sender::markStored(const BlockName& name) {
  auto& file = files_[name.file];
  underway_.erase(name);
  returned_.erase(name);
  auto& have = file.have[name.block];
  if (have == Have::Stored) return;
  have = Have::Stored;
  ++file.stored;
  stored_bytes_ += file.open_end || name.block + 1 < file.blocks
                       ? offer_.block
                       : static_cast<std::uint32_t>(file.size - name.block * offer_.block);
}

void Sender::pump() {
  if (state_ != State::Running) return;
  readAhead();
  if (paused()) return;
  std::size_t fed = 0;
  for (auto& [id, link] : links_) {
    if (link.greeted && state_ == State::Running) feed(id, link, fed++ < lane_count_.used());
  }
  readAhead();
}

std::optional<BlockName> Sender::nextToRead() {
  for (const auto& name : returned_) {
    if (reading_.count(name) == 0) return name;
  }
  while (cursor_.file < files_.size()) {
    const auto& file = files_[cursor_.file];
    const bool more = file.accepted && !file.over && (file.open_end || cursor_.block < file.blocks);
    if (!more) {
      cursor_ = {cursor_.file + 1, 0};
      continue;
    }
    const auto block = cursor_.block;
    const bool there = block < file.have.size() && file.have[block] == Have::Stored;
    if (!there && numberOf(cursor_) < horizon_) return cursor_;
    if (!there) return std::nullopt;
    ++cursor_.block;
  }
  return std::nullopt;
}

void Sender::readAhead() {
  const auto most = kReadAhead * std::max<std::size_t>(1, lanes());
  while (reading_.size() + ready_.size() < most) {
    const auto next = nextToRead();
    if (!next) break;
    auto& file = files_[next->file];
    // A stream is read in its order, one block after the other: its end is not known before.
    if (file.open_end && !reading_.empty() && reading_.rbegin()->file == next->file) break;
    if (next == cursor_ && returned_.count(*next) == 0) ++cursor_.block;
    returned_.erase(*next);
    // Not to be read again, but kept from an earlier channel.
    const auto kept = underway_.find(*next);
    if (kept != underway_.end() && kept->second.kept) {
      ready_.push_back({*next, kept->second.kept, kept->second.hash});
      continue;
    }
    const bool lost = !options_.rereadable && next->block < file.hashed.size() && file.hashed[next->block];
    if (lost) {
      giveUp({Code::Interrupted, "the stream cannot be sent again from where it was interrupted"}, false);
      return;
    }
    reading_.insert(*next);
    act(Read{*next, offer_.lengthOf(next->file, next->block)});
  }
}

bool Sender::takeReady(LinkId id, Link& link) {
  for (auto each = ready_.begin(); each != ready_.end(); ++each) {
    const auto sent = underway_.find(each->name);
    if (sent != underway_.end() && sent->second.links.count(id) != 0) continue;
    link.current = std::move(*each);
    link.at = 0;
    ready_.erase(each);
    auto& underway = underway_[link.current->name];
    underway.links[id] = 0;
    underway.hash = link.current->hash;
    underway.since = clock_.now();
    if (!options_.rereadable) underway.kept = link.current->bytes;
    return true;
  }
  return false;
}

void Sender::feed(LinkId id, Link& link, bool wanted) {
  while (link.window.room()) {
    if (!pace_.allows(clock_.now())) return;
    if (!link.current && !wanted) return;
    if (!link.current && !takeReady(id, link)) {
      if (reading_.empty() && !nextToRead()) {
        // Nothing new is left: help the slowest with what it holds.
        if (const auto late = slowest()) returned_.insert(*late);
      }
      return;
    }
    const auto& [name, bytes, hash] = *link.current;
    const auto offset = name.block * offer_.block;
    const auto size =
        std::min({bytes->size() - link.at, static_cast<std::size_t>(link.window.step()), link.largest - kHeaderSize});
    send(id, encode(Data{name.file, offset + link.at, View(*bytes).subspan(link.at, size)}));
    link.window.sent(size, clock_.now());
    pace_.spend(size);
    link.at += size;
    if (link.at < bytes->size()) continue;
    send(id, encode(Block{name.file, offset, static_cast<std::uint32_t>(bytes->size()), hash}));
    auto& have = files_[name.file].have[name.block];
    if (have == Have::No) have = Have::Sent;
    if (const auto sent = underway_.find(name); sent != underway_.end())
      sent->second.links[id] = link.window.sentInAll();
    link.current.reset();
  }
}

std::optional<BlockName> Sender::slowest() {
  if (lanes() < 2 || !options_.rereadable) return std::nullopt;
  for (const auto& [name, underway] : underway_) {
    if (isLate(underway) && reading_.count(name) == 0 && returned_.count(name) == 0) return name;
  }
  return std::nullopt;
}

bool Sender::isLate(const Underway& underway) const {
  if (underway.links.size() != 1 || clock_.now() - underway.since < kLate) return false;
  const auto& [id, end] = *underway.links.begin();
  const auto link = links_.find(id);
  // What has arrived waits for the disk over there: sending it again helps nobody.
  return link != links_.end() && (end == 0 || link->second.window.arrivedInAll() < end);
}

void Sender::loseLink(LinkId id) {
  links_.erase(id);
  for (auto each = underway_.begin(); each != underway_.end();) {
    auto& [name, underway] = *each;
    const bool mine = underway.links.erase(id) != 0;
    if (!mine || !underway.links.empty()) {
      ++each;
      continue;
    }
    returned_.insert(name);
    each = underway.kept ? std::next(each) : underway_.erase(each);
  }
}

void Sender::lookAtLanes() {
  // A connection takes a second to be made and another to get going.
  if (const auto left = progress().left; left && *left < kWorthALane) return;
  const auto full = std::count_if(links_.begin(), links_.end(),
                                  [](const auto& each) { return each.second.greeted && !each.second.window.room(); });
  const auto fed = std::min(lanes(), lane_count_.used());
  const bool starved = paused() || yields_ || pace_.limited() || static_cast<std::size_t>(full) * 2 < fed;
  // They all go the same way: what a lane needs for longer is its waiting for the others.
  std::optional<Duration> round_trip;
  for (const auto& [id, link] : links_) {
    if (const auto its = link.window.roundTrip()) round_trip = std::min(round_trip.value_or(*its), *its);
  }
  lane_count_.look(arrived_bytes_, lanes(), starved, round_trip.value_or(Duration(0)), clock_.now());
  if (lane_count_.wanted() == told_lanes_) return;
  told_lanes_ = lane_count_.wanted();
  act(WantLanes{told_lanes_});
}

}  // namespace rtc::core::file
