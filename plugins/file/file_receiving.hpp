// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Takes files that others offer in the calls of a session. It is the shell around the engine: it sorts channels, has
// blocks checked and stored on a thread of their own, and keeps the time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/core/file/offer_rate.hpp"
#include "plugins/core/file/receiver.hpp"
#include "plugins/file/block_store.hpp"
#include "plugins/file/incoming_transfer.hpp"
#include "plugins/session/data_user.hpp"
#include "plugins/session/session.hpp"

namespace rtc {

/// Bound to the session's thread.
class FileReceiving final : public DataUser {
 public:
  struct Options {
    core::file::Limits limits;
    Duration patience{60'000};  ///< of an interrupted transfer
    std::size_t at_once = 16;   ///< transfers; a further one is told that we are busy
    /// Makes a place for one transfer.
    std::function<std::shared_ptr<BlockStore>()> make_store;
  };

  /// The owner adds it to the session, and takes it out again before it goes.
  FileReceiving(Session& session, Options options, IncomingTransfer::Listener listener);
  ~FileReceiving() override;

  /// A call of the session changed.
  void callChanged(const std::string& user, const std::string& state, const std::string& reason);

  /// Null if there is no such transfer.
  IncomingTransfer* find(const std::string& id);
  /// Calls `use(transfer)` for each.
  template <typename F>
  void forEach(F&& use) {
    for (const auto& transfer : transfers_) use(*transfer);
  }

 private:
  struct Channel {
    std::shared_ptr<DataChannel> channel;
    std::string user;
    IncomingTransfer* transfer = nullptr;
    unsigned refusals = 0;  ///< in a row
  };

  void dataBegins(CallData&) override {}
  bool channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) override;
  void dataEnds(CallData& call) override;

  void heard(core::file::LinkId link, const DataMessage& message);
  /// To which transfer a channel that greets belongs; or why to none.
  Result<IncomingTransfer*> sort(const Channel& channel, const core::file::Hello& hello);
  void lost(core::file::LinkId link);
  void refuse(Channel& channel, const core::file::Hello& hello, const std::string& why);
  void tidy();
  void tick();

  Session& session_;
  const Options options_;
  const IncomingTransfer::Listener listener_;
  std::map<core::file::LinkId, Channel> channels_;
  core::file::LinkId next_link_ = 0;
  core::file::OfferRate rate_;
  std::vector<std::unique_ptr<IncomingTransfer>> transfers_;
  Timer tick_;
};

}  // namespace rtc
