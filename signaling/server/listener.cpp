// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/listener.hpp"

RTC_OWN_GOBJECT(GInetAddress);

namespace rtc::signaling {

namespace {

/// Clients come back all at once after a restart; what does not fit waits for a retransmission, a second or more.
constexpr int kBacklog = 1024;

Error cannotListen(const std::string& address, int port, const GError* error) {
  const std::string where = address + " port " + std::to_string(port);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
    return {"cannot listen on " + where + ": it is in use; stop the other program or choose another --port"};
  }
  return {"cannot listen on " + where + ": " + error->message};
}

}  // namespace

Result<Ptr<GSocket>> listenOn(const std::string& address, int port) {
  const auto ip = adopt(g_inet_address_new_from_string(address == "localhost" ? "127.0.0.1" : address.c_str()));
  if (!ip) return Error{"--listen: " + address + " is not an IP address"};
  const auto where = adopt(g_inet_socket_address_new(ip.get(), static_cast<guint16>(port)));
  Out<GError> error;
  auto socket =
      adopt(g_socket_new(g_inet_address_get_family(ip.get()), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error));
  if (!socket) return cannotListen(address, port, error.get());
  g_socket_set_listen_backlog(socket.get(), kBacklog);
  const bool listening =
      g_socket_bind(socket.get(), where.get(), TRUE, &error) && g_socket_listen(socket.get(), &error);
  if (!listening) return cannotListen(address, port, error.get());
  return socket;
}

std::string uriOf(GSocket* socket) {
  const auto where = adopt(g_socket_get_local_address(socket, nullptr));
  auto* inet = G_INET_SOCKET_ADDRESS(where.get());
  GInetAddress* ip = g_inet_socket_address_get_address(inet);
  const auto text = adopt(g_inet_address_to_string(ip));
  const bool v6 = g_inet_address_get_family(ip) == G_SOCKET_FAMILY_IPV6;
  const std::string host = v6 ? "[" + std::string(text.get()) + "]" : text.get();
  return "ws://" + host + ":" + std::to_string(g_inet_socket_address_get_port(inet));
}

}  // namespace rtc::signaling
