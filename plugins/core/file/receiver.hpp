// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The receiving end of a transfer. It takes no byte that was not agreed on: what comes must belong to an accepted file,
// lie within the credit, and have the hash that its sender names. What is stored is the shell's work.
#pragma once

#include <map>
#include <set>
#include <variant>
#include <vector>

#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/progress.hpp"
#include "plugins/core/file/transfer.hpp"

namespace rtc::core::file {

/// Reentrant.
class Receiver {
 public:
  // Events of this end only.
  struct Claim {
    BlockName name;
    Hash hash{};
  };
  /// The offer is taken, or these files of it; what the shell has of them from another time.
  struct Accepts {
    std::vector<FileId> files;  ///< in their order
    std::vector<Claim> claims;
  };
  struct Declines {
    Fault fault;
  };
  enum class Outcome { Stored, Damaged, Failed };
  /// To each `Store`.
  struct BlockOver {
    BlockName name;
    Outcome outcome = Outcome::Stored;
    Hash hash{};
    Fault fault;  ///< of Failed
  };
  /// To each `Finish`.
  struct FileFinished {
    FileId file = 0;
    std::optional<Fault> fault;
  };
  using Event = std::variant<LinkUp, LinkDown, Heard, Accepts, Declines, BlockOver, FileFinished, UserPauses,
                             UserResumes, UserCancels, Tick>;

  // Actions of this end only.
  /// Ask a person or a rule about `offer()`; the answer is Accepts or Declines.
  struct ShowOffer {};
  /// Compare with the hash, and store.
  struct Store {
    BlockName name;
    std::uint64_t offset = 0;
    Bytes bytes;
    Hash hash{};
  };
  /// The file is complete and its root is right: give it its name. All its `Store`s are answered.
  struct Finish {
    FileId file = 0;
    std::uint64_t size = 0;
  };
  /// No more of the file; `keep` what is there for another time, or not.
  struct Abandon {
    FileId file = 0;
    bool keep = false;
  };
  /// Close the channel: it is no part of the transfer.
  struct Drop {
    LinkId link = 0;
  };
  using Action = std::variant<Send, ShowOffer, Store, Finish, Abandon, Drop, Changed, PauseChanged, FileOver>;
  using Actions = std::vector<Action>;

  Receiver(Limits limits, Digest digest, const Clock& clock);

  Actions on(const Event& event);

  State state() const { return state_; }
  /// From Offered on.
  const Offer& offer() const { return offer_; }
  Progress progress();
  bool paused() const { return paused_here_ || paused_there_; }
  std::uint32_t whole() const { return whole_; }
  /// Every accepted file is there or failed by itself, whether or not the sender has heard of it.
  bool complete() const { return complete_; }

 private:
  enum class Have : std::uint8_t { No, Claimed, Pending, Stored };

  struct File {
    bool accepted = false;
    bool over = false;
    bool finishing = false;
    bool whole = false;
    std::uint64_t first = 0;
    std::uint64_t blocks = 0;  ///< of a stream: as many as it may have
    std::uint64_t pending = 0;
    std::uint64_t present = 0;                                           ///< claimed or stored
    std::optional<std::pair<std::uint64_t, std::uint32_t>> short_block;  ///< a stream's last one and its length
    std::vector<Have> have;
    std::vector<Hash> hashes;
    std::set<std::uint64_t> damaged;
  };
  struct Link {
    bool greeted = false;
    bool lane = false;
    std::optional<BlockName> name;
    Bytes bytes;
    std::uint64_t arrived = 0;
    std::uint64_t told = 0;
    std::uint64_t tell_after = 0;  ///< so many more: about a hundred times a second
    std::uint64_t at_tick = 0;
    Instant told_at;
    Instant heard;
    bool asked = false;
  };

  void handle(const LinkUp& up);
  void handle(const LinkDown& down);
  void handle(const Heard& heard);
  void handle(const Accepts& accepts);
  void handle(const Declines& declines);
  void handle(const BlockOver& over);
  void handle(const FileFinished& finished);
  void handle(const UserPauses&);
  void handle(const UserResumes&);
  void handle(const UserCancels& cancels);
  void handle(const Tick&);

  void said(LinkId link, const Hello& hello);
  void said(LinkId link, const OfferPage& page);
  void said(LinkId link, const Data& data);
  void said(LinkId link, const Block& block);
  void said(LinkId link, const FileEnd& end);
  void said(LinkId link, const Pause&);
  void said(LinkId link, const Resume&);
  void said(LinkId link, const Cancel& cancel);
  void said(LinkId link, const FileFailed& failed);
  void said(LinkId link, const Done&);
  void said(LinkId link, const DoneSeen&);
  void said(LinkId link, const Ping& ping);
  void said(LinkId, const Pong&) {}
  void said(LinkId, const Ignorable&) {}
  template <typename Other>
  void said(LinkId, const Other&) {
    breach("a message that only a receiver says");
  }

  void act(Action action) { actions_.push_back(std::move(action)); }
  void send(LinkId link, Bytes message) { act(Send{link, std::move(message)}); }
  void become(State state, Fault fault = {});
  void breach(const std::string& what);
  void giveUp(Fault fault, bool keep);
  void abandonAll(bool keep);
  void failFile(FileId id, const Fault& fault, bool tell, bool keep);

  void offered(Offer offer);
  void acceptAgain();
  void answer(const std::vector<FileId>& files);
  void tellClaims();
  File* openFile(FileId id);
  std::uint32_t lengthOf(FileId file, std::uint64_t block) const;
  void account(LinkId id, Link& link, std::size_t bytes);
  void tellArrived(LinkId id, Link& link);
  void mark(FileId id, std::uint64_t block, Have have);
  void moveHorizon();
  bool past(FileId id, std::uint64_t block) const;
  void tellStored();
  void confirm();
  std::size_t blocksPending() const;

  const Limits limits_;
  const Digest digest_;
  const Clock& clock_;
  Actions actions_;
  State state_ = State::Idle;
  Offer offer_;
  std::optional<OfferReader> reader_;
  std::vector<File> files_;
  std::map<LinkId, Link> links_;
  std::optional<LinkId> main_;
  BlockName watermark_;        ///< all before it is there
  BlockName edge_;             ///< the horizon: the first block that may not come yet
  std::uint64_t between_ = 0;  ///< bytes from the one to the other
  std::vector<BlockName> untold_;
  std::uint64_t told_horizon_ = 0;
  std::uint64_t stored_bytes_ = 0;
  std::uint64_t pending_ = 0;
  std::uint32_t whole_ = 0;
  bool was_accepted_ = false;
  bool sender_is_done_ = false;
  bool complete_ = false;
  bool paused_here_ = false;
  bool paused_there_ = false;
  ProgressMeter meter_;
  Instant since_;
};

}  // namespace rtc::core::file
