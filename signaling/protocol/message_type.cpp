// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/message_type.hpp"

namespace rtc::signaling {

namespace {

struct TypeOf {
  std::string_view operator()(const Login&) const { return "login"; }
  std::string_view operator()(const ListUsers&) const { return "users"; }
  std::string_view operator()(const Watch&) const { return "watch"; }
  std::string_view operator()(const SetPresence&) const { return "presence"; }
  std::string_view operator()(const GetIceServers&) const { return "ice"; }
  std::string_view operator()(const RenewToken&) const { return "token"; }
  std::string_view operator()(const Reattach&) const { return "reattach"; }
  std::string_view operator()(const Acknowledge&) const { return "ack"; }
  std::string_view operator()(const Call&) const { return "call"; }
  std::string_view operator()(const Ringing&) const { return "ringing"; }
  std::string_view operator()(const Accept&) const { return "accept"; }
  std::string_view operator()(const Decline&) const { return "decline"; }
  std::string_view operator()(const Cancel&) const { return "cancel"; }
  std::string_view operator()(const Offer&) const { return "offer"; }
  std::string_view operator()(const Answer&) const { return "answer"; }
  std::string_view operator()(const Candidate&) const { return "candidate"; }
  std::string_view operator()(const Connected&) const { return "connected"; }
  std::string_view operator()(const Reconnect&) const { return "reconnect"; }
  std::string_view operator()(const Leave&) const { return "leave"; }
  std::string_view operator()(const Unrecognized& message) const { return message.type; }
};

}  // namespace

std::string_view typeOf(const ClientBody& body) {
  return std::visit(TypeOf{}, body);
}

}  // namespace rtc::signaling
