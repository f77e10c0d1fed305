// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a day does to a signaling server, in an hour: signaling_soak PORT USERS HOLD_MS logs so many users in, who watch
// each other, and then does what lines on the standard input say:
//
//   window N      calls all the time, N at once, one following the other without a pause
//   rate N        calls that begin N times a second, whatever comes of them; 0 lets what there is end
//   report        one line of JSON: what was done since the last report, and all that went wrong
//
// Of the calls most are talked in for HOLD_MS, some are declined, cancelled, or made to somebody who is away; some lose
// a party's connection in mid-talk, and every word must still come, once and in its order. Between calls users log out
// and in, hide and show themselves. One user at a time reads nothing of what it is sent, until the service closes it.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/peers/soak_client.hpp"
#include "signaling/protocol/error_code.hpp"

namespace rtc::bench {

namespace {

using namespace signaling;

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

constexpr int kWords = 20;      ///< of each talk, and as many answers
constexpr int kCandidates = 4;  ///< of each party
constexpr int kFloodsAtOnce = 5;
constexpr milliseconds kFloodInterval{100};
constexpr milliseconds kSlowEvery{30'000};
constexpr milliseconds kAway{500};
constexpr milliseconds kLost{100};
constexpr milliseconds kStuck{30'000};
constexpr const char* kSlowCall = "slow";

Time now() {
  return std::chrono::steady_clock::now();
}

enum class Fate { Talk, Lose, Decline, Cancel, Absent };

struct Talk {
  std::uint32_t caller;
  std::uint32_t callee;
  Fate fate;
  Time since;
  int said = 0;
  Time word_said = {};
};

Json description(const char* type) {
  return {std::string(R"({"type":")") + type + R"(","sdp":")" + std::string(2'000, 'd') + R"("})"};
}

Json candidate(const std::string& content) {
  return {R"({"candidate":"candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0 )" + content +
          R"(","sdpMid":"0","sdpMLineIndex":0})"};
}

class Soak {
 public:
  Soak(int port, std::uint32_t count, milliseconds hold);

  bool run();

 private:
  bool obey(const std::string& line);
  void turn();
  void after(Time::duration wait, std::function<void()> task) { tasks_.emplace(now() + wait, std::move(task)); }
  void went(const std::string& what) { ++done_[what]; }
  void wrong(const std::string& what) { ++wrong_[what]; }

  std::optional<std::uint32_t> takeIdle();
  void setIdle(std::uint32_t user) { idle_.push_back(user); }
  void dial();
  void betweenCalls();
  void over(const std::string& id);
  void sayWord(const std::string& id, Talk& talk);
  void lose(std::uint32_t user);
  void findStuck();

  void beginSlow();
  void flood();

  void arrived(std::uint32_t user, const LoggedIn& login);
  void lost(std::uint32_t user);
  void heard(std::uint32_t user, const ServerMessage& message);
  void on(std::uint32_t user, const IncomingCall& incoming);
  void on(std::uint32_t user, const PeerRinging& ringing);
  void on(std::uint32_t user, const PeerAccepted& accepted);
  void on(std::uint32_t user, const PeerOffer& offer);
  void on(std::uint32_t user, const PeerAnswer& answer);
  void on(std::uint32_t user, const PeerCandidate& candidate);
  void on(std::uint32_t user, const Ended& ended);
  void on(std::uint32_t user, const RequestError& error);
  void on(std::uint32_t, const PresenceChanged&) { went("presence"); }
  template <typename Other>
  void on(std::uint32_t, const Other&) {}
  Talk* talkOf(const std::string& id);
  void report();

  const SoakHost host_;
  const int epoll_;
  const std::uint32_t count_;
  const milliseconds hold_;
  std::vector<std::unique_ptr<SoakClient>> clients_;
  std::vector<std::uint32_t> idle_;
  std::vector<std::uint32_t> away_;
  std::unordered_map<std::string, Talk> talks_;
  std::vector<bool> may_resume_;  ///< its return must take up what was lost
  std::multimap<Time, std::function<void()>> tasks_;
  std::mt19937 random_{1};
  std::string input_;

  std::uint64_t dialled_ = 0;
  std::size_t window_ = 0;
  double rate_ = 0;
  Time paced_until_{};
  std::string slow_call_;  ///< while it is flooded
  double slowest_ms_ = 0;
  std::map<std::string, std::uint64_t> done_;
  std::map<std::string, std::uint64_t> wrong_;
};

Soak::Soak(int port, std::uint32_t count, milliseconds hold)
    : host_{[this](std::uint32_t user, const LoggedIn& login) { arrived(user, login); },
            [this](std::uint32_t user, const ServerMessage& message) { heard(user, message); },
            [this](std::uint32_t user) { lost(user); }},
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      count_(count),
      hold_(hold),
      may_resume_(count + 2) {
  // The last two are the slow reader and the one who floods it.
  for (std::uint32_t i = 0; i < count + 2; ++i) {
    clients_.push_back(std::make_unique<SoakClient>(host_, epoll_, port, i));
    after(milliseconds(i / 2), [this, i] { clients_[i]->arrive(i == count_); });
  }
  epoll_event event{EPOLLIN, {.u64 = UINT64_MAX}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  after(kStuck, [this] { findStuck(); });
}

// --- Who is when to do what ------------------------------------------------------------------------------------------

bool Soak::run() {
  std::array<epoll_event, 256> events;
  for (;;) {
    const auto due =
        tasks_.empty() ? milliseconds(100) : std::chrono::ceil<milliseconds>(tasks_.begin()->first - now());
    const auto wait = static_cast<int>(std::clamp<std::int64_t>(due.count(), 0, 100));
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    for (int i = 0; i < ready; ++i) {
      const auto event = events[static_cast<std::size_t>(i)].data.u64;
      if (event != UINT64_MAX) {
        clients_[event & UINT32_MAX]->ready(event);
        continue;
      }
      std::array<char, 256> text;
      const auto got = read(STDIN_FILENO, text.data(), text.size());
      if (got <= 0) return true;
      input_.append(text.data(), static_cast<std::size_t>(got));
      for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
        if (!obey(input_.substr(0, end))) return false;
        input_.erase(0, end + 1);
      }
    }
    while (!tasks_.empty() && tasks_.begin()->first <= now()) tasks_.extract(tasks_.begin()).mapped()();
    turn();
  }
}

bool Soak::obey(const std::string& line) {
  const double amount = std::atof(line.substr(std::min(line.size(), line.find(' '))).c_str());
  if (line.starts_with("window ")) {
    window_ = static_cast<std::size_t>(amount);
  } else if (line.starts_with("rate ")) {
    window_ = 0;
    rate_ = amount;
    paced_until_ = now();
  } else if (line == "report") {
    report();
  } else {
    return false;
  }
  return true;
}

void Soak::turn() {
  while (talks_.size() < window_ && idle_.size() > 1) dial();
  if (rate_ <= 0) return;
  const auto interval = std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(1 / rate_));
  for (; paced_until_ <= now(); paced_until_ += interval) {
    if (idle_.size() > 1) {
      dial();
    } else {
      went("nobody_idle");
    }
  }
}

std::optional<std::uint32_t> Soak::takeIdle() {
  if (idle_.empty()) return std::nullopt;
  std::swap(idle_[random_() % idle_.size()], idle_.back());
  const auto user = idle_.back();
  idle_.pop_back();
  return user;
}

void Soak::dial() {
  constexpr std::array kFates{Fate::Decline, Fate::Cancel, Fate::Lose, Fate::Absent};
  const auto draw = random_() % 20;
  auto fate = draw < kFates.size() ? kFates[draw] : Fate::Talk;
  if (fate == Fate::Absent && away_.empty()) fate = Fate::Talk;
  const auto caller = *takeIdle();
  const auto callee = fate == Fate::Absent ? away_[random_() % away_.size()] : *takeIdle();
  const auto id = "k" + std::to_string(++dialled_);
  talks_.emplace(id, Talk{caller, callee, fate, now()});
  clients_[caller]->say(Call{id, clients_[callee]->name(), {}});
}

void Soak::over(const std::string& id) {
  const auto talk = talks_.extract(id).mapped();
  setIdle(talk.caller);
  if (talk.fate != Fate::Absent) setIdle(talk.callee);
  went("calls");
  if (done_["calls"] % 4 == 0) betweenCalls();
}

void Soak::betweenCalls() {
  const auto user = takeIdle();
  if (!user) return;
  auto* client = clients_[*user].get();
  if (random_() % 2 == 0) {
    client->say(SetPresence{false});
    after(kAway, [this, client, user = *user] {
      client->say(SetPresence{true});
      setIdle(user);
    });
    return;
  }
  away_.push_back(*user);
  after({}, [client] {
    client->vanish();
    client->forget();
  });
  after(kAway, [this, client, user = *user] {
    std::erase(away_, user);
    client->arrive();
  });
}

void Soak::lose(std::uint32_t user) {
  may_resume_[user] = true;
  auto* client = clients_[user].get();
  after({}, [client] { client->vanish(); });
  after(kLost, [client] { client->arrive(); });
}

void Soak::findStuck() {
  std::vector<std::string> stuck;
  for (const auto& [id, talk] : talks_) {
    if (now() - talk.since > kStuck + hold_) stuck.push_back(id);
  }
  for (const auto& id : stuck) {
    wrong("stuck");
    clients_[talks_.at(id).caller]->say(Leave{id, "", Reason::Hangup});
    over(id);
  }
  after(milliseconds(1'000), [this] { findStuck(); });
}

// --- A call ----------------------------------------------------------------------------------------------------------

Talk* Soak::talkOf(const std::string& id) {
  const auto found = talks_.find(id);
  return found != talks_.end() ? &found->second : nullptr;
}

void Soak::on(std::uint32_t user, const IncomingCall& incoming) {
  if (incoming.call.starts_with(kSlowCall)) {
    clients_[user]->say(Accept{incoming.call});
    return;
  }
  const auto* talk = talkOf(incoming.call);
  if (talk == nullptr) return;
  clients_[user]->say(Ringing{incoming.call});
  if (talk->fate == Fate::Decline) clients_[user]->say(Decline{incoming.call, Reason::Declined});
  if (talk->fate == Fate::Talk || talk->fate == Fate::Lose) clients_[user]->say(Accept{incoming.call});
}

void Soak::on(std::uint32_t user, const PeerRinging& ringing) {
  const auto* talk = talkOf(ringing.call);
  if (talk != nullptr && talk->fate == Fate::Cancel) clients_[user]->say(Cancel{ringing.call});
}

void Soak::on(std::uint32_t user, const PeerAccepted& accepted) {
  clients_[user]->say(Offer{accepted.call, "", description("offer")});
}

void Soak::on(std::uint32_t user, const PeerOffer& offer) {
  clients_[user]->say(Answer{offer.call, "", description("answer")});
  for (int i = 0; i < kCandidates; ++i) clients_[user]->say(Candidate{offer.call, "", candidate("")});
  clients_[user]->say(Connected{offer.call});
  if (offer.call.starts_with(kSlowCall)) {
    clients_[user]->stopReading();
    slow_call_ = offer.call;
    flood();
  }
}

void Soak::on(std::uint32_t user, const PeerAnswer& answer) {
  for (int i = 0; i < kCandidates; ++i) clients_[user]->say(Candidate{answer.call, "", candidate("")});
  clients_[user]->say(Connected{answer.call});
  if (auto* talk = talkOf(answer.call)) sayWord(answer.call, *talk);
}

void Soak::sayWord(const std::string& id, Talk& talk) {
  if (talk.fate == Fate::Lose && talk.said == kWords / 2) lose(talk.callee);
  if (talk.fate == Fate::Lose && talk.said == kWords / 4) lose(talk.caller);
  talk.word_said = now();
  clients_[talk.caller]->say(Candidate{id, "", candidate("word=" + std::to_string(++talk.said))});
}

void Soak::on(std::uint32_t user, const PeerCandidate& heard) {
  auto* talk = talkOf(heard.call);
  const auto mark = heard.candidate.text.find("word=");
  if (talk == nullptr || mark == std::string::npos) return;
  went("words");
  if (std::atoi(heard.candidate.text.c_str() + mark + 5) != talk->said) wrong("word_lost_or_doubled");
  if (user == talk->callee) {
    clients_[user]->say(Candidate{heard.call, "", heard.candidate});
    return;
  }
  const std::chrono::duration<double, std::milli> took = now() - talk->word_said;
  if (talk->fate != Fate::Lose) slowest_ms_ = std::max(slowest_ms_, took.count());
  if (talk->said == kWords) {
    clients_[user]->say(Leave{heard.call, "", Reason::Hangup});
    return;
  }
  after(hold_ / kWords, [this, id = heard.call] {
    if (auto* still = talkOf(id)) sayWord(id, *still);
  });
}

void Soak::on(std::uint32_t user, const Ended& ended) {
  if (ended.call.starts_with(kSlowCall)) {
    if (user != count_ + 1) return;
    slow_call_.clear();
    went("slow_readers_closed");
    if (ended.reason != Reason::PeerLost) wrong("slow_reader_" + std::string(word(ended.reason)));
    auto* slow = clients_[count_].get();
    after({}, [slow] {
      slow->vanish();
      slow->forget();
    });
    after(kAway, [slow] { slow->arrive(true); });
    return;
  }
  const auto* talk = talkOf(ended.call);
  if (talk == nullptr) return;
  if (talk->fate == Fate::Absent && ended.reason == Reason::Unavailable) {
    // It left in this very moment.
    went("missed");
    over(ended.call);
    return;
  }
  const auto expected = talk->fate == Fate::Decline  ? Reason::Declined
                        : talk->fate == Fate::Cancel ? Reason::Cancelled
                                                     : Reason::Hangup;
  if (ended.reason != expected) wrong("ended_" + std::string(word(ended.reason)));
  if (ended.reason == Reason::Hangup && talk->said != kWords) wrong("ended_early");
  over(ended.call);
}

void Soak::on(std::uint32_t user, const RequestError& error) {
  if (error.code == ErrorCode::Unavailable) {
    const auto absent = std::ranges::find_if(
        talks_, [&](const auto& each) { return each.second.fate == Fate::Absent && each.second.caller == user; });
    if (absent != talks_.end()) {
      went("missed");
      over(absent->first);
      return;
    }
  }
  wrong("error_" + std::string(word(error.code)));
}

// --- Arrivals and losses ---------------------------------------------------------------------------------------------

void Soak::arrived(std::uint32_t user, const LoggedIn& login) {
  went(login.resumed ? "resumes" : "logins");
  if (may_resume_[user]) {
    may_resume_[user] = false;
    if (!login.resumed) wrong("not_resumed");
    return;
  }
  Watch watch;
  for (std::uint32_t i = 1; i <= 3; ++i) watch.users.push_back("u" + std::to_string((user + i * 7) % count_));
  clients_[user]->say(std::move(watch));
  if (user < count_) setIdle(user);
  if (user == count_) after(kSlowEvery, [this] { beginSlow(); });
  if (done_["logins"] == count_ + 2 && dialled_ == 0) std::printf("{\"event\":\"ready\",\"users\":%u}\n", count_ + 2);
}

void Soak::lost(std::uint32_t user) {
  wrong("connection_lost");
  after(kAway, [this, user] { clients_[user]->arrive(user == count_); });
}

void Soak::heard(std::uint32_t user, const ServerMessage& message) {
  went("messages");
  std::visit([&](const auto& what) { on(user, what); }, message);
}

// --- The slow reader -------------------------------------------------------------------------------------------------

void Soak::beginSlow() {
  clients_[count_ + 1]->say(Call{kSlowCall + std::to_string(++dialled_), clients_[count_]->name(), {}});
}

void Soak::flood() {
  if (slow_call_.empty()) return;
  for (int i = 0; i < kFloodsAtOnce; ++i) {
    clients_[count_ + 1]->say(Candidate{slow_call_, "", candidate(std::string(16'000, 'x'))});
  }
  after(kFloodInterval, [this] { flood(); });
}

void Soak::report() {
  const auto object = [](const auto& counts) {
    std::string text;
    for (const auto& [name, count] : counts) {
      text += (text.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(count);
    }
    return "{" + text + "}";
  };
  std::printf("{\"event\":\"report\",\"calls_now\":%zu,\"slowest_ms\":%.1f,\"done\":%s,\"wrong\":%s}\n", talks_.size(),
              slowest_ms_, object(done_).c_str(), object(wrong_).c_str());
  done_.clear();
  slowest_ms_ = 0;
}

}  // namespace

}  // namespace rtc::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: signaling_soak PORT USERS HOLD_MS\n");
    return 1;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  rtc::bench::Soak soak(std::atoi(argv[1]), static_cast<std::uint32_t>(std::atoi(argv[2])),
                        std::chrono::milliseconds(std::atoi(argv[3])));
  return soak.run() ? 0 : 2;
}
