// SPDX-License-Identifier: LGPL-2.1-or-later
//
// path_relay TUN-A TUN-B DELAY-MS LOSS-PERCENT MBIT QUEUE-BYTES [JITTER-MS]: carries packets between two tun devices,
// each in a network namespace of its own (`NAMESPACE-PATH:NAME`), with the delay of a path in each direction, random
// loss, a rate and a queue that drops what does not fit. With jitter a packet is up to so much longer on its way,
// behind those before it.
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

struct Path {
  Nanoseconds delay = 0;
  double loss = 0;
  double bytes_a_second = 0;
  std::size_t queue = 0;
  Nanoseconds jitter = 0;
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
    const auto longer = static_cast<Nanoseconds>(chance_(random_) * static_cast<double>(path_.jitter));
    arrives_ = std::max(arrives_, free_at_ + path_.delay + longer);
    under_way_.push_back({arrives_, std::move(packet)});
  }
  void give() {
    const auto at = now();
    while (!under_way_.empty() && under_way_.front().arrives <= at) {
      const auto& packet = under_way_.front().packet;
      if (::write(to_, packet.data(), packet.size()) < 0 && errno == EAGAIN) return;
      under_way_.pop_front();
    }
  }
  Nanoseconds next() const { return under_way_.empty() ? INT64_MAX : under_way_.front().arrives; }

 private:
  struct Waiting {
    Nanoseconds leaves;
    std::size_t size;
  };
  struct UnderWay {
    Nanoseconds arrives;
    std::vector<std::uint8_t> packet;
  };
  const Path path_;
  const int to_;
  std::mt19937 random_;
  std::uniform_real_distribution<double> chance_{0, 1};
  std::deque<Waiting> waiting_;
  std::deque<UnderWay> under_way_;
  std::size_t queued_ = 0;
  Nanoseconds free_at_ = 0;
  Nanoseconds arrives_ = 0;  // the last one
};

void drain(int from, Way& way) {
  std::uint8_t packet[2048];
  for (ssize_t size = 0; (size = ::read(from, packet, sizeof packet)) > 0;) way.take({packet, packet + size});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7 && argc != 8) return 2;
  const int a = openTun(argv[1]);
  const int b = openTun(argv[2]);
  const Path path{static_cast<Nanoseconds>(std::atof(argv[3]) * 1e6), std::atof(argv[4]) / 100,
                  std::atof(argv[5]) * 125e3, static_cast<std::size_t>(std::atol(argv[6])),
                  argc == 8 ? static_cast<Nanoseconds>(std::atof(argv[7]) * 1e6) : 0};
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
