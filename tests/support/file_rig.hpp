// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A sender and a receiver of files in one process, with a network, disks and a clock of the test's own. Nothing waits:
// time goes on when the rig is told to run.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/core/file/receiver.hpp"
#include "plugins/core/file/sender.hpp"
#include "tests/support/manual_clock.hpp"

namespace rtc::testing {

namespace file = rtc::core::file;

/// No cryptography, but every bit counts.
inline file::Hash testDigest(file::View bytes) {
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const auto byte : bytes) state = (state ^ byte) * 0x100000001B3U;
  file::Hash hash{};
  for (auto& byte : hash) {
    state = (state ^ (state >> 29U)) * 0xBF58476D1CE4E5B9U + 1;
    byte = static_cast<std::uint8_t>(state >> 56U);
  }
  return hash;
}

inline file::Bytes content(std::uint64_t size, std::uint32_t seed = 1) {
  file::Bytes bytes(size);
  std::uint32_t state = seed;
  for (auto& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return bytes;
}

struct FilePath {
  double bytes_a_second = 0;  ///< 0 is as fast as can be
  Duration delay{10};
};

class FileRig {
 public:
  FileRig(std::vector<std::pair<file::Entry, file::Bytes>> files, file::Sender::Options options = {},
          file::Limits bounds = {})
      : limits(bounds), options_(options) {
    offer.id = {1, 2, 3};
    std::uint64_t largest = 0;
    for (auto& [entry, bytes] : files) {
      largest = std::max<std::uint64_t>(largest, bytes.size());
      offer.entries.push_back(entry);
      source.push_back(std::move(bytes));
    }
    offer.block = block;
    makeSender();
    makeReceiver();
  }

  void makeSender() { sender = std::make_unique<file::Sender>(offer, options_, testDigest, clock); }
  void makeReceiver() { receiver = std::make_unique<file::Receiver>(limits, testDigest, clock); }

  /// A channel between the two, with both ends up.
  file::LinkId connect(FilePath path = {}) {
    const auto id = next_link_++;
    links_[id].path = path;
    toSender(file::LinkUp{id});
    toReceiver(file::LinkUp{id});
    return id;
  }
  void cut(file::LinkId id) {
    if (links_.erase(id) == 0) return;
    toSender(file::LinkDown{id});
    toReceiver(file::LinkDown{id});
  }

  /// Until neither state changes any more, or for so long.
  bool run(const std::function<bool()>& until, Duration most = Duration(60'000)) {
    const auto end = clock.now() + most;
    while (!until()) {
      if (clock.now() >= end) return false;
      step();
    }
    return true;
  }
  bool runToEnd(Duration most = Duration(60'000)) {
    return run([this] { return file::isOver(sender->state()) && file::isOver(receiver->state()); }, most);
  }
  void runFor(Duration span) {
    run([] { return false; }, span);
  }
  void step() {
    clock.advance(Duration(5));
    deliver();
    disk();
    if (++ticks_ % 5 == 0) {
      toSender(file::Tick{});
      toReceiver(file::Tick{});
    }
  }

  template <typename E>
  void toSender(const E& event) {
    for (auto& action : sender->on(event)) {
      std::visit([this](auto& what) { this->sends(what); }, action);
    }
  }
  template <typename E>
  void toReceiver(const E& event) {
    for (auto& action : receiver->on(event)) {
      std::visit([this](auto& what) { this->receives(what); }, action);
    }
  }

  bool whole(std::size_t id) const {
    const auto found = finished.find(static_cast<file::FileId>(id));
    return found != finished.end() && found->second == source[id];
  }
  std::uint64_t underway() const {
    std::uint64_t sum = 0;
    for (const auto& [id, link] : links_) sum += link.there_bytes;
    return sum;
  }

  static constexpr std::uint32_t block = 16'384 * 2;
  ManualClock clock;
  file::Limits limits;
  file::Offer offer;
  std::vector<file::Bytes> source;
  std::unique_ptr<file::Sender> sender;
  std::unique_ptr<file::Receiver> receiver;

  // The receiver's shell.
  std::function<void()> on_offer;  ///< all is accepted if there is none
  std::vector<file::Receiver::Claim> claims;
  std::map<file::FileId, file::Bytes> partial;
  std::map<file::FileId, file::Bytes> finished;
  std::map<file::FileId, file::Fault> failed_here;
  std::map<file::FileId, file::Fault> failed_there;
  bool disk_stalls = false;
  std::optional<file::Fault> disk_fails;
  std::size_t most_stored_at_once = 0;
  /// Changes what goes over the wire; may empty it.
  std::function<void(file::Bytes&, bool to_receiver)> meddle;
  std::size_t wanted_lanes = 1;
  file::Fault sender_fault;
  file::Fault receiver_fault;
  std::uint64_t reads = 0;
  std::uint64_t data_bytes = 0;

 private:
  struct Wire {
    file::Bytes message;
    Instant at;
  };
  struct Link {
    FilePath path;
    std::deque<Wire> there;
    std::deque<Wire> back;
    std::uint64_t there_bytes = 0;
    double free_at = 0;
  };

  void put(file::LinkId id, file::Bytes message, bool to_receiver) {
    const auto found = links_.find(id);
    if (found == links_.end()) return;
    if (meddle) meddle(message, to_receiver);
    if (message.empty()) return;
    auto& link = found->second;
    auto at = clock.now() + link.path.delay;
    if (to_receiver && link.path.bytes_a_second > 0) {
      const auto now = static_cast<double>(clock.now().time_since_epoch().count());
      link.free_at =
          std::max(link.free_at, now) + static_cast<double>(message.size()) * 1'000 / link.path.bytes_a_second;
      at = Instant(Duration(static_cast<Duration::rep>(link.free_at))) + link.path.delay;
    }
    if (to_receiver) {
      link.there_bytes += message.size();
      if (message[1] == 0x10) data_bytes += message.size() - file::kHeaderSize;
    }
    (to_receiver ? link.there : link.back).push_back({std::move(message), at});
  }
  void deliver() {
    std::vector<file::LinkId> ids;
    for (const auto& [id, link] : links_) ids.push_back(id);
    for (const auto id : ids) {
      while (links_.count(id) != 0 && !links_[id].there.empty() && links_[id].there.front().at <= clock.now()) {
        const auto wire = std::move(links_[id].there.front());
        links_[id].there.pop_front();
        links_[id].there_bytes -= wire.message.size();
        toReceiver(file::Heard{id, wire.message});
      }
      while (links_.count(id) != 0 && !links_[id].back.empty() && links_[id].back.front().at <= clock.now()) {
        const auto wire = std::move(links_[id].back.front());
        links_[id].back.pop_front();
        toSender(file::Heard{id, wire.message});
      }
    }
  }
  void disk() {
    for (auto& read : std::exchange(to_read_, {})) {
      ++reads;
      const auto& bytes = source[read.name.file];
      const auto from = std::min<std::size_t>(bytes.size(), read.name.block * block);
      const auto size = std::min<std::size_t>(bytes.size() - from, read.length);
      auto part = std::make_shared<file::Bytes>(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                                bytes.begin() + static_cast<std::ptrdiff_t>(from + size));
      const bool last = offer.entries[read.name.file].stream() && from + size == bytes.size();
      toSender(file::Sender::BlockRead{read.name, part, testDigest(*part), last});
    }
    most_stored_at_once = std::max(most_stored_at_once, to_store_.size());
    if (disk_stalls) return;
    for (auto& store : std::exchange(to_store_, {})) {
      const auto hash = testDigest(store.bytes);
      file::Receiver::BlockOver over{store.name, file::Receiver::Outcome::Stored, hash, {}};
      if (disk_fails) {
        over.outcome = file::Receiver::Outcome::Failed;
        over.fault = *disk_fails;
      } else if (hash != store.hash) {
        over.outcome = file::Receiver::Outcome::Damaged;
      } else {
        auto& file = partial[store.name.file];
        if (file.size() < store.offset + store.bytes.size()) file.resize(store.offset + store.bytes.size());
        std::copy(store.bytes.begin(), store.bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(store.offset));
      }
      toReceiver(over);
    }
  }

  void sends(file::Send& send) { put(send.link, std::move(send.message), true); }
  void sends(const file::Sender::Read& read) { to_read_.push_back(read); }
  void sends(const file::Sender::WantLanes& lanes) { wanted_lanes = lanes.count; }
  void sends(const file::Changed& changed) { sender_fault = changed.fault; }
  void sends(const file::FileOver& over) {
    if (over.fault) failed_there[over.file] = *over.fault;
  }
  void sends(const file::PauseChanged&) {}

  void receives(file::Send& send) { put(send.link, std::move(send.message), false); }
  void receives(const file::Receiver::ShowOffer&) {
    if (on_offer) {
      on_offer();
      return;
    }
    file::Receiver::Accepts accepts;
    for (file::FileId id = 0; id < receiver->offer().entries.size(); ++id) accepts.files.push_back(id);
    accepts.claims = claims;
    toReceiver(accepts);
  }
  void receives(file::Receiver::Store& store) { to_store_.push_back(std::move(store)); }
  void receives(const file::Receiver::Finish& finish) {
    auto bytes = partial[finish.file];
    bytes.resize(finish.size);
    finished[finish.file] = std::move(bytes);
    toReceiver(file::Receiver::FileFinished{finish.file, std::nullopt});
  }
  void receives(const file::Receiver::Abandon& abandon) {
    if (!abandon.keep) partial.erase(abandon.file);
  }
  void receives(const file::Receiver::Drop& drop) { links_.erase(drop.link); }
  void receives(const file::Changed& changed) { receiver_fault = changed.fault; }
  void receives(const file::FileOver& over) {
    if (over.fault) failed_here[over.file] = *over.fault;
  }
  void receives(const file::PauseChanged&) {}

  file::Sender::Options options_;
  std::map<file::LinkId, Link> links_;
  file::LinkId next_link_ = 1;
  std::vector<file::Sender::Read> to_read_;
  std::vector<file::Receiver::Store> to_store_;
  unsigned ticks_ = 0;
};

/// An entry and its bytes.
inline std::pair<file::Entry, file::Bytes> aFile(const std::string& name, std::uint64_t size, std::uint32_t seed = 1) {
  file::Entry entry;
  entry.path = {name};
  entry.size = size;
  return {entry, content(size, seed)};
}

inline std::pair<file::Entry, file::Bytes> aStream(std::uint64_t size) {
  file::Entry entry;
  entry.path = {"stream"};
  return {entry, content(size)};
}

inline std::pair<file::Entry, file::Bytes> aFolder(const std::string& name) {
  file::Entry entry;
  entry.kind = file::Entry::Kind::Folder;
  entry.path = {name};
  return {entry, {}};
}

}  // namespace rtc::testing
