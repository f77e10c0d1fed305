// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/call_machine.hpp"

#include <algorithm>

namespace rtc::signaling {

namespace {

using namespace call_event;

CallStep refused() {
  return {true, {}};
}

CallStep tell(Party to, CallNotice::Kind kind) {
  return {false, {CallNotice{to, kind, Reason::Hangup, std::nullopt}}};
}

}  // namespace

/// One rule per event: what it does in each state.
struct CallMachine::Rules {
  CallMachine& call;
  Party by;
  Instant now;

  CallStep operator()(const Ring&) const {
    if (by != Party::Callee || !call.pending()) return refused();
    if (call.state_ == CallState::Ringing) return {};
    call.state_ = CallState::Ringing;
    return tell(Party::Caller, CallNotice::Kind::Ringing);
  }

  CallStep operator()(const PickUp&) const {
    if (by != Party::Callee) return refused();
    // Said again by a client that missed the reply.
    if (call.relays()) return {};
    if (!call.pending()) return refused();
    call.state_ = CallState::Accepted;
    call.phase_ends_ = now + call.timers_.setup;
    return tell(Party::Caller, CallNotice::Kind::Accepted);
  }

  CallStep operator()(const Refuse& refuse) const {
    if (by != Party::Callee || !call.pending()) return refused();
    return call.endBy(by, refuse.reason);
  }

  /// The caller may not have heard of the acceptance yet: it gets out all the same.
  CallStep operator()(const GiveUp&) const {
    if (by != Party::Caller || call.ended()) return refused();
    return call.endBy(by, Reason::Cancelled);
  }

  CallStep operator()(const Connect&) const {
    if (!call.relays()) return refused();
    call.connected(by) = true;
    if (call.connected(otherThan(by)) && call.state_ == CallState::Accepted) {
      call.state_ = CallState::Connected;
      call.phase_ends_.reset();
    }
    return {};
  }

  CallStep operator()(const HangUp& hang_up) const {
    if (call.ended()) return refused();
    if (!call.pending() || hang_up.reason != Reason::Hangup) return call.endBy(by, hang_up.reason);
    return call.endBy(by, by == Party::Caller ? Reason::Cancelled : Reason::Declined);
  }

  CallStep operator()(const Detach&) const {
    if (call.ended()) return refused();
    if (call.pending()) return vanished();
    call.detachedUntil(by) = now + call.timers_.resume;
    return {};
  }

  CallStep operator()(const Vanish&) const { return call.ended() ? refused() : vanished(); }

  CallStep operator()(const Resume&) const {
    if (call.ended()) return refused();
    call.detachedUntil(by).reset();
    return {};
  }

 private:
  CallStep vanished() const {
    if (!call.pending()) return call.endBy(by, Reason::PeerLost);
    return call.endBy(by, by == Party::Caller ? Reason::Cancelled : Reason::Unavailable);
  }
};

CallMachine::CallMachine(const CallTimers& timers, Instant now) : timers_(timers), phase_ends_(now + timers.ring) {}

CallMachine CallMachine::reattached(const CallTimers& timers) {
  CallMachine call(timers, Instant{});
  call.state_ = CallState::Connected;
  call.phase_ends_.reset();
  call.connected_ = {true, true};
  return call;
}

CallStep CallMachine::on(Party by, const CallEvent& event, Instant now) {
  return std::visit(Rules{*this, by, now}, event);
}

CallStep CallMachine::tick(Instant now) {
  if (ended()) return {};
  for (const Party party : {Party::Caller, Party::Callee}) {
    const auto until = detachedUntil(party);
    if (until && *until <= now) return endBy(party, Reason::PeerLost);
  }
  if (!phase_ends_ || *phase_ends_ > now) return {};
  return end(pending() ? Reason::Timeout : Reason::IceFailed);
}

CallStep CallMachine::end(Reason reason) {
  if (ended()) return {};
  state_ = CallState::Ended;
  return {false,
          {CallNotice{Party::Caller, CallNotice::Kind::Ended, reason, std::nullopt},
           CallNotice{Party::Callee, CallNotice::Kind::Ended, reason, std::nullopt}}};
}

CallStep CallMachine::endBy(Party by, Reason reason) {
  state_ = CallState::Ended;
  return {false, {CallNotice{otherThan(by), CallNotice::Kind::Ended, reason, by}}};
}

std::optional<Instant> CallMachine::deadline() const {
  if (ended()) return std::nullopt;
  std::optional<Instant> next = phase_ends_;
  for (const auto& until : detached_until_) {
    if (until && (!next || *until < *next)) next = until;
  }
  return next;
}

}  // namespace rtc::signaling
