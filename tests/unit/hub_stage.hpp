// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The hub with clients who say and hear text, a clock whose hands the test turns, and ids that it can foretell.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "signaling/protocol/codec.hpp"
#include "signaling/server/hub.hpp"
#include "tests/support/check.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/word_of_mouth.hpp"

namespace rtc::testing {

/// `token-1`, `token-2`, …
class CountingRandomness final : public signaling::Randomness {
 public:
  std::string token() override { return "token-" + std::to_string(++count_); }
  int below(int limit) override { return limit - 1; }

 private:
  int count_ = 0;
};

class HubStage {
 public:
  explicit HubStage(signaling::HubOptions options = {}) : hub_(clock_, randomness_, std::move(options)) {}

  signaling::Hub& hub() { return hub_; }
  ManualClock& clock() { return clock_; }

  signaling::ClientId connect(const signaling::Origin& origin = {}) {
    deliver(hub_.connected(++last_, origin));
    return last_;
  }
  void say(signaling::ClientId client, const std::string& text) {
    deliver(hub_.handle(client, signaling::decodeClientMessage(text)));
  }
  void close(signaling::ClientId client) { deliver(hub_.closed(client)); }
  /// Time passes and what is due happens.
  void pass(Duration time) {
    clock_.advance(time);
    deliver(hub_.tick());
  }
  void deliver(std::vector<signaling::Outgoing> outgoing) {
    for (const auto& one : outgoing) heard_[one.to].push_back(shown(one));
  }

  /// The next message; `(nothing)` if there is none.
  std::string hear(signaling::ClientId client) {
    auto& queue = heard_[client];
    if (queue.empty()) return "(nothing)";
    const std::string text = queue.front();
    queue.pop_front();
    return text;
  }
  void forgetHeard() { heard_.clear(); }
  std::string ask(signaling::ClientId client, const std::string& text) {
    say(client, text);
    return hear(client);
  }

  signaling::ClientId bookUser(const std::string& name) {
    const auto client = connect();
    RTC_ASSERT_EQ(ask(client, R"({"type":"login","name":")" + name + R"("})"), R"({"type":"login","success":true})");
    return client;
  }
  /// A device of the user, where names are proved; more are the members of the login that follow.
  signaling::ClientId device(const std::string& name, const std::string& more = "") {
    const auto client = connect();
    const auto reply = ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1,"token":"of )" +
                                       name + "\"" + more + "}");
    ck_assert_msg(reply.starts_with(R"({"type":"ok","id":"l","user":")" + name + "\""), "%s", reply.c_str());
    return client;
  }
  signaling::ClientId fullUser(const std::string& name) {
    const auto client = connect();
    const auto reply = ask(client, R"({"type":"login","id":"l","name":")" + name + R"(","version":1})");
    ck_assert_msg(reply.starts_with(R"({"type":"ok","id":"l","user":")" + name + "\""), "%s", reply.c_str());
    return client;
  }

 private:
  static std::string shown(const signaling::Outgoing& outgoing) {
    if (const auto* message = std::get_if<signaling::ServerMessage>(&outgoing.what))
      return signaling::encode(*message, outgoing.numbers);
    const auto& disconnect = std::get<signaling::Disconnect>(outgoing.what);
    return "(close " + std::to_string(static_cast<int>(disconnect.code)) + ")";
  }

  ManualClock clock_;
  CountingRandomness randomness_;
  signaling::Hub hub_;
  signaling::ClientId last_ = 0;
  std::map<signaling::ClientId, std::deque<std::string>> heard_;
};

/// Exactly this is the next message.
#define RTC_HEARS(stage, client, text) RTC_ASSERT_EQ((stage).hear(client), text)
#define RTC_HEARS_NOTHING(stage, client) RTC_ASSERT_EQ((stage).hear(client), "(nothing)")

}  // namespace rtc::testing
