// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The certificate and key of the service, and what TLS it speaks: 1.2 at least.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "base/ptr.hpp"
#include "base/result.hpp"

RTC_OWN_UNIQUE(SSL_CTX, SSL_CTX_free);
RTC_OWN_UNIQUE(SSL, SSL_free);

namespace rtc::signaling {

class TlsContext {
 public:
  /// Both files in PEM; the certificate's holds its chain as well. What cannot serve is an error: no such file, a key
  /// that does not fit, a certificate that is over or not yet valid.
  static Result<TlsContext> load(const std::string& certificate_file, const std::string& key_file);

  /// The server's end on this socket. It keeps the certificate that it began with.
  Ptr<SSL> accept(int fd) const;

 private:
  explicit TlsContext(Ptr<SSL_CTX> context) : context_(std::move(context)) {}

  Ptr<SSL_CTX> context_;
};

}  // namespace rtc::signaling
