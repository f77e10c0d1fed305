// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/call_table.hpp"

#include <utility>

namespace rtc::signaling {

std::optional<Party> CallRecord::partyOf(SessionId session) const {
  if (session == caller) return Party::Caller;
  if (session == callee) return Party::Callee;
  return std::nullopt;
}

CallRecord& CallTable::add(CallRecord call) {
  const std::string id = call.id;
  CallRecord& kept = calls_.insert_or_assign(id, std::move(call)).first->second;
  by_session_[kept.caller].insert(id);
  by_session_[kept.callee].insert(id);
  reschedule(kept);
  return kept;
}

void CallTable::remove(const CallRecord& call) {
  const std::string id = call.id;
  forget(call.caller, id);
  forget(call.callee, id);
  deadlines_.set(id, std::nullopt);
  calls_.erase(id);
}

void CallTable::forget(SessionId session, const std::string& call) {
  const auto entry = by_session_.find(session);
  if (entry == by_session_.end()) return;
  entry->second.erase(call);
  if (entry->second.empty()) by_session_.erase(entry);
}

CallRecord* CallTable::find(const std::string& id) {
  const auto entry = calls_.find(id);
  return entry != calls_.end() ? &entry->second : nullptr;
}

CallRecord* CallTable::between(SessionId one, SessionId other) {
  const auto entry = by_session_.find(one);
  if (entry == by_session_.end()) return nullptr;
  for (const auto& id : entry->second) {
    CallRecord* call = find(id);
    if (call != nullptr && call->partyOf(other) && one != other) return call;
  }
  return nullptr;
}

std::vector<std::string> CallTable::of(SessionId session) const {
  const auto entry = by_session_.find(session);
  if (entry == by_session_.end()) return {};
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
