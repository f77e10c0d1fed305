// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A TURN server that speaks TLS (`turns:`, RFC 7065), as one over plain TCP on this host: libnice has no TLS. Whatever
// comes to the tunnel's port goes to the server inside TLS, whose certificate is verified.
#pragma once

#include <gio/gio.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"

RTC_OWN_GOBJECT(GSocketService);

namespace rtc {

/// Bound to the thread whose thread-default context it was made under.
class TurnTunnel {
 public:
  /// `trust` may be null: the system's. Fails where there is no port to be had.
  static Result<std::unique_ptr<TurnTunnel>> make(std::string host, guint16 port, GTlsDatabase* trust);
  TurnTunnel(const TurnTunnel&) = delete;
  TurnTunnel& operator=(const TurnTunnel&) = delete;
  /// Connections that go through it are closed.
  ~TurnTunnel();

  /// Of 127.0.0.1 and of ::1.
  guint16 localPort() const { return local_port_; }

 private:
  struct Connections;

  TurnTunnel() = default;

  std::shared_ptr<Connections> connections_;
  Ptr<GSocketService> service_;
  guint16 local_port_ = 0;
};

/// The tunnels of one session. Bound like them.
class TurnTunnels {
 public:
  /// An empty `tls_ca_file`: the system's trust.
  explicit TurnTunnels(std::string tls_ca_file) : tls_ca_file_(std::move(tls_ca_file)) {}

  /// The servers' URIs (`turn://USER:PASSWORD@HOST:PORT?transport=…`, or `turns://`) as `webrtcbin` can use them. One
  /// that cannot be is left out, with its reason in `refused`.
  std::vector<std::string> reach(const std::vector<std::string>& servers, std::vector<std::string>& refused);

 private:
  Result<guint16> localPortFor(const std::string& host, guint16 port);

  const std::string tls_ca_file_;
  std::map<std::string, std::unique_ptr<TurnTunnel>> tunnels_;
};

}  // namespace rtc
