// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How an element takes part in the data of its session's calls.
#pragma once

#include <memory>
#include <string>

#include "plugins/session/data_channel.hpp"

namespace rtc {

class DataUser;

/// The data side of one call. Bound to the session's thread; ends when its users are told so.
class CallData {
 public:
  virtual ~CallData() = default;
  virtual const std::string& call() const = 0;
  /// The other user.
  virtual const std::string& user() const = 0;
  virtual bool caller() const = 0;
  /// A channel that is about to be, or the sentence that says why it cannot be. Any number may have the same label. All
  /// users but the opener, which may be null, are offered it.
  virtual Result<std::shared_ptr<DataChannel>> open(const core::ChannelOptions& options, DataUser* opener) = 0;
  /// The same on a connection of its own: one SCTP association has a low ceiling where the path is long. The peer is
  /// offered it like any channel. The lane ends with its channel, and its end never ends the call. Up to `Lanes::kMax`
  /// at a time; a peer that is no session of ours has none.
  virtual Result<std::shared_ptr<DataChannel>> openLane(const core::ChannelOptions& options, DataUser* opener) = 0;
};

/// Told on the session's thread. Add it with `Session::addDataUser`.
class DataUser {
 public:
  virtual ~DataUser() = default;
  /// A call is being set up, or is under way, or its connection is being made anew: open your channels. Those that are
  /// opened here and now stand as soon as the connection does; a negotiated one must be.
  virtual void dataBegins(CallData& call) = 0;
  /// There is a channel that somebody else opened: the peer (it is `incoming`), or another user of this session. True:
  /// you take part in it, which others may do as well. What the peer said on it waits for the first that listens.
  virtual bool channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) = 0;
  /// The connection is lost, and its channels with it. `dataBegins` will tell of the next one, or `dataEnds` that there
  /// is none. For most users it is like an end.
  virtual void dataBreaks(CallData& call) { dataEnds(call); }
  /// The call is over; its channels are closed.
  virtual void dataEnds(CallData& call) = 0;
};

}  // namespace rtc
