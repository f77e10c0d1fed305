// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call.hpp"

#include <utility>

namespace rtc::core {

Call::Call(std::string id, std::string peer, Role role, CallTimeouts timeouts, signaling::Media media)
    : id_(std::move(id)), peer_(std::move(peer)), role_(role), timeouts_(timeouts), media_(media) {}

Call::Actions Call::start() {
  if (role_ == Role::Caller) {
    return {Announce{CallState::Calling}, Send{signaling::Call{id_, peer_, media_}}, SetTimer{timeouts_.ring},
            OpenPeer{Role::Caller}};
  }
  state_ = CallState::Ringing;
  return {Send{signaling::Ringing{id_}}, SetTimer{timeouts_.ring}, Announce{CallState::Ringing}};
}

Call::Actions Call::on(const Event& event) {
  if (state_ == CallState::Ended) return {};
  return std::visit([this](const auto& happened) { return handle(happened); }, event);
}

Call::Actions Call::handle(const PeerRings&) {
  if (state_ != CallState::Calling) return {};
  state_ = CallState::Ringing;
  return {Announce{CallState::Ringing}};
}

Call::Actions Call::handle(const PeerAccepts& accepts) {
  if (!pending() || role_ != Role::Caller) return {};
  if (!accepts.by.empty()) peer_ = accepts.by;
  state_ = CallState::Accepted;
  return {SetTimer{timeouts_.setup}, Announce{CallState::Accepted}, BeginNegotiation{}};
}

Call::Actions Call::handle(const UserAccepts&) {
  if (!pending() || role_ != Role::Callee) return {};
  state_ = CallState::Accepted;
  return {SetTimer{timeouts_.setup}, OpenPeer{Role::Callee}, Send{signaling::Accept{id_}},
          Announce{CallState::Accepted}};
}

Call::Actions Call::handle(const UserDeclines& declines) {
  if (!pending() || role_ != Role::Callee) return {};
  return end(declines.reason, signaling::Decline{id_, declines.reason});
}

Call::Actions Call::handle(const UserLeaves&) {
  if (!pending()) return end(Reason::Hangup, signaling::Leave{id_, {}, Reason::Hangup});
  if (role_ == Role::Caller) return end(Reason::Cancelled, signaling::Cancel{id_});
  return end(Reason::Declined, signaling::Decline{id_, Reason::Declined});
}

Call::Actions Call::handle(const ServiceEnds& ends) {
  return end(ends.reason);
}

Call::Actions Call::handle(const PeerLeaves& leaves) {
  // The service may not know: the peer's word to it is lost if the peer was cut off.
  return end(leaves.reason, signaling::Leave{id_, {}, leaves.reason});
}

Call::Actions Call::handle(const MediaConnects&) {
  if (state_ != CallState::Accepted) return {};
  state_ = CallState::Connected;
  return {SetTimer{std::nullopt}, Send{signaling::Connected{id_}}, Announce{CallState::Connected}};
}

Call::Actions Call::handle(const MediaFails& fails) {
  if (pending()) {
    if (role_ == Role::Caller) return end(fails.reason, signaling::Cancel{id_});
    return end(fails.reason, signaling::Decline{id_, Reason::Declined});
  }
  return end(fails.reason, signaling::Leave{id_, {}, fails.reason});
}

Call::Actions Call::handle(const ServiceLost&) {
  return pending() ? end(Reason::Unavailable) : Actions{};
}

Call::Actions Call::handle(const TimerExpires&) {
  if (state_ == CallState::Accepted) return end(Reason::IceFailed, signaling::Leave{id_, {}, Reason::IceFailed});
  if (!pending()) return {};
  if (role_ == Role::Caller) return end(Reason::Timeout, signaling::Cancel{id_});
  return end(Reason::Timeout);  // the caller's own timer, or the service's, tells the caller
}

Call::Actions Call::end(Reason reason, std::optional<signaling::ClientBody> farewell) {
  state_ = CallState::Ended;
  Actions actions;
  if (farewell) actions.push_back(Send{std::move(*farewell)});
  actions.insert(actions.end(), {SetTimer{std::nullopt}, ClosePeer{reason}, Announce{CallState::Ended, reason}});
  return actions;
}

}  // namespace rtc::core
