// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A stock libsoup WebSocket server that says back what it hears: what the service would stand on without its own
// reactor.
#include <libsoup/soup.h>

#include <cstdio>

#include "base/ptr.hpp"

RTC_OWN_GOBJECT(SoupServer);

namespace {

void onMessage(SoupWebsocketConnection* socket, gint type, GBytes* message, gpointer) noexcept {
  soup_websocket_connection_send_message(socket, static_cast<SoupWebsocketDataType>(type), message);
}

void onWebSocket(SoupServer*, SoupServerMessage*, const char*, SoupWebsocketConnection* socket, gpointer) noexcept {
  g_object_ref(socket);
  g_signal_connect(socket, "message", G_CALLBACK(onMessage), nullptr);
}

}  // namespace

int main() {
  const auto server = rtc::adopt(soup_server_new(nullptr, nullptr));
  soup_server_add_websocket_handler(server.get(), nullptr, nullptr, nullptr, onWebSocket, nullptr, nullptr);
  if (!soup_server_listen_local(server.get(), 0, SOUP_SERVER_LISTEN_IPV4_ONLY, nullptr)) return 1;
  GSList* uris = soup_server_get_uris(server.get());
  std::printf("listening on ws://127.0.0.1:%d\n", g_uri_get_port(static_cast<GUri*>(uris->data)));
  std::fflush(stdout);
  g_slist_free_full(uris, reinterpret_cast<GDestroyNotify>(g_uri_unref));
  g_main_loop_run(rtc::adopt(g_main_loop_new(nullptr, FALSE)).get());
}
