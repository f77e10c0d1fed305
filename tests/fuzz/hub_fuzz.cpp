// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The input as a play: clients come, say things and go, time passes. Whatever they do, nobody hears of a call of
// others, and every call ends.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "signaling/server/hub.hpp"
#include "tests/fuzz/hub_watch.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/word_of_mouth.hpp"

using namespace rtc;
using namespace rtc::signaling;

namespace {

class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  bool over() const { return at_ >= size_; }
  std::uint8_t byte() { return over() ? std::uint8_t{0} : data_[at_++]; }
  std::size_t below(std::size_t limit) { return byte() % limit; }
  bool chance() { return (byte() & 1) != 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

class PlainRandomness final : public Randomness {
 public:
  std::string token() override { return "secret-" + std::to_string(10'000'000'000 + ++count_); }
  int below(int limit) override { return limit - 1; }
  std::string guess(std::size_t ago) const {
    return "secret-" + std::to_string(10'000'000'000 + count_ - static_cast<long>(ago));
  }

 private:
  long count_ = 0;
};

class Play {
 public:
  Play(Script script, bool proved)
      : script_(script),
        hub_(clock_, randomness_,
             HubOptions{.limits = {.calls_at_once = 4, .devices = 3, .wrong_logins = 100},
                        .authenticator = proved ? &word_ : nullptr}) {}

  void run() {
    for (int scene = 0; scene < kMaxScenes && !script_.over(); ++scene) act();
    curtain();
  }

 private:
  static constexpr int kMaxScenes = 2'000;
  static constexpr std::size_t kMaxClients = 8;

  void deliver(const std::vector<Outgoing>& outgoing) {
    for (const auto& one : outgoing) watch_.hears(one);
    FUZZ_REQUIRE(!hub_.nextDeadline() || *hub_.nextDeadline() >= Instant{});
  }

  void act() {
    switch (script_.below(10)) {
      case 0:
        enter();
        break;
      case 1:
        leave();
        break;
      case 2:
        pass(Duration{100} * script_.byte());
        break;
      case 3:
        pass(Duration{10'000} * (script_.byte() % 16));
        break;
      default:
        speak();
    }
  }

  void enter() {
    if (clients_.size() >= kMaxClients) return;
    const ClientId client = ++last_;
    clients_.push_back(client);
    watch_.connected(client);
    deliver(hub_.connected(client, {"", script_.chance() ? "of " + user() : ""}));
  }

  void leave() {
    if (clients_.empty()) return;
    const auto which = script_.below(clients_.size());
    const ClientId client = clients_[which];
    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(which));
    watch_.closed(client);
    deliver(hub_.closed(client));
  }

  void pass(Duration time) {
    clock_.advance(time);
    deliver(hub_.tick());
  }

  void speak() {
    if (clients_.empty()) return;
    const ClientId client = clients_[script_.below(clients_.size())];
    ClientMessage message{script_.chance() ? "r" : "", body(), {}};
    const auto numbers = script_.byte();
    message.numbers = {numbers % 4 == 3 ? numbers / 4 : 0, numbers % 8 == 5 ? numbers / 8 : 0};
    watch_.says(client, message);
    deliver(hub_.handle(client, message));
  }

  ClientBody body() {
    switch (script_.below(20)) {
      case 0:
        return login();
      case 1:
        return login();
      case 2:
        return ListUsers{};
      case 3:
        return Watch{{user(), user()}};
      case 4:
        return SetPresence{script_.chance()};
      case 5:
        return RenewToken{"of " + user() + " for 90"};
      case 6:
        return Reattach{call(), user(), script_.chance() ? CallRole::Caller : CallRole::Callee, "a-secret-of-the-two"};
      case 7:
        return Acknowledge{};
      case 8:
        return Ringing{call()};
      case 9:
        return Accept{call()};
      case 10:
        return Decline{call(), script_.chance() ? Reason::Busy : Reason::Declined};
      case 11:
        return Cancel{call()};
      case 12:
        return Offer{script_.chance() ? call() : "", user(), {"1"}};
      case 13:
        return Answer{script_.chance() ? call() : "", user(), {"2"}};
      case 14:
        return Candidate{script_.chance() ? call() : "", user(), {script_.chance() ? "null" : "3"}};
      case 15:
        return Connected{call()};
      case 16:
        return Leave{script_.chance() ? call() : "", user(), script_.chance() ? Reason::Hangup : Reason::MediaFailed};
      case 17:
        return Unrecognized{"dance", "unknown type"};
      case 18:
        return Reconnect{call(), script_.byte()};
      default:
        return Call{call(), script_.below(4) == 0 ? "@g" : user(), {}};
    }
  }

  Login login() {
    Login login;
    login.name = user();
    const auto kind = script_.byte();
    if (kind % 4 != 0) login.version = kProtocolVersion;
    if (kind & 4) login.ack = static_cast<int>(kind >> 5);
    login.visible = (kind & 8) != 0;
    if (kind & 16) login.groups = {"g"};
    login.token = "of " + login.name + " in g" + (script_.chance() ? " for 120" : "");
    if (script_.chance()) login.resume = randomness_.guess(script_.below(4));
    return login;
  }

  std::string user() { return std::string(1, static_cast<char>('a' + script_.below(4))); }
  std::string call() { return std::string(1, static_cast<char>('1' + script_.below(5))); }

  /// Everybody goes, and time passes: then nothing is left.
  void curtain() {
    while (!clients_.empty()) {
      watch_.closed(clients_.back());
      deliver(hub_.closed(clients_.back()));
      clients_.pop_back();
    }
    for (int turn = 0; hub_.nextDeadline(); ++turn) {
      FUZZ_REQUIRE(turn < 1'000);
      clock_.advance(std::max(Duration{1}, *hub_.nextDeadline() - clock_.now()));
      deliver(hub_.tick());
    }
    const auto counters = hub_.counters();
    const auto ended = std::accumulate(counters.calls_ended.begin(), counters.calls_ended.end(), std::uint64_t{0});
    FUZZ_REQUIRE(counters.calls_now == 0 && counters.sessions == 0 && counters.users == 0);
    FUZZ_REQUIRE(counters.calls + counters.calls_reattached == ended);
    FUZZ_REQUIRE(counters.calls_connected <= counters.calls_accepted && counters.calls_accepted <= counters.calls);
  }

  Script script_;
  testing::ManualClock clock_;
  PlainRandomness randomness_;
  const testing::WordOfMouth word_;
  Hub hub_;
  fuzz::HubWatch watch_;
  std::vector<ClientId> clients_;
  ClientId last_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script(data, size);
  const bool proved = script.chance();
  Play(script, proved).run();
  return 0;
}
