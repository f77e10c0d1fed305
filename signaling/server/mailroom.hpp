// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one step of the hub says, in its order, until the step is over. Only then is it numbered, kept for those who may
// have to hear it again, and given out.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/server/hub_counters.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/registry.hpp"

namespace rtc::signaling {

class Mailroom {
 public:
  /// Guests are written to over the backplane, if there is one.
  Mailroom(Registry& users, const Clock& clock, HubCounters& counters, Backplane* backplane)
      : users_(users), clock_(clock), counters_(counters), backplane_(backplane) {}

  /// Whether a message is numbered, to one who counts. The reply to a login and a mere acknowledgement are not.
  enum class Count { In, Out };

  /// Says it now, or, to a lost connection, once it is back.
  void send(const Session& to, ServerMessage message, Count count = Count::In);
  /// Says again what the session has not confirmed.
  void repeat(const Session& to);
  void disconnect(ClientId client, CloseCode code, std::string reason);

  /// The reply to a request comes before all that the request has caused since `mark`.
  std::size_t mark() const { return queue_.size(); }
  void replyAt(std::size_t mark, const Session& to, ServerMessage message, Count count = Count::In);

  std::vector<Outgoing> take();

 private:
  struct Repetition {};
  struct Queued {
    SessionId to = 0;
    std::variant<ServerMessage, Repetition, Outgoing> what;
    Count count = Count::In;
  };

  void giveOut(std::vector<Outgoing>& out, Queued queued);
  void giveOut(std::vector<Outgoing>& out, Session& to, ServerMessage message, Count count);
  void repeat(std::vector<Outgoing>& out, Session& to);

  Registry& users_;
  const Clock& clock_;
  HubCounters& counters_;
  Backplane* const backplane_;
  std::vector<Queued> queue_;
};

}  // namespace rtc::signaling
