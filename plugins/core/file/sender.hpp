// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sending end of a transfer. It offers, reads blocks through the shell, deals them out to its channels from one
// queue, and keeps account of what the receiver has stored. A channel that dies costs nothing but speed: its blocks go
// back to the queue.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <variant>
#include <vector>

#include "plugins/core/file/lane_count.hpp"
#include "plugins/core/file/lane_window.hpp"
#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/pace.hpp"
#include "plugins/core/file/progress.hpp"
#include "plugins/core/file/transfer.hpp"

namespace rtc::core::file {

/// Reentrant.
class Sender {
 public:
  struct Options {
    Limits limits;
    std::size_t max_lanes = 1;
    std::uint64_t max_bitrate = 0;  ///< bit/s; 0 is no limit
    bool rereadable = true;         ///< a block can be read twice; else each is kept until it is stored
  };

  // Events of this end only.
  struct BlockRead {
    BlockName name;
    SharedBytes bytes;  ///< may be shorter than asked for at the end of a stream
    Hash hash{};
    bool last = false;  ///< of a stream: the file ends with this one, which may be empty
  };
  struct ReadFailed {
    FileId file = 0;
    Fault fault;
  };
  /// A lane that was asked for cannot be had.
  struct LaneRefused {};
  /// Whether a call with picture or sound shares the path.
  struct Yields {
    bool yields = false;
  };
  using Event = std::variant<LinkUp, LinkDown, Heard, BlockRead, ReadFailed, LaneRefused, Yields, UserPauses,
                             UserResumes, UserCancels, Tick>;

  // Actions of this end only.
  struct Read {
    BlockName name;
    std::uint32_t length = 0;
  };
  /// So many channels on peer connections of their own, the first one included.
  struct WantLanes {
    std::size_t count = 1;
  };
  using Action = std::variant<Send, Read, WantLanes, Changed, PauseChanged, FileOver>;
  using Actions = std::vector<Action>;

  Sender(Offer offer, Options options, Digest digest, const Clock& clock);

  Actions on(const Event& event);

  State state() const { return state_; }
  const Offer& offer() const { return offer_; }
  Progress progress();
  bool paused() const { return paused_here_ || paused_there_; }
  /// How soon to tick again.
  Duration nextTick() const { return pace_.limited() ? Duration(10) : Duration(50); }
  /// Files that the receiver has whole.
  std::uint32_t whole() const { return whole_; }
  std::size_t lanes() const;

 private:
  enum class Have : std::uint8_t { No, Sent, Stored };

  struct File {
    bool accepted = false;
    bool over = false;
    bool ended = false;        ///< FILE_END is said
    std::uint64_t first = 0;   ///< its first block's number among those of the whole offer
    std::uint64_t blocks = 0;  ///< of a stream: known at its end
    std::uint64_t size = 0;
    bool open_end = false;
    std::uint64_t stored = 0;
    std::vector<Have> have;
    std::vector<Hash> hashes;
    std::vector<bool> hashed;
    std::map<std::uint64_t, Hash> claims;
  };
  struct Ready {
    BlockName name;
    SharedBytes bytes;
    Hash hash{};
  };
  struct Underway {
    SharedBytes kept;  ///< only where it cannot be read again
    /// Where it goes, and how much had been sent there behind its last byte; 0 before that.
    std::map<LinkId, std::uint64_t> links;
    Hash hash{};
    Instant since;
  };
  struct Link {
    bool greeted = false;
    std::size_t largest = kDataSize + kHeaderSize;
    std::optional<Ready> current;
    std::size_t at = 0;
    LaneWindow window;
    Instant heard;
    bool asked = false;
  };

  void handle(const LinkUp& up);
  void handle(const LinkDown& down);
  void handle(const Heard& heard);
  void handle(const BlockRead& read);
  void handle(const ReadFailed& failed);
  void handle(const LaneRefused&);
  void handle(const Yields& yields);
  void handle(const UserPauses&);
  void handle(const UserResumes&);
  void handle(const UserCancels& cancels);
  void handle(const Tick&);

  void said(LinkId link, const Hello& hello);
  void said(LinkId link, const Accept& accept);
  void said(LinkId link, const Reject& reject);
  void said(LinkId link, const Hashes& hashes);
  void said(LinkId link, const Arrived& arrived);
  void said(LinkId link, const Stored& stored);
  void said(LinkId link, const Again& again);
  void said(LinkId link, const Pause&);
  void said(LinkId link, const Resume&);
  void said(LinkId link, const Cancel& cancel);
  void said(LinkId link, const FileFailed& failed);
  void said(LinkId link, const DoneAck& ack);
  void said(LinkId link, const Ping& ping);
  void said(LinkId, const Pong&) {}
  void said(LinkId, const Ignorable&) {}
  template <typename Other>
  void said(LinkId, const Other&) {
    breach("a message that only a sender says");
  }

  void act(Action action) { actions_.push_back(std::move(action)); }
  void send(LinkId link, Bytes message) { act(Send{link, std::move(message)}); }
  void become(State state, Fault fault = {});
  void breach(const std::string& what);
  void giveUp(Fault fault, bool keep);
  void failFile(FileId id, const Fault& fault, bool tell);
  void forgetBlocksOf(FileId id);

  bool valid(const BlockName& name) const;
  std::uint64_t numberOf(const BlockName& name) const { return files_[name.file].first + name.block; }
  void pump();
  void readAhead();
  /// A lane that is not wanted any more sends what it has begun, and rests.
  void feed(LinkId id, Link& link, bool wanted);
  bool takeReady(LinkId id, Link& link);
  std::optional<BlockName> nextToRead();
  std::optional<BlockName> slowest();
  bool isLate(const Underway& underway) const;
  void markStored(const BlockName& name);
  void settle(FileId id);
  void settleAll();
  void loseLink(LinkId id);
  void interrupt(const std::string& why);
  void lookAtLanes();
  std::uint64_t storedBytes() const { return stored_bytes_; }

  const Offer offer_;
  const Options options_;
  const Digest digest_;
  const Clock& clock_;
  Actions actions_;
  State state_ = State::Idle;
  std::vector<File> files_;
  std::map<LinkId, Link> links_;
  std::optional<LinkId> main_;
  std::uint64_t horizon_ = 0;
  BlockName cursor_;
  std::set<BlockName> reading_;
  std::set<BlockName> returned_;
  std::deque<Ready> ready_;
  std::map<BlockName, Underway> underway_;
  std::uint64_t stored_bytes_ = 0;
  std::uint64_t arrived_bytes_ = 0;
  std::size_t open_files_ = 0;  ///< accepted and not over
  std::uint32_t whole_ = 0;
  bool paused_here_ = false;
  bool paused_there_ = false;
  bool yields_ = false;
  Pace pace_;
  ProgressMeter meter_;
  LaneCount lane_count_;
  std::size_t told_lanes_ = 1;
  Instant since_;  ///< the state's beginning
};

}  // namespace rtc::core::file
