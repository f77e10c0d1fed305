// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One end of a call under test that carries data only: a session without any element of ours, and its channels.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "plugins/session/session.hpp"
#include "tests/support/wait.hpp"

namespace rtc::testing {

/// What a channel told. Thread-safe.
class ChannelLog {
 public:
  struct Seen {
    std::vector<std::pair<bool, std::string>> messages;  ///< whether text, and its content
    std::vector<std::string> states;
    std::string why;
    std::size_t bytes = 0;
    int lows = 0;
  };

  /// On the session's thread.
  static std::shared_ptr<ChannelLog> of(const std::shared_ptr<DataChannel>& channel, bool keep = true);

  Seen seen() const { return seen_.copy(); }
  bool reaches(const char* state, Duration deadline = kPatience) const;
  bool gets(std::size_t messages, Duration deadline = kPatience) const;

  const std::shared_ptr<DataChannel> channel;

 private:
  explicit ChannelLog(std::shared_ptr<DataChannel> logged) : channel(std::move(logged)) {}
  Guarded<Seen> seen_;
};

/// Bound to the thread that made it.
class DataParty final : private DataUser {
 public:
  /// `wanted`: channels to open as soon as a call is being set up.
  DataParty(const std::string& server, const std::string& user, std::vector<core::ChannelOptions> wanted = {},
            const std::map<Setting, std::string>& more = {});
  ~DataParty() override;

  Session& session() { return *session_; }
  GstElement* element() const { return element_.get(); }
  bool online() const;
  /// Calls, and waits until the call is connected.
  bool calls(const std::string& user);
  bool connected() const;
  std::string endReason() const;

  /// Opens one in the middle of the call; null if that is refused, and then `refusal` says why.
  std::shared_ptr<ChannelLog> open(const core::ChannelOptions& options);
  /// Likewise, on a connection of its own.
  std::shared_ptr<ChannelLog> openLane(const core::ChannelOptions& options);
  std::string refusal;
  /// The `index`-th channel that was opened beforehand.
  std::shared_ptr<ChannelLog> opened(std::size_t index = 0) const;
  /// The `index`-th channel of the peer, once it is there; null if it does not come.
  std::shared_ptr<ChannelLog> offered(std::size_t index = 0) const;
  /// Sends on the session's thread. The sentence of what went wrong; empty if nothing did.
  std::string send(const std::shared_ptr<ChannelLog>& log, std::string_view content, bool text);
  void close(const std::shared_ptr<ChannelLog>& log);
  void hangUp() { session_->hangUp({}); }

  /// Whether what the peer opens is taken, and whether its messages are kept or only counted.
  bool takes = true;
  bool keeps = true;
  /// Another channel to open as soon as a call is being set up, on a connection of its own.
  std::optional<core::ChannelOptions> wanted_lane;

 private:
  void dataBegins(CallData& call) override;
  bool channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) override;
  void dataEnds(CallData& call) override;

  using Opener = Result<std::shared_ptr<DataChannel>> (CallData::*)(const core::ChannelOptions&, DataUser*);
  std::shared_ptr<ChannelLog> openBy(Opener opener, const core::ChannelOptions& options);

  struct State {
    std::vector<std::shared_ptr<ChannelLog>> opened;
    std::vector<std::shared_ptr<ChannelLog>> offered;
    bool connected = false;
    std::string ended;
  };

  const std::vector<core::ChannelOptions> wanted_;
  CallData* call_ = nullptr;  // of the session's thread
  Guarded<State> state_;
  Ptr<GstElement> pipeline_;
  Ptr<GstElement> element_;
  std::unique_ptr<Session> session_;
};

}  // namespace rtc::testing
