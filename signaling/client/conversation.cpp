// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/conversation.hpp"

#include <utility>

#include "signaling/protocol/codec.hpp"

namespace rtc::signaling {

void Conversation::prepare(Login& login) const {
  login.ack = inbox_.heard();
  // With a gap in what we kept, we would go on as if nothing had been lost.
  if (!outbox_.overflown()) login.resume = resume_;
}

std::vector<ClientMessage> Conversation::begin(const LoggedIn& login) {
  resume_ = login.resume;
  if (!login.resumed || !login.ack) {
    restart(login.ack.has_value());
    return takeUpCalls();
  }
  confirm(*login.ack);
  std::vector<ClientMessage> missed;
  for (const auto& entry : outbox_.kept()) {
    missed.push_back(entry.message);
    missed.back().numbers = {entry.seq, inbox_.heard()};
  }
  return missed;
}

void Conversation::restart(bool counts) {
  counts_ = counts;
  inbox_ = {};
  outbox_ = Outbox<ClientMessage>({});
}

/// A service that knows us no more knows nothing of our calls either. Those that we have left meanwhile are claimed
/// too, and left: so the other party hears of it.
std::vector<ClientMessage> Conversation::takeUpCalls() {
  std::vector<ClientMessage> messages;
  for (auto& [call, own] : std::map(tickets_)) {
    const auto& ticket = own.ticket;
    messages.push_back(number({"", Reattach{ticket.call, ticket.with, ticket.role, ticket.secret}}));
    if (own.left) messages.push_back(number({"", Leave{ticket.call, "", *own.left}}));
  }
  return messages;
}

ClientMessage Conversation::number(ClientMessage message) {
  if (!counts_) return message;
  message.numbers.seq = outbox_.push(message, encode(message).size());
  message.numbers.ack = inbox_.heard();
  inbox_.told();
  noteFarewell(message.body, message.numbers.seq);
  return message;
}

void Conversation::noteFarewell(const ClientBody& body, int seq) {
  const auto note = [&](const std::string& call, Reason reason) {
    const auto own = tickets_.find(call);
    if (own == tickets_.end()) return;
    own->second.left = reason;
    own->second.left_seq = seq;
  };
  if (const auto* leave = std::get_if<Leave>(&body)) note(leave->call, leave->reason);
  if (const auto* cancel = std::get_if<Cancel>(&body)) note(cancel->call, Reason::Cancelled);
}

void Conversation::confirm(int ack) {
  outbox_.acknowledge(ack);
  std::erase_if(tickets_, [&](const auto& own) { return own.second.left && own.second.left_seq <= ack; });
}

bool Conversation::take(const ServerMessage& message, Numbers numbers, std::size_t bytes) {
  if (counts_) {
    confirm(numbers.ack);
    // A gap cannot be on a connection that keeps the order; a service that makes one is believed all the same.
    if (inbox_.take(numbers.seq, bytes) == Inbox::Verdict::Heard) return false;
  }
  if (const auto* ticket = std::get_if<Ticket>(&message)) {
    tickets_[ticket->call] = {*ticket, {}, 0};
    return false;
  }
  if (const auto* ended = std::get_if<Ended>(&message)) tickets_.erase(ended->call);
  return !std::holds_alternative<Acknowledged>(message);
}

std::optional<ClientMessage> Conversation::owedWord() {
  if (!counts_ || !inbox_.owesWord()) return std::nullopt;
  inbox_.told();
  return ClientMessage{"", Acknowledge{}, {0, inbox_.heard()}};
}

}  // namespace rtc::signaling
