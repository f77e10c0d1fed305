// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/mailroom.hpp"

#include <utility>

namespace rtc::signaling {

namespace {

/// About as much as a message takes in memory: only the payloads are large.
std::size_t weightOf(const ServerMessage& message) {
  constexpr std::size_t kSmall = 256;
  return kSmall + std::visit(
                      [](const auto& body) -> std::size_t {
                        if constexpr (requires { body.offer; }) return body.offer.text.size();
                        if constexpr (requires { body.answer; }) return body.answer.text.size();
                        if constexpr (requires { body.candidate; }) return body.candidate.text.size();
                        return 0;
                      },
                      message);
}

/// What is kept of a message. A list of users may be huge and is old by then: it is asked for again.
ServerMessage keepsake(const ServerMessage& message) {
  const auto* ok = std::get_if<Ok>(&message);
  if (ok == nullptr || !std::holds_alternative<UserList>(ok->body)) return message;
  return RequestError{ok->id, ErrorCode::Unavailable, "the connection was lost before the list was heard: ask again"};
}

}  // namespace

void Mailroom::send(const Session& to, ServerMessage message, Count count) {
  queue_.push_back({to.id, std::move(message), count});
}

void Mailroom::repeat(const Session& to) {
  queue_.push_back({to.id, Repetition{}});
}

void Mailroom::disconnect(ClientId client, CloseCode code, std::string reason) {
  queue_.push_back({0, Outgoing{client, Disconnect{code, std::move(reason)}}});
}

void Mailroom::replyAt(std::size_t mark, const Session& to, ServerMessage message, Count count) {
  queue_.insert(queue_.begin() + static_cast<std::ptrdiff_t>(mark), Queued{to.id, std::move(message), count});
}

std::vector<Outgoing> Mailroom::take() {
  std::vector<Outgoing> out;
  for (auto& queued : std::exchange(queue_, {})) giveOut(out, std::move(queued));
  return out;
}

void Mailroom::giveOut(std::vector<Outgoing>& out, Queued queued) {
  if (auto* ready = std::get_if<Outgoing>(&queued.what)) {
    out.push_back(std::move(*ready));
    return;
  }
  Session* to = users_.byId(queued.to);
  if (to == nullptr) return;
  if (auto* message = std::get_if<ServerMessage>(&queued.what)) {
    giveOut(out, *to, std::move(*message), queued.count);
  } else {
    repeat(out, *to);
  }
}

void Mailroom::giveOut(std::vector<Outgoing>& out, Session& to, ServerMessage message, Count count) {
  if (to.elsewhere) {
    // Its own hub numbers it, and keeps it while the connection is lost.
    backplane_->send(to.elsewhere->hub, ToDevice{to.elsewhere->session, std::move(message)});
    return;
  }
  Numbers numbers;
  const bool keep = count == Count::In && (to.counts || !to.client);
  if (keep) {
    const bool was_whole = !to.outbox.overflown();
    const int seq = to.outbox.push(keepsake(message), weightOf(message));
    if (to.counts) numbers = {seq, to.inbox.heard()};
    if (was_whole && to.outbox.overflown()) {
      ++counters_.outboxes_overflown;
      if (!to.client) users_.expire(to, clock_.now());
    }
  }
  if (!to.client) return;
  if (to.counts) to.inbox.told();
  ++counters_.messages_out;
  out.push_back({*to.client, std::move(message), numbers});
}

void Mailroom::repeat(std::vector<Outgoing>& out, Session& to) {
  if (!to.client) return;
  for (const auto& entry : to.outbox.kept()) {
    ++counters_.messages_out;
    out.push_back({*to.client, entry.message, to.counts ? Numbers{entry.seq, to.inbox.heard()} : Numbers{}});
  }
  if (!to.counts) to.outbox.clear();
}

}  // namespace rtc::signaling
