// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sends files to the other user of a call, one transfer after another. It is the shell around the engine: it opens
// channels, has the disk read on a thread of its own, and keeps the time.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "base/task_thread.hpp"
#include "plugins/core/file/sender.hpp"
#include "plugins/file/block_store.hpp"
#include "plugins/file/transfer_news.hpp"
#include "plugins/session/data_user.hpp"
#include "plugins/session/session.hpp"

namespace rtc {

/// Bound to the session's thread, but for what says otherwise.
class FileSending final : public DataUser {
 public:
  struct Options {
    std::string peer;           ///< who is called again after a connection was lost; nobody if empty
    Duration patience{60'000};  ///< without a connection
    core::file::Sender::Options engine;
  };
  struct Listener {
    std::function<void(const TransferNews&)> on_news;
    std::function<void(const FileNews&)> on_file;
  };

  /// The owner adds it to the session, and takes it out again before it goes.
  FileSending(Session& session, Options options, Listener listener);
  ~FileSending() override;

  /// The next transfer; it begins when those before it are over.
  void send(core::file::Offer offer, std::shared_ptr<BlockSource> source, bool rereadable = true);
  void pause();
  void resume();
  /// The transfer that is under way, or waits.
  void cancel(core::file::Fault fault);
  bool busy() const { return engine_ != nullptr || !waiting_.empty(); }

  /// A call of the session changed.
  void callChanged(const std::string& user, const std::string& state, const std::string& reason);

 private:
  struct Job {
    core::file::Offer offer;
    std::shared_ptr<BlockSource> source;
    bool rereadable = true;
  };

  void dataBegins(CallData& call) override;
  bool channelOffered(CallData&, const std::shared_ptr<DataChannel>&) override { return false; }
  void dataEnds(CallData& call) override;

  void openChannel();
  void listen(core::file::LinkId link, DataChannel& channel);
  void channelChanged(core::file::LinkId link, DataChannel::State state, const std::string& why);
  void openLane();
  void closeLanes();
  void begin();
  void step(const core::file::Sender::Event& event);
  void carryOut(core::file::Send& send);
  void carryOut(const core::file::Sender::Read& read);
  void carryOut(const core::file::Sender::WantLanes& lanes);
  void carryOut(const core::file::Changed& changed);
  void carryOut(const core::file::PauseChanged& paused);
  void carryOut(const core::file::FileOver& over);
  void tell();
  void tellOfMishap(const std::string& reason);
  void tick();
  void callAgain();
  void end();

  Session& session_;
  const Options options_;
  const Listener listener_;
  const SteadyClock clock_;
  std::deque<Job> waiting_;
  std::unique_ptr<core::file::Sender> engine_;
  std::shared_ptr<BlockSource> source_;
  std::shared_ptr<Mailbox<FileSending>> mailbox_;
  CallData* call_ = nullptr;
  /// The first is that of the offer, with the number 0; the others are lanes.
  std::map<core::file::LinkId, std::shared_ptr<DataChannel>> channels_;
  core::file::LinkId next_lane_ = 1;
  TransferNews news_;
  Timer tick_;
  Timer again_;
  Duration next_try_{500};
  std::optional<Instant> alone_since_;
  bool tries_again_ = false;  ///< a transfer that has not begun
  Instant told_;
  bool ending_ = false;
  TaskThread disk_;
};

}  // namespace rtc
