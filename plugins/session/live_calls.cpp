// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/live_calls.hpp"

#include <algorithm>

namespace rtc {

using core::CallState;

LiveCall& LiveCalls::add(core::Call machine, CallOrigin origin) {
  auto& call = calls_[machine.id()];
  call = std::make_unique<LiveCall>(host_, std::move(machine), std::move(origin));
  call->start();
  return *call;
}

LiveCall* LiveCalls::find(const std::string& call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : found->second.get();
}

LiveCall* LiveCalls::pendingTo(const std::string& user) const {
  return pending(core::Role::Caller, user);
}

LiveCall* LiveCalls::pendingFrom(const std::string& user) const {
  return pending(core::Role::Callee, user);
}

LiveCall* LiveCalls::pending(core::Role ours, const std::string& user) const {
  for (const auto& [id, call] : calls_) {
    const auto& machine = call->machine();
    const bool pending = machine.state() == CallState::Calling || machine.state() == CallState::Ringing;
    if (pending && machine.role() == ours && machine.peer() == user) return call.get();
  }
  return nullptr;
}

std::size_t LiveCalls::running() const {
  return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [](const auto& each) {
    return each.second->machine().state() != CallState::Ended;
  }));
}

}  // namespace rtc
