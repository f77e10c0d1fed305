// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/receiver.hpp"

#include <algorithm>

namespace rtc::core::file {

namespace {

/// How long the last word of the sender is waited for; the files are there anyway.
constexpr Duration kFarewell{3'000};
constexpr std::uint64_t kMostUntold = 256 * 1'024;

bool same(const Entry& a, const Entry& b) {
  return a.kind == b.kind && a.path == b.path && a.size == b.size && a.mtime == b.mtime;
}

}  // namespace

Receiver::Receiver(Limits limits, Digest digest, const Clock& clock)
    : limits_(limits), digest_(std::move(digest)), clock_(clock), since_(clock.now()) {}

Receiver::Actions Receiver::on(const Event& event) {
  if (!isOver(state_)) std::visit([this](const auto& what) { handle(what); }, event);
  return std::exchange(actions_, {});
}

Progress Receiver::progress() {
  std::optional<std::uint64_t> total;
  if (!offer_.entries.empty()) {
    const auto& last = offer_.entries.back();
    if (!offer_.endless() || last.about) total = offer_.endless() ? *last.about : 0;
    for (FileId id = 0; total && id < files_.size(); ++id) {
      if (files_[id].accepted) *total += offer_.entries[id].size.value_or(0);
    }
    if (total && offer_.endless() && *total < stored_bytes_) total.reset();
  }
  return meter_.at(stored_bytes_, total, clock_.now());
}

// --- Events ----------------------------------------------------------------------------------------------------------

void Receiver::handle(const LinkUp& up) {
  auto& link = links_[up.link];
  link.heard = link.told_at = clock_.now();
  send(up.link, encode(Hello{}, false));
  if (main_) {
    link.lane = true;
    return;
  }
  main_ = up.link;
  become(State::Greeting);
}

void Receiver::handle(const LinkDown& down) {
  if (links_.erase(down.link) == 0 || main_ != down.link) return;
  for (const auto& [id, link] : std::exchange(links_, {})) act(Drop{id});
  main_.reset();
  paused_there_ = false;
  sender_is_done_ = false;
  reader_.reset();
  become(State::Interrupted, {Code::Interrupted, "the connection to the other side was lost"});
}

void Receiver::handle(const Heard& heard) {
  const auto found = links_.find(heard.link);
  if (found == links_.end()) return;
  auto& link = found->second;
  link.heard = clock_.now();
  link.asked = false;
  const auto message = decode(heard.message);
  if (!message) {
    breach("a message that cannot be read");
    return;
  }
  const bool is_hello = std::holds_alternative<Hello>(*message);
  if (link.greeted == is_hello) {
    breach(is_hello ? "it greets twice" : "it does not greet");
    return;
  }
  if (heard.link != main_ && !mayPassOnLane(*message)) {
    breach("a message on a lane that belongs on the channel of the offer");
    return;
  }
  std::visit([&](const auto& what) { said(heard.link, what); }, *message);
}

void Receiver::handle(const Accepts& accepts) {
  if (state_ != State::Offered) return;
  for (const auto id : accepts.files) {
    if (id >= files_.size()) continue;
    auto& file = files_[id];
    file.accepted = true;
    if (offer_.entries[id].stream()) continue;
    file.have.resize(file.blocks);
    file.hashes.resize(file.blocks);
  }
  for (const auto& claim : accepts.claims) {
    if (claim.name.file >= files_.size()) continue;
    auto& file = files_[claim.name.file];
    if (!file.accepted || claim.name.block >= file.have.size()) continue;
    mark(claim.name.file, claim.name.block, Have::Claimed);
    file.hashes[claim.name.block] = claim.hash;
  }
  answer(accepts.files);
}

void Receiver::handle(const Declines& declines) {
  if (state_ != State::Offered) return;
  if (main_) send(*main_, encode(Reject{forPeer(declines.fault)}));
  become(State::Rejected, declines.fault);
}

void Receiver::handle(const FileFinished& finished) {
  if (finished.file >= files_.size()) return;
  auto& file = files_[finished.file];
  if (file.over || !file.finishing) return;
  if (finished.fault) {
    failFile(finished.file, *finished.fault, true, false);
  } else {
    file.over = file.whole = true;
    ++whole_;
    act(FileOver{finished.file, std::nullopt});
  }
  confirm();
}

void Receiver::handle(const UserPauses&) {
  if (std::exchange(paused_here_, true)) return;
  if (main_ && state_ == State::Running) send(*main_, encode(Pause{}));
  act(PauseChanged{paused_here_, paused_there_});
}

void Receiver::handle(const UserResumes&) {
  if (!std::exchange(paused_here_, false)) return;
  if (main_ && state_ == State::Running) send(*main_, encode(Resume{}));
  act(PauseChanged{paused_here_, paused_there_});
}

void Receiver::handle(const UserCancels& cancels) {
  if (complete_) {
    become(State::Done);
    return;
  }
  if (main_) send(*main_, encode(Cancel{cancels.fault, cancels.keep}));
  abandonAll(cancels.keep);
  become(State::Cancelled, cancels.fault);
}

void Receiver::handle(const Tick&) {
  const auto now = clock_.now();
  if (state_ == State::Greeting && now - since_ >= limits_.hello) {
    giveUp({Code::Timeout, "the other side opened a channel for files and offers none"}, true);
  } else if (complete_ && (state_ == State::Confirming || state_ == State::Interrupted) && now - since_ >= kFarewell) {
    become(State::Done);  // all is here; the other side was told, or left before it could say that it heard
  }
  std::vector<LinkId> dead;
  for (auto& [id, link] : links_) {
    const auto silence = now - link.heard;
    const bool rude = !link.greeted && silence >= limits_.hello && id != main_;
    if (silence >= limits_.dead || rude) dead.push_back(id);
    if (silence >= limits_.idle && link.greeted && !std::exchange(link.asked, true)) send(id, encode(Ping{1}));
    if (link.arrived != link.told) tellArrived(id, link);
    link.tell_after = std::min((link.arrived - std::exchange(link.at_tick, link.arrived)) / 4, kMostUntold);
  }
  for (const auto id : dead) {
    act(Drop{id});
    handle(LinkDown{id});
  }
  if (!isOver(state_)) tellStored();
}

// --- What the sender says --------------------------------------------------------------------------------------------

void Receiver::said(LinkId id, const Hello& hello) {
  auto& link = links_[id];
  link.greeted = true;
  if (!hello.understood) {
    giveUp({Code::Unsupported, "the other side speaks no version of the file protocol that we know"}, true);
    return;
  }
  if (id == main_ && !hello.lane_of) return;
  if (id == main_ || !was_accepted_ || hello.lane_of != offer_.id || links_.size() > kMostLanes) {
    act(Drop{id});
    handle(LinkDown{id});
  }
}

void Receiver::said(LinkId link, const OfferPage& page) {
  if (link != main_ || state_ != State::Greeting) {
    breach("an offer in the middle of another");
    return;
  }
  if (!reader_) reader_.emplace(limits_);
  const auto complete = reader_->add(page.json, page.bytes);
  if (!complete) {
    giveUp({Code::Protocol, complete.error().message}, true);
    return;
  }
  if (!complete.value()) return;
  auto offer = reader_->take();
  reader_.reset();
  offered(std::move(offer));
}

void Receiver::offered(Offer offer) {
  const bool again =
      was_accepted_ && offer.id == offer_.id && offer.block == offer_.block &&
      std::equal(offer.entries.begin(), offer.entries.end(), offer_.entries.begin(), offer_.entries.end(), same);
  if (again) {
    acceptAgain();
    return;
  }
  if (was_accepted_) abandonAll(true);
  was_accepted_ = complete_ = false;
  offer_ = std::move(offer);
  files_.clear();
  watermark_ = edge_ = {};
  between_ = stored_bytes_ = 0;
  untold_.clear();
  whole_ = 0;
  std::uint64_t first = 0;
  std::uint64_t known = 0;
  for (FileId id = 0; id < offer_.entries.size(); ++id) {
    File file;
    file.first = first;
    file.blocks = offer_.blocksOf(id);
    first += file.blocks;
    if (!offer_.entries[id].stream()) known += file.blocks;
    files_.push_back(std::move(file));
  }
  become(State::Offered);
  if (offer_.total() > limits_.total || known > limits_.blocks) {
    handle(Declines{{Code::TooLarge, "the files are larger than what is taken here"}});
    return;
  }
  act(ShowOffer{});
}

void Receiver::said(LinkId id, const Data& data) {
  auto& link = links_[id];
  account(id, link, data.bytes.size());
  if (state_ == State::Confirming) return;  // a second copy, from a slow lane
  if (state_ != State::Running) {
    breach("data without an accepted offer");
    return;
  }
  auto* file = openFile(data.file);
  if (file == nullptr) return;
  const auto block = data.offset / offer_.block;
  const auto within = data.offset % offer_.block;
  const auto& entry = offer_.entries[data.file];
  if (block >= file->blocks || within + data.bytes.size() > lengthOf(data.file, block)) {
    if (entry.stream() && block >= file->blocks) {
      failFile(data.file, {Code::TooLarge, "the stream is longer than what is taken here"}, true, false);
    } else {
      breach("data beyond the end of a file or a block");
    }
    return;
  }
  if (file->first + block >= told_horizon_) {
    breach("data beyond the credit");
    return;
  }
  if (entry.stream() && data.offset + data.bytes.size() > limits_.stream) {
    failFile(data.file, {Code::TooLarge, "the stream is longer than what is taken here"}, true, false);
    return;
  }
  const BlockName name{data.file, block};
  if (within == 0) {
    link.name = name;
    link.bytes.clear();
    link.bytes.reserve(lengthOf(data.file, block));
  } else if (link.name != name || link.bytes.size() != within) {
    breach("data with a gap");
    return;
  }
  link.bytes.insert(link.bytes.end(), data.bytes.begin(), data.bytes.end());
}

void Receiver::said(LinkId id, const Block& block) {
  auto& link = links_[id];
  if (state_ == State::Confirming) return;
  if (state_ != State::Running) {
    breach("a block without an accepted offer");
    return;
  }
  auto* file = openFile(block.file);
  if (file == nullptr) return;
  const BlockName name{block.file, block.offset / offer_.block};
  auto bytes = std::exchange(link.bytes, {});
  const bool fits = std::exchange(link.name, std::nullopt) == name && block.offset % offer_.block == 0 &&
                    block.length == bytes.size() && block.length > 0;
  const auto whole = lengthOf(block.file, name.block);
  const bool stream = offer_.entries[block.file].stream();
  if (!fits || (!stream && block.length != whole)) {
    breach("a block that is not what was sent");
    return;
  }
  if (stream) {
    const bool beyond = file->short_block && name.block > file->short_block->first;
    const bool contradicts =
        file->short_block && name.block == file->short_block->first && block.length != file->short_block->second;
    if (beyond || contradicts) {
      breach("data behind the end of a stream");
      return;
    }
    if (block.length < whole) file->short_block = {name.block, block.length};
    if (file->have.size() <= name.block) {
      file->have.resize(name.block + 1);
      file->hashes.resize(name.block + 1);
    }
  }
  switch (file->have[name.block]) {
    case Have::Stored:
      // Sent twice, by two lanes or after an interruption.
      untold_.push_back(name);
      return;
    case Have::Pending:
      return;
    case Have::Claimed:
    case Have::No:
      break;
  }
  mark(block.file, name.block, Have::Pending);
  act(Store{name, block.offset, std::move(bytes), block.hash});
}

void Receiver::said(LinkId, const Pause&) {
  paused_there_ = true;
  act(PauseChanged{paused_here_, paused_there_});
}

void Receiver::said(LinkId, const Resume&) {
  paused_there_ = false;
  act(PauseChanged{paused_here_, paused_there_});
}

void Receiver::said(LinkId, const Cancel& cancel) {
  abandonAll(cancel.keep);
  become(cancel.fault.code == Code::Cancelled ? State::Cancelled : State::Failed, cancel.fault);
}

void Receiver::said(LinkId, const FileFailed& failed) {
  if (failed.file >= files_.size() || state_ != State::Running) {
    breach("a file failed that was not offered");
    return;
  }
  // What is being given its name is whole, whatever is said of it now.
  if (files_[failed.file].finishing) return;
  failFile(failed.file, failed.fault, false, false);
  confirm();
}

void Receiver::said(LinkId link, const Done&) {
  if (link != main_ || state_ != State::Running) {
    breach("it is done without having begun");
    return;
  }
  sender_is_done_ = true;
  confirm();
}

void Receiver::said(LinkId, const DoneSeen&) {
  if (state_ == State::Confirming) become(State::Done);
}

void Receiver::said(LinkId link, const Ping& ping) {
  send(link, encode(Pong{ping.token}));
}

// --- States ----------------------------------------------------------------------------------------------------------

void Receiver::become(State state, Fault fault) {
  if (state_ == state) return;
  state_ = state;
  since_ = clock_.now();
  act(Changed{state, std::move(fault)});
}

void Receiver::breach(const std::string& what) {
  giveUp({Code::Protocol, "the other side breaks the file protocol: " + what}, true);
}

void Receiver::giveUp(Fault fault, bool keep) {
  if (isOver(state_)) return;
  if (main_) send(*main_, encode(Cancel{forPeer(fault), keep}));
  abandonAll(keep);
  become(State::Failed, std::move(fault));
}

void Receiver::abandonAll(bool keep) {
  for (FileId id = 0; id < files_.size(); ++id) {
    auto& file = files_[id];
    if (file.accepted && !file.over && !file.finishing) act(Abandon{id, keep});
  }
}

void Receiver::failFile(FileId id, const Fault& fault, bool tell, bool keep) {
  auto& file = files_[id];
  if (file.over || !file.accepted) return;
  file.over = true;
  if (tell && main_) send(*main_, encode(FileFailed{id, forPeer(fault)}));
  act(Abandon{id, keep});
  act(FileOver{id, fault});
  moveHorizon();
  confirm();
}

void Receiver::confirm() {
  if (!sender_is_done_ || state_ != State::Running) return;
  const bool waits =
      std::any_of(files_.begin(), files_.end(), [](const File& file) { return file.accepted && !file.over; });
  if (!waits) {
    tellStored();
    send(*main_, encode(DoneAck{whole_}));
    complete_ = true;
    become(State::Confirming);
    return;
  }
  const bool missing = std::any_of(files_.begin(), files_.end(),
                                   [](const File& file) { return file.accepted && !file.over && !file.finishing; });
  if (missing) breach("it is done before all files are");
}

}  // namespace rtc::core::file
