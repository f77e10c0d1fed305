// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Says back each WebSocket frame, with nothing but one epoll set and system calls: what a message costs the kernel, and
// how that grows with the number of connections, before any server does a thing.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/server/connection.hpp"

namespace {

constexpr int kBacklog = 1024;
constexpr int kAtOnce = 256;

/// Nothing of a connection is kept between messages but whether it is a WebSocket yet.
std::vector<bool> upgraded;  // NOLINT: of this program's one thread

void upgrade(int connection, std::string_view request) {
  const std::string_view name = "Sec-WebSocket-Key: ";
  const auto begin = request.find(name) + name.size();
  const auto key = request.substr(begin, request.find('\r', begin) - begin);
  const auto answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      rtc::signaling::acceptFor(key) + "\r\n\r\n";
  upgraded[static_cast<std::size_t>(connection)] = ::send(connection, answer.data(), answer.size(), 0) > 0;
}

/// Of the frames that came, each unmasked (RFC 6455 section 5.3) and whole; the generator's messages are short.
void echo(int connection, char* bytes, std::size_t size) {
  for (std::size_t at = 0; at + 6 <= size;) {
    std::size_t length = static_cast<std::uint8_t>(bytes[at + 1]) & 0x7f;
    std::size_t head = 2;
    if (length == 126) {
      length = static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[at + 2]) << 8 |
                                        static_cast<std::uint8_t>(bytes[at + 3]));
      head = 4;
    }
    const char* mask = bytes + at + head;
    char* payload = bytes + at + head + 4;
    if (payload + length > bytes + size) return;
    for (std::size_t i = 0; i < length; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
    // The head without the mask goes right before the payload.
    char* frame = payload - head;
    std::memmove(frame, bytes + at, head);
    frame[1] = static_cast<char>(frame[1] & 0x7f);
    if (::send(connection, frame, head + length, MSG_NOSIGNAL) < 0) return;
    at = static_cast<std::size_t>(payload - bytes) + length;
  }
}

}  // namespace

int main() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* generic = reinterpret_cast<sockaddr*>(&where);
  if (::bind(listener, generic, size) != 0 || ::listen(listener, kBacklog) != 0) return 1;
  ::getsockname(listener, generic, &size);
  std::printf("listening on ws://127.0.0.1:%d\n", ntohs(where.sin_port));
  std::fflush(stdout);

  const int set = ::epoll_create1(0);
  const auto add = [set](int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
  };
  add(listener);
  std::array<epoll_event, kAtOnce> events;
  std::array<char, 65'536> bytes;
  for (;;) {
    const int ready = ::epoll_wait(set, events.data(), kAtOnce, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection < 0) continue;
        const int at_once = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        if (upgraded.size() <= static_cast<std::size_t>(connection))
          upgraded.resize(static_cast<std::size_t>(connection) + 1);
        upgraded[static_cast<std::size_t>(connection)] = false;
        add(connection);
        continue;
      }
      const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
      if (got <= 0) {
        ::close(fd);
      } else if (upgraded[static_cast<std::size_t>(fd)]) {
        echo(fd, bytes.data(), static_cast<std::size_t>(got));
      } else {
        upgrade(fd, {bytes.data(), static_cast<std::size_t>(got)});
      }
    }
  }
}
