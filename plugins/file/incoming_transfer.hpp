// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One transfer that comes in: the receiving engine, its disk and its channels.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/task_thread.hpp"
#include "plugins/core/file/receiver.hpp"
#include "plugins/file/block_store.hpp"
#include "plugins/file/transfer_news.hpp"
#include "plugins/session/data_channel.hpp"

namespace rtc {

/// Bound to the session's thread.
class IncomingTransfer {
 public:
  struct Listener {
    std::function<void(const TransferNews&)> on_news;
    std::function<void(const FileNews&)> on_file;
    /// Answer with `accept` or `decline`, now or later.
    std::function<void(IncomingTransfer&)> on_offer;
  };

  IncomingTransfer(TaskThread& thread, std::string peer, core::file::Limits limits, std::shared_ptr<BlockStore> store,
                   const Listener& listener);
  IncomingTransfer(const IncomingTransfer&) = delete;
  IncomingTransfer& operator=(const IncomingTransfer&) = delete;
  ~IncomingTransfer();

  const std::string& peer() const { return news_.peer; }
  const std::string& id() const { return news_.id; }
  core::file::State state() const { return engine_.state(); }
  const core::file::Offer& offer() const { return engine_.offer(); }
  /// Of the offer that waits for its answer.
  const BlockStore::Plan& plan() const { return plan_; }
  bool over() const { return core::file::isOver(engine_.state()); }
  bool complete() const { return engine_.complete(); }
  std::optional<Instant> interruptedSince() const { return interrupted_; }

  void addChannel(core::file::LinkId link, std::shared_ptr<DataChannel> channel);
  void dropChannel(core::file::LinkId link);
  void hear(core::file::LinkId link, core::file::View message);

  void acceptAll();
  void accept(const std::vector<core::file::FileId>& files);
  void decline(core::file::Fault fault);
  void pause() { step(core::file::UserPauses{}); }
  void resume() { step(core::file::UserResumes{}); }
  void cancel(core::file::Fault fault, bool keep) { step(core::file::UserCancels{std::move(fault), keep}); }
  void tick();

 private:
  void step(const core::file::Receiver::Event& event);
  void carryOut(core::file::Send& send);
  void carryOut(const core::file::Receiver::ShowOffer&);
  void carryOut(core::file::Receiver::Store& store);
  void carryOut(const core::file::Receiver::Finish& finish);
  void carryOut(const core::file::Receiver::Abandon& abandon);
  void carryOut(const core::file::Receiver::Drop& drop);
  void carryOut(const core::file::Changed& changed);
  void carryOut(const core::file::PauseChanged& paused);
  void carryOut(const core::file::FileOver& over);
  void tell();

  const Listener& listener_;
  const SteadyClock clock_;
  core::file::Receiver engine_;
  std::shared_ptr<BlockStore> store_;
  std::shared_ptr<Mailbox<IncomingTransfer>> mailbox_;
  std::map<core::file::LinkId, std::shared_ptr<DataChannel>> channels_;
  /// Of how many offers this is: what the disk says of an earlier one is nothing to the present one.
  unsigned offer_number_ = 0;
  bool planned_ = false;  ///< `plan_` is of the present offer
  BlockStore::Plan plan_;
  TransferNews news_;
  Instant told_;
  std::optional<Instant> interrupted_;
  bool closed_ = false;
  TaskThread disk_;
};

}  // namespace rtc
