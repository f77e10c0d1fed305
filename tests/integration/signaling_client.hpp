// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A Signaler under test, with all that it told.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "signaling/client/websocket_signaler.hpp"
#include "signaling/protocol/codec.hpp"
#include "tests/support/check.hpp"
#include "tests/support/wait.hpp"

namespace rtc::testing {

/// What a real service says to a login, and nothing more.
inline std::vector<std::string> greet(const std::string& text) {
  const auto message = signaling::decodeClientMessage(text);
  const auto* login = std::get_if<signaling::Login>(&message.body);
  if (login == nullptr) return {};
  return {signaling::encode(
      signaling::ServerMessage(signaling::Ok{message.id, signaling::LoggedIn{login->name, "secret", {}}}))};
}

inline signaling::SignalerOptions optionsFor(const std::string& server) {
  signaling::SignalerOptions options;
  options.server = server;
  options.user = "alice";
  options.first_retry = Duration{20};
  options.last_retry = Duration{100};
  return options;
}

/// A Signaler and all that it told.
class SignalingClient {
 public:
  explicit SignalingClient(signaling::SignalerOptions options)
      : signaler_(signaling::makeWebSocketSignaler(std::move(options))) {
    signaler_->start([this](const signaling::SignalerEvent& event) { events_.push_back(event); });
  }
  ~SignalingClient() {
    if (!stopped_) stop();
  }

  void stop() {
    stopped_ = true;
    signaler_->stop();
  }
  signaling::Signaler& operator*() { return *signaler_; }
  signaling::Signaler* operator->() { return signaler_.get(); }
  const std::vector<signaling::SignalerEvent>& events() const { return events_; }

  /// Waits for the next event, whatever it is.
  signaling::SignalerEvent expectAny() {
    ck_assert_msg(waitFor([this] { return events_.size() > seen_; }), "no event came");
    return events_[seen_++];
  }
  /// Only what comes from now on counts.
  void forget() {
    events_.clear();
    seen_ = 0;
  }

  /// Waits for the next event, which must be a T.
  template <typename T>
  T expect() {
    ck_assert_msg(waitFor([this] { return events_.size() > seen_; }), "no event came");
    const auto& event = events_[seen_++];
    if (const auto* failed = std::get_if<signaling::Failed>(&event);
        failed != nullptr && !std::is_same_v<T, signaling::Failed>) {
      ck_abort_msg("failed: %s", failed->why.c_str());
    }
    ck_assert_msg(std::holds_alternative<T>(event), "event %zu is of kind %zu", seen_ - 1, event.index());
    return std::get<T>(event);
  }

 private:
  std::unique_ptr<signaling::Signaler> signaler_;
  std::vector<signaling::SignalerEvent> events_;
  std::size_t seen_ = 0;
  bool stopped_ = false;
};

inline void assertSays(const std::string& text, const std::string& part) {
  ck_assert_msg(text.find(part) != std::string::npos, "“%s” does not say “%s”", text.c_str(), part.c_str());
}

}  // namespace rtc::testing
