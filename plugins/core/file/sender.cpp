// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/sender.hpp"

#include <algorithm>

#include "plugins/core/file/root.hpp"

namespace rtc::core::file {

Sender::Sender(Offer offer, Options options, Digest digest, const Clock& clock)
    : offer_(std::move(offer)),
      options_(options),
      digest_(std::move(digest)),
      clock_(clock),
      lane_count_(std::min(options.max_lanes, kMostLanes)),
      since_(clock.now()) {
  pace_.limit(options_.max_bitrate);
  std::uint64_t next = 0;
  for (FileId id = 0; id < offer_.entries.size(); ++id) {
    File file;
    file.first = next;
    file.open_end = offer_.entries[id].stream();
    file.blocks = file.open_end ? 0 : offer_.blocksOf(id);
    file.size = offer_.entries[id].size.value_or(0);
    next += offer_.blocksOf(id);
    files_.push_back(std::move(file));
  }
}

Sender::Actions Sender::on(const Event& event) {
  if (!isOver(state_)) {
    std::visit([this](const auto& what) { handle(what); }, event);
    pump();
  }
  return std::exchange(actions_, {});
}

Progress Sender::progress() {
  const bool endless = offer_.endless() && files_.back().open_end;
  std::optional<std::uint64_t> total;
  if (!endless || offer_.entries.back().about) {
    total = endless ? *offer_.entries.back().about : 0;
    for (FileId id = 0; id < files_.size(); ++id) {
      if (files_[id].accepted || state_ < State::Running) *total += files_[id].size;
    }
    if (endless && *total < stored_bytes_) total.reset();
  }
  return meter_.at(stored_bytes_, total, clock_.now());
}

std::size_t Sender::lanes() const {
  return static_cast<std::size_t>(
      std::count_if(links_.begin(), links_.end(), [](const auto& each) { return each.second.greeted; }));
}

// --- Events ----------------------------------------------------------------------------------------------------------

void Sender::handle(const LinkUp& up) {
  auto& link = links_[up.link];
  link.heard = clock_.now();
  link.window.yield(yields_);
  Hello hello;
  if (!main_) {
    main_ = up.link;
    become(State::Greeting);
  } else {
    hello.lane_of = offer_.id;
  }
  send(up.link, encode(hello, true));
}

void Sender::handle(const LinkDown& down) {
  if (links_.count(down.link) == 0) return;
  if (main_ == down.link) {
    interrupt("the connection to the other side was lost");
  } else {
    loseLink(down.link);
  }
}

void Sender::handle(const Heard& heard) {
  const auto link = links_.find(heard.link);
  if (link == links_.end()) return;
  link->second.heard = clock_.now();
  link->second.asked = false;
  const auto message = decode(heard.message);
  if (!message) {
    breach("a message that cannot be read");
    return;
  }
  const bool is_hello = std::holds_alternative<Hello>(*message);
  if (!link->second.greeted && !is_hello) return;  // it was under way when an earlier transfer on the channel ended
  if (link->second.greeted && is_hello) {
    breach("it greets twice");
    return;
  }
  if (heard.link != main_ && !mayPassOnLane(*message)) {
    breach("a message on a lane that belongs on the channel of the offer");
    return;
  }
  std::visit([&](const auto& what) { said(heard.link, what); }, *message);
}

void Sender::handle(const BlockRead& read) {
  if (reading_.erase(read.name) == 0) return;
  auto& file = files_[read.name.file];
  if (file.over || !file.accepted) return;
  const auto block = read.name.block;
  if (file.open_end && read.last) {
    file.open_end = false;
    file.size = block * offer_.block + read.bytes->size();
    file.blocks = block + (read.bytes->empty() ? 0 : 1);
  }
  if (!read.bytes->empty()) {
    if (file.hashes.size() <= block) {
      file.hashes.resize(block + 1);
      file.hashed.resize(block + 1);
      file.have.resize(block + 1);
    }
    if (file.hashed[block] && file.hashes[block] != read.hash) {
      failFile(read.name.file, {Code::SourceChanged, "the file changed while it was sent"}, true);
      return;
    }
    file.hashes[block] = read.hash;
    file.hashed[block] = true;
    const auto claim = file.claims.find(block);
    const bool is_there = claim != file.claims.end() && claim->second == read.hash;
    if (claim != file.claims.end()) file.claims.erase(claim);
    if (is_there) {
      markStored(read.name);
    } else if (file.have[block] != Have::Stored) {
      if (!options_.rereadable) underway_[read.name] = {read.bytes, {}, read.hash, clock_.now()};
      if (state_ == State::Running) ready_.push_back({read.name, read.bytes, read.hash});
    }
    if (state_ == State::Running && cursor_ == read.name) ++cursor_.block;
  }
  settle(read.name.file);
}

void Sender::handle(const ReadFailed& failed) {
  if (state_ != State::Running && options_.rereadable) return;  // it is read again, and fails again
  failFile(failed.file, failed.fault, true);
}

void Sender::handle(const Yields& yields) {
  yields_ = yields.yields;
  for (auto& [id, link] : links_) link.window.yield(yields_);
}

void Sender::handle(const LaneRefused&) {
  lane_count_.refused(lanes(), clock_.now());
  told_lanes_ = lane_count_.wanted();
}

void Sender::handle(const UserPauses&) {
  if (std::exchange(paused_here_, true)) return;
  if (main_ && state_ == State::Running) send(*main_, encode(Pause{}));
  act(PauseChanged{paused_here_, paused_there_});
}

void Sender::handle(const UserResumes&) {
  if (!std::exchange(paused_here_, false)) return;
  if (main_ && state_ == State::Running) send(*main_, encode(Resume{}));
  act(PauseChanged{paused_here_, paused_there_});
}

void Sender::handle(const UserCancels& cancels) {
  if (main_) send(*main_, encode(Cancel{cancels.fault, cancels.keep}));
  become(State::Cancelled, cancels.fault);
}

void Sender::handle(const Tick&) {
  const auto now = clock_.now();
  const auto& limits = options_.limits;
  if (state_ == State::Greeting && now - since_ >= limits.hello) {
    giveUp({Code::Timeout, "the other side does not greet: it may not know how to receive files"}, true);
  } else if (state_ == State::Offered && now - since_ >= limits.answer) {
    giveUp({Code::Timeout, "nobody answered the offer in time"}, true);
  } else if (state_ == State::Confirming && now - since_ >= limits.confirm) {
    giveUp({Code::Timeout, "all was sent, but the other side does not confirm it"}, true);
  }
  std::vector<LinkId> dead;
  for (auto& [id, link] : links_) {
    const auto silence = now - link.heard;
    if (silence >= limits.dead) dead.push_back(id);
    if (silence >= limits.idle && link.greeted && !std::exchange(link.asked, true)) send(id, encode(Ping{1}));
  }
  for (const auto id : dead) handle(LinkDown{id});
  if (state_ == State::Running) lookAtLanes();
}

// --- What the receiver says ------------------------------------------------------------------------------------------

void Sender::said(LinkId id, const Hello& hello) {
  auto& link = links_[id];
  link.greeted = true;
  link.largest = hello.largest;
  if (!hello.understood) {
    giveUp({Code::Unsupported, "the other side speaks no version of the file protocol that we know"}, true);
    return;
  }
  if (id != main_) return;
  become(State::Offered);
  for (const auto& page : encode(offer_)) send(id, encodeOfferPage(page));
}

void Sender::said(LinkId link, const Hashes& hashes) {
  if (link != main_ || state_ != State::Offered || hashes.file >= files_.size()) {
    breach("hashes at the wrong time");
    return;
  }
  auto& file = files_[hashes.file];
  if (hashes.first + hashes.hashes.size() > offer_.blocksOf(hashes.file)) {
    breach("it claims blocks that the file does not have");
    return;
  }
  for (std::size_t i = 0; i < hashes.hashes.size(); ++i) file.claims[hashes.first + i] = hashes.hashes[i];
}

void Sender::said(LinkId link, const Accept& accept) {
  if (link != main_ || state_ != State::Offered) {
    breach("an answer to no offer");
    return;
  }
  for (auto& file : files_) file.accepted = false;
  open_files_ = 0;
  stored_bytes_ = 0;
  whole_ = 0;
  for (const auto& [first, last] : accept.files) {
    if (last >= files_.size()) {
      breach("it accepts what was not offered");
      return;
    }
    for (FileId id = first; id <= last; ++id) {
      files_[id].accepted = true;
      files_[id].over = false;
      files_[id].ended = false;
      ++open_files_;
    }
  }
  horizon_ = accept.horizon;
  become(State::Running);
  cursor_ = {};
  for (FileId id = 0; id < files_.size(); ++id) {
    auto& file = files_[id];
    file.stored = 0;
    std::fill(file.have.begin(), file.have.end(), Have::No);
    // What an earlier channel has brought over is claimed now, and its hash is known still.
    for (auto claim = file.claims.begin(); file.accepted && claim != file.claims.end();) {
      const auto block = claim->first;
      if (block < file.hashed.size() && file.hashed[block] && file.hashes[block] == claim->second) {
        markStored({id, block});
        claim = file.claims.erase(claim);
      } else {
        ++claim;
      }
    }
  }
  meter_.begin(stored_bytes_, clock_.now());
  if (paused_here_) send(link, encode(Pause{}));
  for (FileId id = 0; id < files_.size(); ++id) {
    auto& file = files_[id];
    if (!file.accepted && !std::exchange(file.over, true)) act(FileOver{id, Fault{Code::Declined, "declined"}});
    settle(id);
  }
  settleAll();
}

void Sender::said(LinkId link, const Reject& reject) {
  if (link != main_ || state_ != State::Offered) {
    breach("an answer to no offer");
    return;
  }
  become(State::Rejected, reject.fault);
}

void Sender::said(LinkId id, const Arrived& arrived) {
  auto& window = links_[id].window;
  const auto before = window.underway();
  if (!window.arrived(arrived.bytes, clock_.now())) {
    breach("more arrived than was sent");
    return;
  }
  arrived_bytes_ += before - window.underway();
}

void Sender::said(LinkId, const Stored& stored) {
  if (state_ != State::Running && state_ != State::Confirming) {
    breach("blocks are stored that nobody sent");
    return;
  }
  horizon_ = std::max(horizon_, stored.horizon);
  for (const auto& name : stored.blocks) {
    if (!valid(name)) {
      breach("it stored blocks that were not sent");
      return;
    }
    markStored(name);
    settle(name.file);
  }
}

void Sender::said(LinkId, const Again& again) {
  if (!valid(again.block)) {
    breach("it wants a block again that was not sent");
    return;
  }
  const auto& file = files_[again.block.file];
  if (file.over || !file.accepted || file.have[again.block.block] == Have::Stored) return;
  const auto sent = underway_.find(again.block);
  if (sent != underway_.end() && sent->second.kept) {
    ready_.push_front({again.block, sent->second.kept, sent->second.hash});
  } else {
    returned_.insert(again.block);
  }
  if (sent != underway_.end()) underway_.erase(sent);
}

void Sender::said(LinkId, const Pause&) {
  paused_there_ = true;
  act(PauseChanged{paused_here_, paused_there_});
}

void Sender::said(LinkId, const Resume&) {
  paused_there_ = false;
  act(PauseChanged{paused_here_, paused_there_});
}

void Sender::said(LinkId, const Cancel& cancel) {
  become(cancel.fault.code == Code::Cancelled ? State::Cancelled : State::Failed, cancel.fault);
}

void Sender::said(LinkId, const FileFailed& failed) {
  if (failed.file >= files_.size()) {
    breach("a file failed that was not offered");
    return;
  }
  auto& file = files_[failed.file];
  if (std::exchange(file.ended, false)) {
    // All of it was there, and it could not be kept.
    --whole_;
    act(FileOver{failed.file, failed.fault});
    return;
  }
  failFile(failed.file, failed.fault, false);
}

void Sender::said(LinkId link, const DoneAck& ack) {
  if (state_ != State::Confirming) {
    breach("it confirms what is not done");
    return;
  }
  send(link, encode(DoneSeen{}));
  if (ack.whole < whole_) {
    become(State::Failed, {Code::Io, "the other side could not keep all files"});
    return;
  }
  for (FileId id = 0; id < files_.size(); ++id) {
    if (files_[id].ended) act(FileOver{id, std::nullopt});
  }
  become(State::Done);
}

void Sender::said(LinkId link, const Ping& ping) {
  send(link, encode(Pong{ping.token}));
}

// --- States ----------------------------------------------------------------------------------------------------------

void Sender::become(State state, Fault fault) {
  if (state_ == state) return;
  state_ = state;
  since_ = clock_.now();
  act(Changed{state, std::move(fault)});
}

void Sender::breach(const std::string& what) {
  giveUp({Code::Protocol, "the other side breaks the file protocol: " + what}, true);
}

void Sender::giveUp(Fault fault, bool keep) {
  if (isOver(state_)) return;
  if (main_) send(*main_, encode(Cancel{forPeer(fault), keep}));
  become(State::Failed, std::move(fault));
}

void Sender::interrupt(const std::string& why) {
  std::vector<LinkId> ids;
  for (const auto& [id, link] : links_) ids.push_back(id);
  for (const auto id : ids) loseLink(id);
  main_.reset();
  paused_there_ = false;
  become(State::Interrupted, {Code::Interrupted, why});
  ready_.clear();
  returned_.clear();
  // What is being read of a stream comes once only, and is kept when it does.
  if (options_.rereadable) reading_.clear();
}

void Sender::failFile(FileId id, const Fault& fault, bool tell) {
  auto& file = files_[id];
  if (file.over) return;
  file.over = true;
  if (tell && main_ && state_ == State::Running) send(*main_, encode(FileFailed{id, forPeer(fault)}));
  forgetBlocksOf(id);
  act(FileOver{id, fault});
  if (file.accepted && open_files_ > 0) --open_files_;
  settleAll();
}

void Sender::forgetBlocksOf(FileId id) {
  const auto mine = [id](const auto& each) { return each.name.file == id; };
  ready_.erase(std::remove_if(ready_.begin(), ready_.end(), mine), ready_.end());
  std::erase_if(underway_, [id](const auto& each) { return each.first.file == id; });
  std::erase_if(returned_, [id](const auto& name) { return name.file == id; });
  for (auto& [link_id, link] : links_) {
    if (link.current && link.current->name.file == id) link.current.reset();
  }
}

void Sender::settle(FileId id) {
  auto& file = files_[id];
  if (state_ != State::Running || !file.accepted || file.over || file.ended || file.open_end) return;
  if (file.stored < file.blocks) return;
  file.ended = true;
  file.over = true;
  ++whole_;
  --open_files_;
  send(*main_, encode(FileEnd{id, file.size, rootOf(file.size, offer_.block, file.hashes, digest_)}));
  settleAll();
}

void Sender::settleAll() {
  if (state_ != State::Running || open_files_ > 0) return;
  send(*main_, encode(Done{}));
  become(State::Confirming);
}

}  // namespace rtc::core::file
