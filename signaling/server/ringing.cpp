// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The part of the switchboard that finds somebody to take a call: all devices of a user at once, the members of a group
// one after the other.
#include <utility>

#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

void Switchboard::ringAt(CallRecord& call, const std::string& user) {
  calls_.setRingingAt(call, user);
  presence_.touch(user);
  // A copy: a book client answers at once.
  const auto devices = users_.devicesOf(user);
  for (const auto id : devices) {
    Session& device = *users_.byId(id);
    if (device.takesCalls()) ringOn(call, device);
  }
  if (backplane_ != nullptr && call.rings()) ringElsewhere(call, user);
}

void Switchboard::ringOn(CallRecord& call, Session& device) {
  calls_.ringOn(call, device.id);
  if (device.dialect == Dialect::Full) {
    const Session* caller = users_.byId(call.caller);
    mail_.send(device, IncomingCall{call.id, call.caller_name, call.media, caller != nullptr ? caller->display : "",
                                    call.hunt ? call.hunt->group() : ""});
  } else {
    pickUp(call, device.id);
  }
}

void Switchboard::joinRings(Session& device) {
  for (const auto& id : calls_.ringingAt(device.name)) ringOn(*calls_.find(id), device);
}

bool Switchboard::applyByDevice(CallRecord& call, SessionId device, const CallEvent& event) {
  if (std::holds_alternative<call_event::PickUp>(event)) return pickUp(call, device);
  if (const auto* refusal = std::get_if<call_event::Refuse>(&event)) {
    if (refusal->reason == Reason::Busy) return leaveRing(call, device, event, true);
    return refuse(call, device, event, refusal->reason);
  }
  if (const auto* hang_up = std::get_if<call_event::HangUp>(&event)) {
    return refuse(call, device, event, hang_up->reason == Reason::Hangup ? Reason::Declined : hang_up->reason);
  }
  const bool lost =
      std::holds_alternative<call_event::Detach>(event) || std::holds_alternative<call_event::Vanish>(event);
  return lost ? leaveRing(call, device, event, false) : step(call, Party::Callee, event);
}

bool Switchboard::pickUp(CallRecord& call, SessionId device) {
  const std::string user = call.ringsAt();
  tellDevices(call, device, Reason::AnsweredElsewhere, user);
  call.callee_name = user;
  calls_.take(call, device);
  return step(call, Party::Callee, call_event::PickUp{});
}

bool Switchboard::refuse(CallRecord& call, SessionId device, const CallEvent& event, Reason reason) {
  tellDevices(call, device, reason, call.ringsAt());
  if (!call.hunt) return step(call, Party::Callee, event);
  call.hunt->declined();
  ringNext(call);
  return true;
}

bool Switchboard::leaveRing(CallRecord& call, SessionId device, const CallEvent& event, bool busy) {
  calls_.ringNoMoreOn(call, device, busy);
  if (!call.ring.silent()) return true;
  if (call.hunt) {
    if (busy) call.hunt->wasBusy();
    ringNext(call);
    return true;
  }
  return step(call, Party::Callee, call.ring.anyBusy() ? CallEvent(call_event::Refuse{Reason::Busy}) : event);
}

/// The call is over for all devices on which it rings, but for one.
void Switchboard::tellDevices(CallRecord& call, SessionId but, Reason reason, const std::string& by) {
  const auto devices = call.ring.devices();
  for (const auto id : devices) {
    if (id == but) continue;
    calls_.ringNoMoreOn(call, id);
    if (const Session* device = users_.byId(id)) mail_.send(*device, Ended{call.id, reason, by});
  }
}

// --- Groups ----------------------------------------------------------------------------------------------------------

void Switchboard::openToGroup(std::string id, Session& caller, const std::string& group, const Media& media) {
  CallRecord& call = calls_.add({.id = std::move(id),
                                 .caller = caller.id,
                                 .caller_name = caller.name,
                                 .callee_name = "@" + group,
                                 .dialled = "@" + group,
                                 .machine = CallMachine(timers_, now()),
                                 .media = media,
                                 .hunt = Hunt(group)});
  ++counters_.calls;
  presence_.touch(caller.name);
  ringNext(call);
}

void Switchboard::ringNext(CallRecord& call) {
  presence_.touch(call.ringsAt());
  calls_.silence(call);
  const auto member = nextMember(call);
  if (member.empty()) {
    step(call, Party::Callee, call_event::Refuse{call.hunt->outcome()});
    return;
  }
  last_rung_[member] = now();
  call.hunt->ring(member, now() + timers_.member);
  ringAt(call, member);
  calls_.reschedule(call);
}

/// The free member who was left alone for longest, so that the work is shared.
std::string Switchboard::nextMember(CallRecord& call) {
  std::string best;
  Instant best_rung{};
  auto members = users_.membersOf(call.hunt->group());
  if (backplane_ != nullptr) {
    const auto elsewhere = backplane_->membersElsewhere(call.hunt->group());
    members.insert(elsewhere.begin(), elsewhere.end());
  }
  for (const auto& user : members) {
    if (user == call.caller_name || call.hunt->tried(user) || !reachable(user)) continue;
    if (userBusy(user)) {
      call.hunt->wasBusy();
      continue;
    }
    const auto rung = last_rung_.find(user);
    const Instant since = rung != last_rung_.end() ? rung->second : Instant{};
    if (!best.empty() && since >= best_rung) continue;
    best = user;
    best_rung = since;
  }
  return best;
}

}  // namespace rtc::signaling
