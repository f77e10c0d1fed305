// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a client and the service have said to each other, counted, so that after a loss each says again what the other
// missed; and the tickets of calls, for a service that has forgotten everything. Pure: values in, values out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/inbox.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/protocol/outbox.hpp"

namespace rtc::signaling {

class Conversation {
 public:
  /// Makes a login ask for what it may: to go on where the last one was lost.
  void prepare(Login& login) const;
  /// The service took the login. Gives what is to be said now: what it missed, or our calls if it knows us no more.
  std::vector<ClientMessage> begin(const LoggedIn& login);

  /// Whether a loss loses nothing: what is said meanwhile is kept, and requests may still be answered.
  bool lasts() const { return counts_ && !outbox_.overflown(); }
  /// The message as it is to be said. It is kept until the service has confirmed it.
  ClientMessage number(ClientMessage message);

  /// Takes note of a message of the service, of so many bytes. False: it was heard before, or is for us alone.
  bool take(const ServerMessage& message, Numbers numbers, std::size_t bytes = 0);
  /// So much was heard that the service should know.
  std::optional<ClientMessage> owedWord();

 private:
  struct OwnTicket {
    Ticket ticket;
    std::optional<Reason> left;  ///< we hung up
    int left_seq = 0;            ///< and the service knows once it has heard this
  };

  void restart(bool counts);
  std::vector<ClientMessage> takeUpCalls();
  void noteFarewell(const ClientBody& body, int seq);
  void confirm(int ack);

  bool counts_ = false;
  std::string resume_;
  Inbox inbox_;
  Outbox<ClientMessage> outbox_{{}};
  std::map<std::string, OwnTicket> tickets_;
};

}  // namespace rtc::signaling
