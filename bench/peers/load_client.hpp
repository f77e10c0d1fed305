// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One of the load generator's thousands of WebSocket clients: as cheap as can be, so that the server is what is
// measured.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rtc::bench {

/// A client's text frame. Its mask is zero, which RFC 6455 allows, so that nothing has to be computed.
std::string clientFrame(std::string_view text);

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
/// What connections over TLS share. It believes every certificate: whose it is, is not what is measured.
std::unique_ptr<SSL_CTX, FreeTls> clientTls();

class LoadClient {
 public:
  /// Begins to connect to a port of the loopback interface; with a context, over TLS.
  LoadClient(int port, std::uint32_t index, SSL_CTX* tls = nullptr);
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;
  ~LoadClient();

  int fd() const { return fd_; }
  std::uint32_t index() const { return index_; }
  bool upgraded() const { return upgraded_; }

  void sendRequest(const std::string& path);
  /// Bytes of whole frames. What the kernel does not take waits for `flush`.
  void send(std::string_view bytes);
  void sendText(std::string_view text) { send(clientFrame(text)); }
  bool flush();
  /// Reads once, and hands each text on. False: the connection is gone.
  template <typename Heard>
  bool read(Heard&& heard) {
    if (!readMore()) return false;
    std::string_view text;
    while (next(text)) heard(text);
    in_.erase(0, parsed_);
    parsed_ = 0;
    return true;
  }

 private:
  /// As `send` and `recv`: less than nothing where there is nothing to be done now.
  long write(std::string_view bytes);
  long receive(char* to, std::size_t room);
  bool readMore();
  bool next(std::string_view& text);

  int fd_;
  std::uint32_t index_;
  std::unique_ptr<SSL, FreeTls> tls_;
  bool upgraded_ = false;
  std::string in_;
  std::size_t parsed_ = 0;
  std::string out_;
};

}  // namespace rtc::bench
