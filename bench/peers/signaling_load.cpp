// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The load on a signaling server: signaling_load DIALECT PORT CONNECTIONS AT_ONCE [tls] connects and logs in that many
// users, and then does what lines on the standard input say, with one line of JSON for each on the standard output:
//
//   prepare                   every second user calls the next one, where there are calls
//   relay SECONDS WINDOW      messages from user to user, so many under way at any time
//   paced SECONDS RATE        messages at a fixed rate, whatever comes back; latency counts from the intended moment
//   slow SECONDS RATE BYTES   the same, while the last user reads nothing and is sent so many bytes a second
//   calls SECONDS WINDOW      calls from the first word to the answer, and their end, so many under way at any time
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "bench/peers/load_client.hpp"
#include "bench/peers/load_dialect.hpp"

namespace rtc::bench {

namespace {

using Nanoseconds = std::int64_t;

Nanoseconds now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kPatience = 120 * kSecond;

/// A candidate line with a time in it: 190 bytes of JSON in all, as browsers send them.
std::string contentWith(Nanoseconds time) {
  std::array<char, 128> text;
  std::snprintf(text.data(), text.size(),
                "candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0 %s%016llx", kMark.data(),
                static_cast<unsigned long long>(time));
  return text.data();
}

class Latencies {
 public:
  void add(Nanoseconds latency) { all_.push_back(latency); }
  std::size_t count() const { return all_.size(); }
  std::string json() {
    std::sort(all_.begin(), all_.end());
    std::ostringstream text;
    text << R"("p50_ms":)" << at(0.5) << R"(,"p99_ms":)" << at(0.99) << R"(,"p999_ms":)" << at(0.999) << R"(,"max_ms":)"
         << at(1);
    return text.str();
  }

 private:
  double at(double part) const {
    if (all_.empty()) return -1;
    const auto index = static_cast<std::size_t>(part * static_cast<double>(all_.size() - 1));
    return static_cast<double>(all_[index]) / 1e6;
  }

  std::vector<Nanoseconds> all_;
};

class Load {
 public:
  Load(std::unique_ptr<Dialect> dialect, int port, std::uint32_t count, bool over_tls)
      : dialect_(std::move(dialect)),
        port_(port),
        count_(count),
        tls_(over_tls ? clientTls() : nullptr),
        epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void connectAll(std::uint32_t at_once);
  void prepare();
  void relay(double seconds, std::uint32_t window);
  void paced(double seconds, double rate, double slow_bytes);
  void calls(double seconds, std::uint32_t window);

 private:
  std::string user(std::uint32_t index) const { return "u" + std::to_string(index); }
  std::string callOf(std::uint32_t index) const { return "c" + std::to_string(index / 2); }
  std::uint32_t partner(std::uint32_t index) const { return std::min(index ^ 1, count_ - 1); }

  template <typename Heard>
  void poll(int timeout_ms, Heard&& heard);
  void begin(std::uint32_t index);
  void sendTimed(std::uint32_t from, Nanoseconds time);
  static bool timeIn(std::string_view text, Nanoseconds& time);
  void drain();

  std::unique_ptr<Dialect> dialect_;
  int port_;
  std::uint32_t count_;
  std::unique_ptr<SSL_CTX, FreeTls> tls_;  ///< null: plain text
  int epoll_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  std::vector<std::string> frames_;  ///< of each sender, with a time to be filled in
  std::vector<std::size_t> time_places_;
  std::uint32_t deaf_ = UINT32_MAX;
};

template <typename Heard>
void Load::poll(int timeout_ms, Heard&& heard) {
  std::array<epoll_event, 256> events;
  const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < ready; ++i) {
    auto& client = *clients_[events[static_cast<std::size_t>(i)].data.u32];
    client.flush();
    if (client.index() == deaf_) continue;
    if (!client.read([&](std::string_view text) { heard(client, text); })) {
      std::fprintf(stderr, "signaling_load: user %u lost its connection\n", client.index());
      std::exit(2);
    }
  }
}

void Load::begin(std::uint32_t index) {
  clients_[index] = std::make_unique<LoadClient>(port_, index, tls_.get());
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {.u32 = index}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[index]->fd(), &event);
  clients_[index]->sendRequest(dialect_->path(user(index)));
}

void Load::connectAll(std::uint32_t at_once) {
  clients_.resize(count_);
  std::vector<bool> greeted(count_);
  std::uint32_t begun = 0;
  std::uint32_t done = 0;
  const Nanoseconds start = now();
  while (done < count_) {
    while (begun < count_ && begun - done < at_once) begin(begun++);
    std::array<epoll_event, 256> events;
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < ready; ++i) {
      auto& client = *clients_[events[static_cast<std::size_t>(i)].data.u32];
      client.flush();
      const bool alive = client.read([&](std::string_view text) { done += dialect_->saysLoggedIn(text) ? 1 : 0; });
      if (!alive) std::exit(2);
      const auto login = dialect_->login(user(client.index()));
      if (!client.upgraded() || greeted[client.index()]) continue;
      greeted[client.index()] = true;
      if (!login.empty()) client.sendText(login);
    }
    if (now() - start > kPatience) std::exit(4);
  }
  const double seconds = static_cast<double>(now() - start) / 1e9;
  std::printf("{\"event\":\"connected\",\"seconds\":%.3f,\"per_second\":%.0f}\n", seconds, count_ / seconds);
  for (std::uint32_t i = 0; i < count_; ++i) {
    frames_.push_back(clientFrame(dialect_->relay(callOf(i), user(partner(i)), contentWith(0))));
    time_places_.push_back(frames_.back().find(kMark) + kMark.size());
  }
}

void Load::prepare() {
  std::uint32_t accepted = 0;
  std::uint32_t begun = 0;
  const std::uint32_t pairs = dialect_->call("", "").empty() ? 0 : count_ / 2;
  const Nanoseconds start = now();
  while (accepted < pairs) {
    for (; begun < pairs && begun - accepted < 256; ++begun) {
      clients_[2 * begun]->sendText(dialect_->call(callOf(2 * begun), user(2 * begun + 1)));
    }
    poll(100, [&](LoadClient& client, std::string_view text) {
      if (dialect_->saysCalled(text)) client.sendText(dialect_->accept(callOf(client.index())));
      if (dialect_->saysAccepted(text)) ++accepted;
    });
    if (now() - start > kPatience) std::exit(4);
  }
  std::printf("{\"event\":\"prepared\",\"calls\":%u}\n", pairs);
}

void Load::sendTimed(std::uint32_t from, Nanoseconds time) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  auto& frame = frames_[from];
  for (int digit = 0; digit < 16; ++digit) {
    frame[time_places_[from] + static_cast<std::size_t>(digit)] = kDigits[time >> (60 - 4 * digit) & 15];
  }
  clients_[from]->send(frame);
}

bool Load::timeIn(std::string_view text, Nanoseconds& time) {
  const auto mark = text.find(kMark);
  if (mark == std::string_view::npos) return false;
  time = 0;
  for (const char digit : text.substr(mark + kMark.size(), 16)) {
    time = time << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return true;
}

void Load::relay(double seconds, std::uint32_t window) {
  Latencies latencies;
  std::uint32_t next = 0;
  const Nanoseconds start = now();
  const auto end = start + static_cast<Nanoseconds>(seconds * 1e9);
  const auto sendNext = [&] {
    sendTimed(next, now());
    next = (next + 1) % count_;
  };
  for (std::uint32_t i = 0; i < window; ++i) sendNext();
  while (now() < end) {
    poll(100, [&](LoadClient&, std::string_view text) {
      Nanoseconds time = 0;
      if (!timeIn(text, time)) return;
      latencies.add(now() - time);
      sendNext();
    });
  }
  const double lasted = static_cast<double>(now() - start) / 1e9;
  std::printf("{\"event\":\"relay\",\"messages\":%zu,\"per_second\":%.0f,%s}\n", latencies.count(),
              static_cast<double>(latencies.count()) / lasted, latencies.json().c_str());
  drain();
}

void Load::paced(double seconds, double rate, double slow_bytes) {
  Latencies latencies;
  const std::uint32_t heard_by = slow_bytes > 0 ? count_ - 2 : count_;
  if (slow_bytes > 0) deaf_ = count_ - 1;
  const std::string flood = clientFrame(dialect_->relay(callOf(count_ - 2), user(count_ - 1), std::string(8'000, 'x')));
  double flooded = 0;
  const Nanoseconds start = now();
  const auto total = static_cast<std::uint64_t>(seconds * rate);
  std::uint64_t sent = 0;
  std::uint32_t next = 0;
  while (latencies.count() < total && now() < start + static_cast<Nanoseconds>((seconds + 5) * 1e9)) {
    const double passed = static_cast<double>(now() - start) / 1e9;
    for (; sent < total && static_cast<double>(sent) / rate <= passed; ++sent) {
      sendTimed(next, start + static_cast<Nanoseconds>(static_cast<double>(sent) / rate * 1e9));
      next = (next + 1) % heard_by;
    }
    for (; flooded < std::min(passed, seconds) * slow_bytes; flooded += static_cast<double>(flood.size())) {
      clients_[count_ - 2]->send(flood);
    }
    poll(0, [&](LoadClient&, std::string_view text) {
      Nanoseconds time = 0;
      if (timeIn(text, time)) latencies.add(now() - time);
    });
  }
  std::printf("{\"event\":\"paced\",\"sent\":%llu,\"received\":%zu,%s}\n", static_cast<unsigned long long>(sent),
              latencies.count(), latencies.json().c_str());
  drain();
}

void Load::calls(double seconds, std::uint32_t window) {
  const std::uint32_t pairs = std::min(window, count_ / 2);
  std::uint64_t done = 0;
  std::vector<std::uint64_t> rounds(count_);
  const bool asks = !dialect_->call("", "").empty();
  const auto id = [&](std::uint32_t index) {
    return "s" + std::to_string(index / 2) + "-" + std::to_string(rounds[index / 2]);
  };
  const auto dial = [&](std::uint32_t caller) {
    ++rounds[caller / 2];
    const auto to = user(partner(caller));
    clients_[caller]->sendText(asks ? dialect_->call(id(caller), to) : dialect_->offer(id(caller), to));
  };
  const Nanoseconds start = now();
  for (std::uint32_t pair = 0; pair < pairs; ++pair) dial(2 * pair);
  while (now() < start + static_cast<Nanoseconds>(seconds * 1e9)) {
    poll(100, [&](LoadClient& client, std::string_view text) {
      const std::uint32_t self = client.index();
      const auto to = user(partner(self));
      if (dialect_->saysCalled(text)) client.sendText(dialect_->accept(id(self)));
      if (dialect_->saysAccepted(text)) client.sendText(dialect_->offer(id(self), to));
      if (dialect_->saysOffer(text)) client.sendText(dialect_->answer(id(self), to));
      if (!dialect_->saysAnswer(text)) return;
      client.sendText(dialect_->leave(id(self), to));
      ++done;
      dial(self);
    });
  }
  const double lasted = static_cast<double>(now() - start) / 1e9;
  std::printf("{\"event\":\"calls\",\"calls\":%llu,\"per_second\":%.0f}\n", static_cast<unsigned long long>(done),
              static_cast<double>(done) / lasted);
  drain();
}

/// What is still under way belongs to nobody's measurement.
void Load::drain() {
  const Nanoseconds end = now() + kSecond / 2;
  while (now() < end) {
    poll(50, [](LoadClient&, std::string_view) {});
  }
}

bool obey(Load& load, const std::string& line) {
  std::istringstream words(line);
  std::string word;
  double seconds = 0;
  double amount = 0;
  double bytes = 0;
  words >> word >> seconds >> amount >> bytes;
  if (word == "prepare") {
    load.prepare();
  } else if (word == "relay") {
    load.relay(seconds, static_cast<std::uint32_t>(amount));
  } else if (word == "paced" || word == "slow") {
    load.paced(seconds, amount, bytes);
  } else if (word == "calls") {
    load.calls(seconds, static_cast<std::uint32_t>(amount));
  } else {
    return false;
  }
  return true;
}

}  // namespace

}  // namespace rtc::bench

int main(int argc, char** argv) {
  using namespace rtc::bench;
  const bool over_tls = argc == 6 && std::string(argv[5]) == "tls";
  auto dialect = argc == 5 || over_tls ? makeDialect(argv[1]) : nullptr;
  if (!dialect) {
    std::fprintf(stderr, "usage: signaling_load full|book|peerjs|echo PORT CONNECTIONS AT_ONCE [tls]\n");
    return 1;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Load load(std::move(dialect), std::atoi(argv[2]), static_cast<std::uint32_t>(std::atoi(argv[3])), over_tls);
  load.connectAll(static_cast<std::uint32_t>(std::atoi(argv[4])));
  for (std::string line; std::getline(std::cin, line) && obey(load, line);) continue;
  return 0;
}
