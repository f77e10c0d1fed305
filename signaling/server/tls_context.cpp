// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <string_view>

namespace rtc::signaling {

namespace {

/// OpenSSL's own words for what it met last.
std::string reason() {
  const auto code = ERR_peek_last_error();
  const char* text = ERR_reason_error_string(code);
  ERR_clear_error();
  return text != nullptr ? text : "unknown reason";
}

/// HTTP/1.1 is what is spoken here (RFC 7301); a client that offers nothing else is refused.
int chooseProtocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                   unsigned int size, void*) noexcept {
  constexpr std::string_view kOurs = "http/1.1";
  for (unsigned int i = 0; i < size; i += offered[i] + 1u) {
    const std::string_view name(reinterpret_cast<const char*>(offered + i + 1), offered[i]);
    if (i + 1 + name.size() > size) break;
    if (name != kOurs) continue;
    *chosen = offered + i + 1;
    *length = offered[i];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Result<Done> checkDates(SSL_CTX* context, const std::string& file) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    return Error{"--tls-certificate: " + file + " is not valid yet; is the clock right?"};
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    return Error{"--tls-certificate: " + file + " has expired; renew it"};
  }
  return Done{};
}

}  // namespace

Result<TlsContext> TlsContext::load(const std::string& certificate_file, const std::string& key_file) {
  auto context = adopt(SSL_CTX_new(TLS_server_method()));
  g_assert(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections give their buffers back; a buffer of ours may have moved before a write is repeated.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Returning clients bring their session in a ticket: nothing is kept for them here.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), chooseProtocol, nullptr);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return Error{"--tls-certificate: " + certificate_file + " holds no certificate in PEM: " + reason()};
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Error{"--tls-key: " + key_file + " holds no key in PEM that fits the certificate: " + reason()};
  }
  if (const auto dates = checkDates(context.get(), certificate_file); !dates) return dates.error();
  return TlsContext(std::move(context));
}

Ptr<SSL> TlsContext::accept(int fd) const {
  auto session = adopt(SSL_new(context_.get()));
  g_assert(session != nullptr);
  const int set = SSL_set_fd(session.get(), fd);
  g_assert(set == 1);
  SSL_set_accept_state(session.get());
  return session;
}

}  // namespace rtc::signaling
