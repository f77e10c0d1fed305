// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/turn_tunnel.hpp"

#include <gst/gst.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <utility>

#include "base/signal.hpp"

RTC_OWN_GOBJECT(GSocketClient);
RTC_OWN_GOBJECT(GSocketConnection);
RTC_OWN_GOBJECT(GSocketAddress);
RTC_OWN_GOBJECT(GInetAddress);
RTC_OWN_GOBJECT(GIOStream);
RTC_OWN_GOBJECT(GCancellable);
RTC_OWN_GOBJECT(GTlsDatabase);
RTC_OWN_COUNTED(GUri, g_uri_ref, g_uri_unref);

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

namespace {

/// RFC 7065 section 3.2: of TURN over TLS.
constexpr gint kPort = 5349;
/// In seconds: for the TCP connection and the handshake, which a silent server must not hold for ever.
constexpr guint kConnectTimeout = 10;

/// Media is in small pieces that must not wait for each other.
void sendAtOnce(GSocketConnection* connection) {
  g_socket_set_option(g_socket_connection_get_socket(connection), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
}

bool listenOn(GSocketListener* listener, GInetAddress* any_address, guint16& port) {
  const auto address = adopt(any_address);
  const auto wanted = adopt(g_inet_socket_address_new(address.get(), port));
  GSocketAddress* effective = nullptr;
  if (g_socket_listener_add_address(listener, wanted.get(), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, nullptr,
                                    &effective, nullptr) == FALSE) {
    return false;
  }
  const auto bound = adopt(effective);
  port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound.get()));
  return true;
}

}  // namespace

/// What the callbacks of its connections hold, which may come after the tunnel is gone.
struct TurnTunnel::Connections : std::enable_shared_from_this<TurnTunnel::Connections> {
  struct Joining {
    std::shared_ptr<Connections> tunnel;
    Ptr<GSocketConnection> local;
  };

  std::string host;
  guint16 port = 0;
  Ptr<GSocketClient> client;
  Ptr<GCancellable> cancel;

  void join(GSocketConnection* local) {
    sendAtOnce(local);
    g_socket_client_connect_to_host_async(
        client.get(), host.c_str(), port, cancel.get(),
        [](GObject* source, GAsyncResult* result, gpointer data) noexcept {
          const auto joining = std::unique_ptr<Joining>(static_cast<Joining*>(data));
          Out<GError> error;
          const auto remote = adopt(g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(source), result, &error));
          joining->tunnel->joined(*joining, remote.get(), error.get());
        },
        new Joining{shared_from_this(), share(local)});
  }

  void joined(const Joining& joining, GSocketConnection* remote, const GError* error) const {
    if (remote == nullptr) {
      if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        GST_WARNING("the TURN server turns:%s:%u cannot be used: %s", host.c_str(), port, error->message);
      }
      return;  // with the last reference the local end is closed, and libnice looks for another way
    }
    sendAtOnce(remote);
    constexpr auto kCloseBoth =
        static_cast<GIOStreamSpliceFlags>(G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2);
    g_io_stream_splice_async(G_IO_STREAM(joining.local.get()), G_IO_STREAM(remote), kCloseBoth, G_PRIORITY_DEFAULT,
                             cancel.get(), nullptr, nullptr);
  }
};

Result<std::unique_ptr<TurnTunnel>> TurnTunnel::make(std::string host, guint16 port, GTlsDatabase* trust) {
  auto connections = std::make_shared<Connections>();
  connections->host = std::move(host);
  connections->port = port;
  connections->cancel = adopt(g_cancellable_new());
  connections->client = adopt(g_socket_client_new());
  auto* client = connections->client.get();
  g_socket_client_set_tls(client, TRUE);
  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_timeout(client, kConnectTimeout);
  connectSignal<void(GSocketClientEvent, GSocketConnectable*, GIOStream*)>(
      client, "event", [trust = share(trust)](GSocketClientEvent event, GSocketConnectable*, GIOStream* stream) {
        if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && trust) {
          g_tls_connection_set_database(G_TLS_CONNECTION(stream), trust.get());
        }
        // What comes after the handshake may be silent for as long as the call is.
        if (event == G_SOCKET_CLIENT_COMPLETE && stream != nullptr) {
          g_socket_set_timeout(g_socket_connection_get_socket(G_SOCKET_CONNECTION(stream)), 0);
        }
      });

  auto tunnel = std::unique_ptr<TurnTunnel>(new TurnTunnel());
  tunnel->connections_ = connections;
  tunnel->service_ = adopt(g_socket_service_new());
  auto* listener = G_SOCKET_LISTENER(tunnel->service_.get());
  // Hosts of one protocol have one of the two.
  const bool four = listenOn(listener, g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4), tunnel->local_port_);
  const bool six = listenOn(listener, g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV6), tunnel->local_port_);
  if (!four && !six) return Error{"no port of this host is free for the way to a TURN server over TLS"};
  connectSignal<gboolean(GSocketConnection*, GObject*)>(tunnel->service_.get(), "incoming",
                                                        [connections](GSocketConnection* local, GObject*) -> gboolean {
                                                          connections->join(local);
                                                          return TRUE;
                                                        });
  return tunnel;
}

TurnTunnel::~TurnTunnel() {
  g_socket_service_stop(service_.get());
  g_socket_listener_close(G_SOCKET_LISTENER(service_.get()));
  g_cancellable_cancel(connections_->cancel.get());
}

std::vector<std::string> TurnTunnels::reach(const std::vector<std::string>& servers,
                                            std::vector<std::string>& refused) {
  std::vector<std::string> reachable;
  for (const auto& server : servers) {
    if (!server.starts_with("turns:")) {
      reachable.push_back(server);
      continue;
    }
    constexpr auto kFlags = static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED);
    const auto uri = adopt(g_uri_parse(server.c_str(), kFlags, nullptr));
    const char* host = uri ? g_uri_get_host(uri.get()) : nullptr;
    if (host == nullptr || *host == '\0') {
      refused.emplace_back("a TURN server over TLS whose URI cannot be read");
      continue;
    }
    const auto port = static_cast<guint16>(g_uri_get_port(uri.get()) > 0 ? g_uri_get_port(uri.get()) : kPort);
    const auto shown = "turns:" + std::string(host) + ':' + std::to_string(port);
    const char* query = g_uri_get_query(uri.get());
    if (query != nullptr && std::string_view(query).find("transport=udp") != std::string_view::npos) {
      refused.push_back(shown + " (TURN over DTLS is not to be had; over TLS it is, with transport=tcp)");
      continue;
    }
    const auto local = localPortFor(host, port);
    if (!local) {
      refused.push_back(shown + " (" + local.error().message + ")");
      continue;
    }
    // A host without IPv4 addresses has no use for the first, and libnice none for the second where there is no IPv6.
    for (const char* loopback : {"127.0.0.1", "[::1]"}) {
      const std::string user = g_uri_get_user(uri.get()) != nullptr ? g_uri_get_user(uri.get()) : "";
      const std::string password = g_uri_get_password(uri.get()) != nullptr ? g_uri_get_password(uri.get()) : "";
      reachable.push_back("turn://" + user + ":" + password + "@" + loopback + ":" + std::to_string(local.value()) +
                          "?transport=tcp");
    }
  }
  return reachable;
}

Result<guint16> TurnTunnels::localPortFor(const std::string& host, guint16 port) {
  auto& tunnel = tunnels_[host + ':' + std::to_string(port)];
  if (tunnel) return tunnel->localPort();
  Ptr<GTlsDatabase> trust;
  if (!tls_ca_file_.empty()) {
    Out<GError> error;
    const auto path = adopt(g_canonicalize_filename(tls_ca_file_.c_str(), nullptr));
    trust = adopt(g_tls_file_database_new(path.get(), &error));
    if (!trust) return Error{std::string("the certificates in tls-ca-file cannot be used: ") + error->message};
  }
  auto made = TurnTunnel::make(host, port, trust.get());
  if (!made) return made.error();
  tunnel = std::move(made).value();
  return tunnel->localPort();
}

}  // namespace rtc
