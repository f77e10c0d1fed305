// SPDX-License-Identifier: LGPL-2.1-or-later
//
// path_relay TUN-A TUN-B [NAME=VALUE…]: a path between two tun devices, each in a network namespace of its own
// (`NAMESPACE-PATH:NAME`). What it does to packets, in each direction:
//   delay=MS        how long they are on their way
//   jitter=MS       up to so much longer, in their order
//   loss=PERCENT    so many are lost, at random
//   reorder=PERCENT so many come 20 ms later than they would, behind others
//   rate=MBIT       so much passes in a second; queue=BYTES wait before it, and what does not fit is lost
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using Nanoseconds = std::int64_t;

Nanoseconds now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int openTun(const std::string& where) {
  const auto colon = where.rfind(':');
  const int home = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  const int away = ::open(where.substr(0, colon).c_str(), O_RDONLY | O_CLOEXEC);
  if (away < 0 || ::setns(away, CLONE_NEWNET) != 0) fail("setns");
  const int tun = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, where.substr(colon + 1).c_str(), IFNAMSIZ - 1);
  if (tun < 0 || ::ioctl(tun, TUNSETIFF, &request) != 0) fail("tun");
  if (::setns(home, CLONE_NEWNET) != 0) fail("setns");
  ::close(away);
  ::close(home);
  return tun;
}

constexpr Nanoseconds kMillisecond = 1'000'000;
/// Some packets of a picture overtake one that comes so much later.
constexpr Nanoseconds kLate = 20 * kMillisecond;

struct Path {
  Nanoseconds delay = 0;
  Nanoseconds jitter = 0;
  double loss = 0;
  double reorder = 0;
  double bytes_a_second = 1e12;
  std::size_t queue = SIZE_MAX;
};

/// One direction.
class Way {
 public:
  Way(const Path& path, int to, unsigned seed) : path_(path), to_(to), random_(seed) {}

  void take(std::vector<std::uint8_t> packet) {
    const auto at = now();
    while (!waiting_.empty() && waiting_.front().leaves <= at) {
      queued_ -= waiting_.front().size;
      waiting_.pop_front();
    }
    if (queued_ + packet.size() > path_.queue) return;
    const auto start = std::max(at, free_at_);
    free_at_ = start + static_cast<Nanoseconds>(static_cast<double>(packet.size()) * 1e9 / path_.bytes_a_second);
    queued_ += packet.size();
    waiting_.push_back({free_at_, packet.size()});
    if (chance_(random_) < path_.loss) return;
    auto arrives =
        free_at_ + path_.delay + static_cast<Nanoseconds>(chance_(random_) * static_cast<double>(path_.jitter));
    if (chance_(random_) < path_.reorder) {
      arrives += kLate;
    } else {
      last_arrival_ = arrives = std::max(arrives, last_arrival_);
    }
    under_way_.emplace(arrives, std::move(packet));
  }
  void give() {
    const auto at = now();
    while (!under_way_.empty() && under_way_.begin()->first <= at) {
      const auto& packet = under_way_.begin()->second;
      if (::write(to_, packet.data(), packet.size()) < 0 && errno == EAGAIN) return;
      under_way_.erase(under_way_.begin());
    }
  }
  Nanoseconds next() const { return under_way_.empty() ? INT64_MAX : under_way_.begin()->first; }

 private:
  struct Waiting {
    Nanoseconds leaves;
    std::size_t size;
  };
  const Path path_;
  const int to_;
  std::mt19937 random_;
  std::uniform_real_distribution<double> chance_{0, 1};
  std::deque<Waiting> waiting_;
  std::multimap<Nanoseconds, std::vector<std::uint8_t>> under_way_;  ///< by their arrival
  Nanoseconds last_arrival_ = 0;
  std::size_t queued_ = 0;
  Nanoseconds free_at_ = 0;
};

void drain(int from, Way& way) {
  std::uint8_t packet[2048];
  for (ssize_t size = 0; (size = ::read(from, packet, sizeof packet)) > 0;) way.take({packet, packet + size});
}

Path pathOf(int argc, char** argv) {
  Path path;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    const auto name = word.substr(0, word.find('='));
    const double value = std::atof(word.substr(std::min(word.size(), name.size() + 1)).c_str());
    if (name == "delay") path.delay = static_cast<Nanoseconds>(value * kMillisecond);
    if (name == "jitter") path.jitter = static_cast<Nanoseconds>(value * kMillisecond);
    if (name == "loss") path.loss = value / 100;
    if (name == "reorder") path.reorder = value / 100;
    if (name == "rate") path.bytes_a_second = value * 125e3;
    if (name == "queue") path.queue = static_cast<std::size_t>(value);
  }
  return path;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int a = openTun(argv[1]);
  const int b = openTun(argv[2]);
  const auto path = pathOf(argc, argv);
  const int alarm = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  Way there(path, b, 1);
  Way back(path, a, 2);
  std::puts("ready");
  std::fflush(stdout);
  for (;;) {
    pollfd ready[] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {alarm, POLLIN, 0}};
    const auto next = std::min(there.next(), back.next());
    itimerspec when{};
    if (next != INT64_MAX) {
      const auto left = std::max<Nanoseconds>(1, next - now());
      when.it_value = {static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
    }
    ::timerfd_settime(alarm, 0, &when, nullptr);
    if (::poll(ready, 3, -1) < 0) fail("poll");
    std::uint64_t expired = 0;
    static_cast<void>(::read(alarm, &expired, sizeof expired) == 0);
    drain(a, there);
    drain(b, back);
    there.give();
    back.give();
  }
}
