// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/session_messages.hpp"

#include <algorithm>

#include "plugins/session/structure_fields.hpp"

namespace rtc {

namespace {

/// With what every message about a call begins with.
Ptr<GstStructure> messageOf(const char* name, const std::string& session, const std::string& call,
                            const std::string& peer) {
  auto structure = adopt(gst_structure_new_empty(name));
  set(structure.get(), "session", session);
  set(structure.get(), "call", call);
  set(structure.get(), "peer", peer);
  return structure;
}

}  // namespace

Ptr<GstStructure> sessionMessage(const std::string& session, const char* state, const std::string& user,
                                 const std::string& message) {
  auto structure = adopt(gst_structure_new_empty("rtc-session"));
  set(structure.get(), "session", session);
  set(structure.get(), "state", state);
  set(structure.get(), "user", user);
  set(structure.get(), "message", message);
  return structure;
}

Ptr<GstStructure> tokenMessage(const std::string& session, const char* state, Duration left,
                               const std::string& message) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  auto structure = adopt(gst_structure_new_empty("rtc-token"));
  set(structure.get(), "session", session);
  set(structure.get(), "state", state);
  set(structure.get(), "seconds", static_cast<unsigned>(std::max<std::int64_t>(seconds, 0)));
  set(structure.get(), "message", message);
  return structure;
}

Ptr<GstStructure> callMessage(const std::string& session, const LiveCall& call, core::CallState state,
                              signaling::Reason reason) {
  const auto& machine = call.machine();
  auto structure = messageOf("rtc-call", session, machine.id(), machine.peer());
  set(structure.get(), "direction", machine.role() == core::Role::Caller ? "outgoing" : "incoming");
  set(structure.get(), "state", std::string(signaling::word(state)));
  const auto& [display, group] = call.origin();
  if (!display.empty()) set(structure.get(), "display", display);
  if (!group.empty()) set(structure.get(), "group", group);
  if (state == core::CallState::Ended) set(structure.get(), "reason", std::string(signaling::word(reason)));
  return structure;
}

Ptr<GstStructure> missedCallMessage(const std::string& session, const signaling::MissedCall& missed) {
  auto structure = messageOf("rtc-missed-call", session, missed.call, missed.from);
  set(structure.get(), "ago", static_cast<unsigned>(std::max(missed.ago_s, 0)));
  return structure;
}

Ptr<GstStructure> streamMessage(const std::string& session, const LiveCall& call, const StreamChange& change) {
  const auto& machine = call.machine();
  auto structure = messageOf("rtc-stream", session, machine.id(), machine.peer());
  set(structure.get(), "kind", std::string(core::word(change.kind)));
  set(structure.get(), "pad", change.pad);
  set(structure.get(), "state", std::string(core::word(change.state)));
  return structure;
}

}  // namespace rtc
