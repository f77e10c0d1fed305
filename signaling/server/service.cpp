// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/service.hpp"

#include <glib-unix.h>

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

#include "signaling/protocol/codec.hpp"
#include "signaling/server/listener.hpp"
#include "signaling/server/log.hpp"

namespace rtc::signaling {

namespace {

/// For the close frames' way to the clients and back.
constexpr Duration kFarewell{1'000};

bool asksForWebSocket(SoupServerMessage* message) {
  return soup_message_headers_header_contains(soup_server_message_get_request_headers(message), "Upgrade",
                                              "websocket") != FALSE;
}

}  // namespace

Service::Service(Options options)
    : options_(std::move(options)),
      hub_(clock_, randomness_, options_.hub),
      server_(adopt(soup_server_new("server-header", "rtc-signald ", nullptr))),
      loop_(adopt(g_main_loop_new(nullptr, FALSE))),
      terminate_(g_unix_signal_add(SIGTERM, onSignal, this)),
      interrupt_(g_unix_signal_add(SIGINT, onSignal, this)) {
  // A compressed message may be small on the wire and huge in memory, and costs 300 kB of state per connection.
  soup_server_remove_websocket_extension(server_.get(), SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler(server_.get(), nullptr, onRequest, this, nullptr);
  soup_server_add_websocket_handler(server_.get(), nullptr, nullptr, nullptr, onWebSocket, this, nullptr);
}

Service::~Service() {
  g_source_remove(terminate_);
  g_source_remove(interrupt_);
  soup_server_disconnect(server_.get());
}

Result<std::string> Service::listen() {
  if (!options_.web_root.empty()) {
    auto root = WebRoot::open(options_.web_root);
    if (!root) return root.error();
    web_root_ = std::move(root).value();
  }
  const auto socket = listenOn(options_.listen, options_.port);
  if (!socket) return socket.error();
  Out<GError> error;
  if (!soup_server_listen_socket(server_.get(), socket.value().get(), static_cast<SoupServerListenOptions>(0),
                                 &error)) {
    return Error{error->message};
  }
  return uriOf(socket.value().get());
}

void Service::run() {
  g_main_loop_run(loop_.get());
}

// --- Connections -----------------------------------------------------------------------------------------------------

void Service::onRequest(SoupServer*, SoupServerMessage* message, const char*, GHashTable*, gpointer self) noexcept {
  // Left unanswered, the request goes on to the WebSocket handler.
  if (asksForWebSocket(message)) return;
  const auto& service = *static_cast<Service*>(self);
  if (service.web_root_) {
    service.web_root_->answer(message);
  } else {
    soup_server_message_set_status(message, SOUP_STATUS_NOT_FOUND, nullptr);
  }
}

void Service::onWebSocket(SoupServer*, SoupServerMessage*, const char*, SoupWebsocketConnection* socket,
                          gpointer self) noexcept {
  static_cast<Service*>(self)->accept(socket);
}

void Service::accept(SoupWebsocketConnection* socket) {
  const ClientId client = ++last_client_;
  connections_[client] =
      std::make_unique<Connection>(socket, options_.ping,
                                   Connection::Events{[this, client](std::string_view text) { received(client, text); },
                                                      [this, client] { closed(client); }});
  SIGNALD_LOG(G_LOG_LEVEL_INFO, "client %" G_GUINT64_FORMAT " connected, %zu in all", client, connections_.size());
  carryOut(hub_.connected(client));
  // It came through the door while that was being closed.
  if (phase_ == Phase::Stopping) connections_[client]->close(CloseCode::GoingAway, "the service is stopping");
}

void Service::received(ClientId client, std::string_view text) {
  carryOut(hub_.handle(client, decodeClientMessage(text)));
}

void Service::closed(ClientId client) {
  connections_.erase(client);
  SIGNALD_LOG(G_LOG_LEVEL_INFO, "client %" G_GUINT64_FORMAT " left, %zu in all", client, connections_.size());
  carryOut(hub_.closed(client));
}

void Service::carryOut(std::vector<Outgoing> outgoing) {
  std::ranges::move(outgoing, std::back_inserter(outgoing_));
  // Sending may find a connection closed, which comes back here: the order of messages must hold all the same.
  if (std::exchange(carrying_out_, true)) return;
  while (!outgoing_.empty()) {
    const Outgoing next = std::move(outgoing_.front());
    outgoing_.pop_front();
    carryOutOne(next);
  }
  carrying_out_ = false;
  scheduleTick();
  finishDrain();
}

void Service::carryOutOne(const Outgoing& outgoing) {
  const auto entry = connections_.find(outgoing.to);
  if (entry == connections_.end()) return;
  if (const auto* message = std::get_if<ServerMessage>(&outgoing.what)) {
    entry->second->send(encode(*message, outgoing.numbers));
  } else {
    const auto& disconnect = std::get<Disconnect>(outgoing.what);
    entry->second->close(disconnect.code, disconnect.reason);
  }
}

void Service::scheduleTick() {
  const auto deadline = hub_.nextDeadline();
  if (!deadline) {
    tick_.cancel();
    return;
  }
  const Duration delay = std::max(Duration{0}, *deadline - clock_.now());
  tick_ = Timer(nullptr, delay, [this] { carryOut(hub_.tick()); });
}

// --- The end ---------------------------------------------------------------------------------------------------------

gboolean Service::onSignal(gpointer self) noexcept {
  auto& service = *static_cast<Service*>(self);
  if (service.phase_ == Phase::Serving) {
    service.beginDrain();
  } else {
    // Asked twice: at once.
    g_main_loop_quit(service.loop_.get());
  }
  return G_SOURCE_CONTINUE;
}

void Service::beginDrain() {
  SIGNALD_LOG(G_LOG_LEVEL_MESSAGE, "stopping: %zu clients, %zu calls being set up", connections_.size(),
              hub_.callsBeingSetUp());
  phase_ = Phase::Draining;
  soup_server_disconnect(server_.get());
  drain_ = Timer(nullptr, options_.drain, [this] { disconnectAll(); });
  carryOut(hub_.drain());
}

void Service::finishDrain() {
  if (phase_ == Phase::Draining && hub_.callsBeingSetUp() == 0) {
    disconnectAll();
  } else if (phase_ == Phase::Stopping && connections_.empty()) {
    g_main_loop_quit(loop_.get());
  }
}

void Service::disconnectAll() {
  phase_ = Phase::Stopping;
  drain_ = Timer(nullptr, kFarewell, [this] { g_main_loop_quit(loop_.get()); });
  carryOut(hub_.stop());
}

}  // namespace rtc::signaling
