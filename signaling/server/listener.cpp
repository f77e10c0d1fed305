// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

namespace rtc::signaling {

namespace {

/// Clients come back all at once after a restart; what does not fit waits for a retransmission, a second or more. The
/// kernel cuts it to net.core.somaxconn.
constexpr int kBacklog = 4096;
/// Accepted in one turn, so that those who are in are heard meanwhile.
constexpr int kMostAccepted = 64;
/// Without a free descriptor a socket stays ready for ever: it is asked again after this time.
constexpr Duration kPause{100};
/// Where systemd's descriptors begin.
constexpr int kFirstInherited = 3;

/// Large enough for both families.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

Error cannotListen(const std::string& address, int port) {
  const std::string where = address + " port " + std::to_string(port);
  if (errno == EADDRINUSE) {
    return {"cannot listen on " + where + ": it is in use; stop the other program or choose another --port"};
  }
  return {"cannot listen on " + where + ": " + std::strerror(errno)};
}

/// What `::` is to take is said by the socket, not by the machine's settings.
SocketAddress toSocketAddress(const Address& address, bool v4, int port) {
  SocketAddress to{};
  if (v4) {
    to.v4.sin_family = AF_INET;
    to.v4.sin_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&to.v4.sin_addr, address.bytes().data() + 12, 4);
  } else {
    to.v6.sin6_family = AF_INET6;
    to.v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&to.v6.sin6_addr, address.bytes().data(), 16);
  }
  return to;
}

Address addressOf(const SocketAddress& from) {
  if (from.any.sa_family == AF_INET) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &from.v4.sin_addr, sizeof bytes);
    return Address::fromV4(bytes);
  }
  std::uint8_t bytes[16];
  std::memcpy(bytes, &from.v6.sin6_addr, sizeof bytes);
  return Address::fromV6(bytes);
}

void set(int socket, int level, int name, int value) {
  setsockopt(socket, level, name, &value, sizeof value);
}

bool isListeningTcp(int fd) {
  int listening = 0;
  int kind = 0;
  socklen_t size = sizeof listening;
  SocketAddress address{};
  socklen_t length = sizeof address;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0 &&
         getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &size) == 0 && kind == SOCK_STREAM &&
         getsockname(fd, &address.any, &length) == 0 &&
         (address.any.sa_family == AF_INET || address.any.sa_family == AF_INET6);
}

SocketAddress whereIs(int socket) {
  SocketAddress where{};
  socklen_t length = sizeof where;
  getsockname(socket, &where.any, &length);
  return where;
}

}  // namespace

Result<UniqueFd> listenOn(const std::string& address, int port) {
  const auto ip = Address::parse(address == "localhost" ? "127.0.0.1" : address);
  if (!ip) return Error{"--listen: " + address + " is not an IP address"};
  const bool v4 = ip->isV4();
  UniqueFd socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannotListen(address, port);
  set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (!v4) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  const auto where = toSocketAddress(*ip, v4, port);
  const auto length = static_cast<socklen_t>(v4 ? sizeof where.v4 : sizeof where.v6);
  const bool listening = bind(socket.get(), &where.any, length) == 0 && listen(socket.get(), kBacklog) == 0;
  if (!listening) return cannotListen(address, port);
  return socket;
}

Result<std::vector<UniqueFd>> inheritedSockets() {
  std::vector<UniqueFd> sockets;
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  // They may be meant for another process of the same environment.
  if (pid == nullptr || count == nullptr || std::atoi(pid) != getpid()) return sockets;
  for (int fd = kFirstInherited; fd < kFirstInherited + std::atoi(count); ++fd) {
    if (!isListeningTcp(fd))
      return Error{"systemd hands over a socket that is no listening TCP one; mend the .socket unit"};
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    sockets.emplace_back(fd);
  }
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  return sockets;
}

bool isForOthers(int socket) {
  return !addressOf(whereIs(socket)).isLoopback();
}

void raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string authorityOf(int socket) {
  const auto where = whereIs(socket);
  const bool v4 = where.any.sa_family == AF_INET;
  const auto port = ntohs(v4 ? where.v4.sin_port : where.v6.sin6_port);
  const std::string host = v4 ? addressOf(where).text() : "[" + addressOf(where).text() + "]";
  return host + ":" + std::to_string(port);
}

Listener::Listener(Reactor& reactor, Metrics& metrics, UniqueFd socket, Accepted accepted)
    : reactor_(reactor), metrics_(metrics), socket_(std::move(socket)), accepted_(std::move(accepted)) {
  reactor_.watch(socket_.get(), *this, EPOLLIN);
}

Listener::~Listener() {
  reactor_.unwatch(socket_.get());
}

void Listener::ready(std::uint32_t) {
  for (int i = 0; i < kMostAccepted; ++i) {
    SocketAddress from{};
    socklen_t length = sizeof from;
    UniqueFd socket(accept4(socket_.get(), &from.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
      accepted_(std::move(socket), addressOf(from));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      pause();
      return;
    }
  }
}

void Listener::pause() {
  ++metrics_.accept_errors;
  reactor_.change(socket_.get(), *this, 0);
  reactor_.schedule(*this, reactor_.now() + kPause);
}

void Listener::expired(Instant) {
  reactor_.change(socket_.get(), *this, EPOLLIN);
}

}  // namespace rtc::signaling
