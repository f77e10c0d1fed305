// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/load_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace rtc::bench {

namespace {

constexpr char kTextFrame = '\x81';
constexpr char kPing = '\x89';
constexpr char kPong = '\x8a';

std::string maskedFrame(char first, std::string_view text) {
  std::string frame(1, first);
  if (text.size() < 126) {
    frame += static_cast<char>(0x80 | text.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(text.size() >> 8);
    frame += static_cast<char>(text.size() & 0xff);
  }
  frame.append(4, '\0');
  frame += text;
  return frame;
}

}  // namespace

std::string clientFrame(std::string_view text) {
  return maskedFrame(kTextFrame, text);
}

std::unique_ptr<SSL_CTX, FreeTls> clientTls() {
  std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

LoadClient::LoadClient(int port, std::uint32_t index, SSL_CTX* tls)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), index_(index) {
  const int one = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  SSL_set_fd(tls_.get(), fd_);
  SSL_set_connect_state(tls_.get());
}

LoadClient::~LoadClient() {
  close(fd_);
}

void LoadClient::sendRequest(const std::string& path) {
  send("GET " + path +
       " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

long LoadClient::write(std::string_view bytes) {
  if (tls_) return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

long LoadClient::receive(char* to, std::size_t room) {
  if (!tls_) return recv(fd_, to, room, 0);
  const int got = SSL_read(tls_.get(), to, static_cast<int>(room));
  if (got > 0) return got;
  const int error = SSL_get_error(tls_.get(), got);
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
  return -1;
}

void LoadClient::send(std::string_view bytes) {
  if (out_.empty()) {
    const auto sent = write(bytes);
    bytes.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
  out_ += bytes;
}

bool LoadClient::flush() {
  if (out_.empty()) return true;
  const auto sent = write(out_);
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
  return out_.empty();
}

bool LoadClient::readMore() {
  static char buffer[65'536];
  const auto got = receive(buffer, sizeof buffer);
  if (got <= 0 && (got == 0 || errno != EAGAIN)) return false;
  // The handshake may have been what kept something from being sent.
  if (tls_) flush();
  if (got < 0) return true;
  in_.append(buffer, static_cast<std::size_t>(got));
  // One call gives one record, and those that wait behind it make no event of their own.
  while (tls_) {
    const auto more = receive(buffer, sizeof buffer);
    if (more <= 0) break;
    in_.append(buffer, static_cast<std::size_t>(more));
  }
  if (upgraded_) return true;
  const auto end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return true;
  upgraded_ = in_.starts_with("HTTP/1.1 101");
  in_.erase(0, end + 4);
  return upgraded_;
}

bool LoadClient::next(std::string_view& text) {
  if (!upgraded_) return false;
  while (in_.size() >= parsed_ + 2) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(in_[parsed_ + at]); };
    std::size_t header = 2;
    std::size_t size = byte(1);
    if (size == 126) {
      if (in_.size() < parsed_ + 4) return false;
      header = 4;
      size = static_cast<std::size_t>(byte(2) << 8 | byte(3));
    } else if (size == 127) {
      std::exit(3);  // nobody sends us so much
    }
    if (in_.size() < parsed_ + header + size) return false;
    const char first = in_[parsed_];
    text = std::string_view(in_).substr(parsed_ + header, size);
    parsed_ += header + size;
    if (first == kTextFrame) return true;
    if (first == kPing) send(maskedFrame(kPong, text));
  }
  return false;
}

}  // namespace rtc::bench
