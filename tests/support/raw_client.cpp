// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "tests/support/check.hpp"

namespace rtc::testing {

namespace {

/// Waits until the socket is ready for that; false at the deadline.
bool ready(int fd, short events, Instant end) {
  const auto left = std::max(Duration{0}, end - SteadyClock().now());
  pollfd polled{fd, events, 0};
  return poll(&polled, 1, static_cast<int>(left.count())) == 1;
}

std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

}  // namespace

int RawClient::Frame::closeCode() const {
  return payload.size() < 2 ? 0 : static_cast<int>(number(payload, 0, 2));
}

RawClient::RawClient(int port, const std::string& address, int receive_buffer)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  inet_pton(AF_INET, address.c_str(), &from.sin_addr);
  RTC_ASSERT(bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  RTC_ASSERT(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

RawClient::~RawClient() {
  ::close(fd_);
}

bool RawClient::send(const std::string& bytes, Duration deadline) {
  const Instant end = SteadyClock().now() + deadline;
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN || !ready(fd_, POLLOUT, end)) {
      return false;
    }
  }
  return true;
}

std::string RawClient::upgrade(const std::string& fields) {
  send(
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      fields + "\r\n");
  return until("\r\n\r\n");
}

bool RawClient::more(Instant end) {
  if (ended_ || !ready(fd_, POLLIN, end)) return false;
  char buffer[65'536];
  const auto count = recv(fd_, buffer, sizeof buffer, 0);
  ended_ = count <= 0;
  if (count > 0) read_.append(buffer, static_cast<std::size_t>(count));
  return !ended_;
}

std::optional<std::string> RawClient::untilClosed(Duration deadline) {
  const Instant end = SteadyClock().now() + deadline;
  while (more(end)) continue;
  if (!ended_) return std::nullopt;
  return std::exchange(read_, {});
}

std::string RawClient::until(const std::string& end, Duration deadline) {
  const Instant at = SteadyClock().now() + deadline;
  std::size_t found = 0;
  while ((found = read_.find(end)) == std::string::npos) {
    if (!more(at)) return "";
  }
  const std::string text = read_.substr(0, found + end.size());
  read_.erase(0, text.size());
  return text;
}

std::optional<RawClient::Frame> RawClient::frame(Duration deadline) {
  const Instant end = SteadyClock().now() + deadline;
  const auto have = [&](std::size_t size) {
    while (read_.size() < size && more(end)) continue;
    return read_.size() >= size;
  };
  if (!have(2)) return std::nullopt;
  // A service's frames are never masked (RFC 6455 5.1).
  RTC_ASSERT((read_[1] & 0x80) == 0);
  const auto first = static_cast<std::size_t>(read_[1] & 0x7f);
  const std::size_t more_length = first == 126 ? 2 : first == 127 ? 8 : 0;
  if (!have(2 + more_length)) return std::nullopt;
  const auto length = more_length == 0 ? first : static_cast<std::size_t>(number(read_, 2, more_length));
  if (!have(2 + more_length + length)) return std::nullopt;
  Frame frame{read_[0] & 0x0f, read_.substr(2 + more_length, length)};
  read_.erase(0, 2 + more_length + length);
  return frame;
}

int RawClient::closeCode(Duration deadline) {
  const Instant end = SteadyClock().now() + deadline;
  while (const auto next = frame(std::max(Duration{0}, end - SteadyClock().now()))) {
    if (next->opcode == 8) return next->closeCode();
  }
  return ended_ ? 0 : -1;
}

void RawClient::finish() {
  shutdown(fd_, SHUT_WR);
}

}  // namespace rtc::testing
