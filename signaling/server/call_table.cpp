// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/call_table.hpp"

#include <algorithm>
#include <utility>

namespace rtc::signaling {

std::optional<Party> CallRecord::partyOf(SessionId session) const {
  if (session == caller) return Party::Caller;
  if (session == callee || ring.contains(session)) return Party::Callee;
  return std::nullopt;
}

std::optional<Instant> CallRecord::deadline() const {
  const auto next = machine.deadline();
  if (!next || !hunt || !rings()) return next;
  return std::min(*next, hunt->until());
}

CallRecord& CallTable::add(CallRecord call) {
  const std::string id = call.id;
  CallRecord& kept = calls_.insert_or_assign(id, std::move(call)).first->second;
  involve(kept.caller, id);
  if (kept.callee != 0) involve(kept.callee, id);
  reschedule(kept);
  return kept;
}

void CallTable::remove(const CallRecord& call) {
  const std::string id = call.id;
  forget(call.caller, id);
  forget(call.callee, id);
  for (const auto device : call.ring.devices()) forget(device, id);
  setRingingAt(call, "");
  deadlines_.set(id, std::nullopt);
  calls_.erase(id);
}

void CallTable::ringOn(CallRecord& call, SessionId device) {
  call.ring.add(device);
  involve(device, call.id);
}

void CallTable::ringNoMoreOn(CallRecord& call, SessionId device, bool busy) {
  call.ring.leave(device, busy);
  forget(device, call.id);
}

void CallTable::silence(CallRecord& call) {
  for (const auto device : call.ring.devices()) forget(device, call.id);
  call.ring.clear();
  setRingingAt(call, "");
}

void CallTable::take(CallRecord& call, SessionId device) {
  silence(call);
  call.callee = device;
  involve(device, call.id);
}

void CallTable::setRingingAt(const CallRecord& call, const std::string& user) {
  if (const auto before = rings_at_.extract(call.id); !before.empty()) {
    const auto there = ringing_at_.find(before.mapped());
    there->second.erase(call.id);
    if (there->second.empty()) ringing_at_.erase(there);
  }
  if (user.empty()) return;
  rings_at_[call.id] = user;
  ringing_at_[user].insert(call.id);
}

void CallTable::forget(SessionId session, const std::string& call) {
  const auto entry = by_session_.find(session);
  if (entry == by_session_.end()) return;
  entry->second.erase(call);
  if (entry->second.empty()) by_session_.erase(entry);
  if (notes_ends_) ends_.push_back({session, call});
}

CallRecord* CallTable::find(const std::string& id) {
  const auto entry = calls_.find(id);
  return entry != calls_.end() ? &entry->second : nullptr;
}

CallRecord* CallTable::between(SessionId session, const std::string& user) {
  for (const auto& id : of(session)) {
    CallRecord* call = find(id);
    const auto party = call->partyOf(session);
    if (party && call->name(otherThan(*party)) == user) return call;
  }
  return nullptr;
}

std::vector<std::string> CallTable::of(SessionId session) const {
  const auto entry = by_session_.find(session);
  if (entry == by_session_.end()) return {};
  return {entry->second.begin(), entry->second.end()};
}

std::vector<std::string> CallTable::ringingAt(const std::string& user) const {
  const auto entry = ringing_at_.find(user);
  if (entry == ringing_at_.end()) return {};
  return {entry->second.begin(), entry->second.end()};
}

std::vector<std::string> CallTable::beingSetUp() const {
  std::vector<std::string> ids;
  for (const auto& [id, call] : calls_) {
    if (call.machine.state() != CallState::Connected) ids.push_back(id);
  }
  return ids;
}

}  // namespace rtc::signaling
