// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire_end.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>

namespace rtc::signaling {

namespace {

bool again() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

WireEnd::State WireEnd::stateAfter(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_NONE:
      return State::Done;
    case SSL_ERROR_WANT_READ:
      return State::WantsRead;
    case SSL_ERROR_WANT_WRITE:
      return State::WantsWrite;
    case SSL_ERROR_ZERO_RETURN:
      return State::End;
    default:
      return State::Broken;
  }
}

WireEnd::State WireEnd::handshake() {
  // What another connection left in the thread's queue would be taken for this one's error.
  ERR_clear_error();
  return stateAfter(SSL_do_handshake(tls_.get()));
}

WireEnd::Moved WireEnd::read(std::span<char> room) {
  if (tls_) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(tls_.get(), room.data(), room.size(), &bytes);
    return result == 1 ? Moved{State::Done, bytes} : Moved{stateAfter(result)};
  }
  const auto bytes = recv(fd_.get(), room.data(), room.size(), 0);
  if (bytes > 0) return {State::Done, static_cast<std::size_t>(bytes)};
  if (bytes == 0) return {State::End};
  return {again() ? State::WantsRead : State::Broken};
}

WireEnd::Moved WireEnd::write(std::string_view bytes) {
  if (tls_) {
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
    return result == 1 ? Moved{State::Done, written} : Moved{stateAfter(result)};
  }
  const auto written = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written > 0) return {State::Done, static_cast<std::size_t>(written)};
  return {again() ? State::WantsWrite : State::Broken};
}

void WireEnd::finishWriting() {
  if (tls_ && SSL_is_init_finished(tls_.get()) != 0) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  shutdown(fd_.get(), SHUT_WR);
}

void WireEnd::dropUnsent() {
  const linger now{1, 0};
  setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace rtc::signaling
