// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/dtls_timer.hpp"

#include <openssl/ssl.h>

#include <algorithm>

namespace rtc {

namespace {

// RFC 6347 section 4.2.4.1 has a second, and allows less to what cannot wait; RFC 9147 section 5.8.2 says so, too.
constexpr unsigned kFirstWait = 100'000;  // µs
constexpr unsigned kLongestWait = 60'000'000;

unsigned nextWait(SSL*, unsigned before) {
  return before == 0 ? kFirstWait : std::min(2 * before, kLongestWait);
}

void beforeHandshake(const SSL* connection, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_START) == 0 || !SSL_is_dtls(connection)) return;
  DTLS_set_timer_cb(const_cast<SSL*>(connection), nextWait);
}

/// GStreamer's elements show neither their connections nor the context that these are made of, but OpenSSL tells of
/// each context that is made. Who sets a callback of that kind of its own afterwards has that one.
void contextMade(void* context, void*, CRYPTO_EX_DATA*, int, long, void*) {
  SSL_CTX_set_info_callback(static_cast<SSL_CTX*>(context), beforeHandshake);
}

}  // namespace

void hastenDtls() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, contextMade, nullptr, nullptr);
  static_cast<void>(index);
}

}  // namespace rtc
