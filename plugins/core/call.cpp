// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call.hpp"

#include <utility>

namespace rtc::core {

namespace {

Call::Actions join(Call::Actions first, const Call::Actions& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

}  // namespace

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
  if (reconnecting()) {
    state_ = CallState::Connected;
    return {SetTimer{std::nullopt}, SetTimer{std::nullopt, Timer::Attempt}, Announce{CallState::Connected}};
  }
  if (state_ != CallState::Accepted) return {};
  state_ = CallState::Connected;
  return {SetTimer{std::nullopt}, Send{signaling::Connected{id_}}, Announce{CallState::Connected}};
}

Call::Actions Call::handle(const MediaFails& fails) {
  if (pending()) {
    if (role_ == Role::Caller) return end(fails.reason, signaling::Cancel{id_});
    return end(fails.reason, signaling::Decline{id_, Reason::Declined});
  }
  if (renewable() && !fails.for_good) {
    // An attempt that fails at once, as without a network, must not be followed by the next one at once.
    if (reconnecting()) return {DropPeer{}};
    if (state_ == CallState::Connected) {
      auto actions = loseConnection();
      return join(std::move(actions), tryAgain());
    }
  }
  return end(fails.reason, signaling::Leave{id_, {}, fails.reason});
}

Call::Actions Call::handle(const PeerDescribes& describes) {
  if (!describes.connection) return {};
  peer_numbers_ = true;
  const bool fits = role_ == Role::Callee && describes.type == DescriptionType::Offer;
  if (!fits || !admits(*describes.connection)) return {};
  auto actions = loseConnection();
  return join(std::move(actions), open(*describes.connection));
}

Call::Actions Call::handle(const PeerReconnects& reconnects) {
  if (role_ != Role::Caller || !admits(reconnects.connection)) return {};
  auto actions = loseConnection();
  return join(std::move(actions), open(reconnects.connection));
}

Call::Actions Call::handle(const ServiceLost&) {
  online_ = false;
  return pending() ? end(Reason::Unavailable) : Actions{};
}

Call::Actions Call::handle(const ServiceBack&) {
  online_ = true;
  attempts_ = 0;
  return reconnecting() ? tryAgain() : Actions{};
}

Call::Actions Call::handle(const NetworkChanges&) {
  // What is under way has the old addresses.
  attempts_ = 0;
  return reconnecting() ? tryAgain() : Actions{};
}

Call::Actions Call::handle(const TimerExpires& expires) {
  if (expires.timer == Timer::Attempt) return reconnecting() ? tryAgain() : Actions{};
  if (reconnecting()) return end(Reason::MediaFailed, signaling::Leave{id_, {}, Reason::MediaFailed});
  if (state_ == CallState::Accepted) return end(Reason::IceFailed, signaling::Leave{id_, {}, Reason::IceFailed});
  if (!pending()) return {};
  if (role_ == Role::Caller) return end(Reason::Timeout, signaling::Cancel{id_});
  return end(Reason::Timeout);  // the caller's own timer, or the service's, tells the caller
}

bool Call::admits(int connection) {
  const bool established = state_ == CallState::Accepted || state_ == CallState::Connected || reconnecting();
  if (!established || !renewable() || connection <= connection_ || connection > kMaxConnection) return false;
  if (state_ == CallState::Connected) demands_ = 0;
  return ++demands_ <= kMaxDemands;
}

Call::Actions Call::loseConnection() {
  if (state_ != CallState::Connected) return {};
  state_ = CallState::Reconnecting;
  attempts_ = 0;
  return {DropPeer{}, SetTimer{timeouts_.recovery}, Announce{CallState::Reconnecting}};
}

Call::Actions Call::tryAgain() {
  // Nobody would hear of it: what is under way goes on, and the return of the service begins the next.
  if (!online_ || connection_ >= kMaxConnection) return {};
  if (role_ == Role::Caller) return open(connection_ + 1);
  Actions actions{DropPeer{}};
  actions.push_back(Send{signaling::Reconnect{id_, connection_ + 1}});
  actions.push_back(attemptTimer());
  return actions;
}

Call::Actions Call::open(int connection) {
  connection_ = connection;
  Actions actions{DropPeer{}, OpenPeer{role_}};
  if (reconnecting()) actions.insert(actions.begin(), attemptTimer());
  if (role_ == Role::Caller) actions.push_back(BeginNegotiation{});
  return actions;
}

Call::SetTimer Call::attemptTimer() {
  auto delay = kFirstAttempt;
  for (int i = 0; i < attempts_ && delay < timeouts_.recovery; ++i) delay += delay / 2;
  ++attempts_;
  return {delay, Timer::Attempt};
}

Call::Actions Call::end(Reason reason, std::optional<signaling::ClientBody> farewell) {
  Actions actions;
  if (reconnecting()) actions.push_back(SetTimer{std::nullopt, Timer::Attempt});
  state_ = CallState::Ended;
  if (farewell) actions.push_back(Send{std::move(*farewell)});
  actions.insert(actions.end(), {SetTimer{std::nullopt}, ClosePeer{reason}, Announce{CallState::Ended, reason}});
  return actions;
}

}  // namespace rtc::core
