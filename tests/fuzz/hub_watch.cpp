// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/hub_watch.hpp"

#include "tests/fuzz/require.hpp"

namespace rtc::fuzz {

using namespace signaling;

void HubWatch::says(ClientId client, const ClientMessage& message) {
  Client& who = clients_.at(client);
  if (const auto* login = std::get_if<Login>(&message.body); login != nullptr && !who.full) {
    asked_resume_[client] = login->resume;
  }
  // A party knows its call by its own word, too. Whether the hub agrees shows in what others hear.
  if (const auto* call = std::get_if<Call>(&message.body)) who.calls.insert(call->call);
  if (const auto* claim = std::get_if<Reattach>(&message.body)) who.calls.insert(claim->call);
}

void HubWatch::hears(const Outgoing& outgoing) {
  // Nothing is said to one who is not there.
  FUZZ_REQUIRE(clients_.contains(outgoing.to));
  Client& who = clients_.at(outgoing.to);
  if (std::holds_alternative<Disconnect>(outgoing.what)) {
    who.closing = true;
    return;
  }
  const auto& message = std::get<ServerMessage>(outgoing.what);
  const auto* ok = std::get_if<Ok>(&message);
  if (const auto* login = ok != nullptr ? std::get_if<LoggedIn>(&ok->body) : nullptr) {
    if (login->resumed) {
      // What the lost connection knew. It may have been taken over while it still looked alive.
      const auto& secret = asked_resume_[outgoing.to];
      const auto before = by_resume_.find(secret);
      FUZZ_REQUIRE(before != by_resume_.end());
      for (const auto& [other, known] : resume_) {
        if (known == secret && clients_.contains(other)) before->second = clients_.at(other);
      }
      who = before->second;
      who.closing = false;
    }
    who.full = true;
    who.counts = login->ack.has_value();
    resume_[outgoing.to] = login->resume;
    by_resume_[login->resume] = who;
    return;
  }
  if (outgoing.numbers.seq != 0) {
    // In order and without a gap; what a lost connection had heard may come again after a return, from where it said.
    FUZZ_REQUIRE(who.counts);
    FUZZ_REQUIRE(outgoing.numbers.seq <= who.heard_seq + 1);
    if (outgoing.numbers.seq <= who.heard_seq) return;
    who.heard_seq = outgoing.numbers.seq;
  }
  hears(who, message);
  if (const auto secret = resume_.find(outgoing.to); secret != resume_.end()) by_resume_[secret->second] = who;
}

void HubWatch::hears(Client& client, const ServerMessage& message) {
  std::visit(
      [&](const auto& said) {
        using Said = std::decay_t<decltype(said)>;
        if constexpr (std::is_same_v<Said, IncomingCall>) {
          FUZZ_REQUIRE(client.full && !said.from.empty());
          client.calls.insert(said.call);
        } else if constexpr (requires { said.call; }) {
          // Of a call only those hear who are in it.
          FUZZ_REQUIRE(client.full && client.calls.contains(said.call));
          if constexpr (std::is_same_v<Said, Ended>) client.calls.erase(said.call);
        } else if constexpr (std::is_same_v<Said, BookLeave> || std::is_same_v<Said, BookOffer>) {
          FUZZ_REQUIRE(!client.full);
        }
      },
      message);
}

}  // namespace rtc::fuzz
