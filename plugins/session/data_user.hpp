// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How an element takes part in the data of its session's calls.
#pragma once

#include <memory>
#include <string>

#include "plugins/session/data_channel.hpp"

namespace rtc {

/// The data side of one call. Bound to the session's thread; ends when its users are told so.
class CallData {
 public:
  virtual ~CallData() = default;
  virtual const std::string& call() const = 0;
  /// The other user.
  virtual const std::string& user() const = 0;
  virtual bool caller() const = 0;
  /// A channel that is about to be, or the sentence that says why it cannot be. Any number may have the same label.
  virtual Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options) = 0;
};

/// Told on the session's thread. Add it with `Session::addDataUser`.
class DataUser {
 public:
  virtual ~DataUser() = default;
  /// A call is being set up, or is under way: open your channels. Those that are opened here and now stand as soon as
  /// the connection does; a negotiated one must be.
  virtual void dataBegins(CallData& call) = 0;
  /// The peer opened a channel. True: it is yours, and nobody else is asked. What was said on it waits for `listen`.
  virtual bool channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) = 0;
  /// The call is over; its channels are closed.
  virtual void dataEnds(CallData& call) = 0;
};

}  // namespace rtc
