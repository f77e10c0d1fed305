// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/connection.hpp"

#include <utility>

#include "signaling/protocol/limits.hpp"

namespace rtc::signaling {

namespace {

/// libsoup cuts a connection off at a frame above its own limit, and the client then hears no reason. So that limit is
/// twice ours, and what lies between them is told why.
constexpr guint64 kHardLimit = 2 * kMaxMessageBytes;
/// libsoup's queue has no bound and no public size. But a pong confirms all that was sent before its ping, so what was
/// sent since the last one bounds what can be queued.
constexpr std::size_t kMaxUnconfirmed = 8 * 1024 * 1024;

}  // namespace

Connection::Connection(SoupWebsocketConnection* socket, Duration ping, Events events)
    : socket_(share(socket)), events_(std::move(events)), silence_limit_(ping * 9 / 4) {
  soup_websocket_connection_set_max_incoming_payload_size(socket, kHardLimit);
  soup_websocket_connection_set_keepalive_interval(socket, static_cast<guint>(ping / Duration{1'000}));
  g_signal_connect(socket, "message", G_CALLBACK(onMessage), this);
  g_signal_connect(socket, "pong", G_CALLBACK(onPong), this);
  g_signal_connect(socket, "closed", G_CALLBACK(onClosed), this);
  heard();
}

Connection::~Connection() {
  g_signal_handlers_disconnect_by_data(socket_.get(), this);
}

bool Connection::open() const {
  return soup_websocket_connection_get_state(socket_.get()) == SOUP_WEBSOCKET_STATE_OPEN;
}

void Connection::send(const std::string& text) {
  if (!open()) return;
  unconfirmed_ += text.size();
  if (unconfirmed_ > kMaxUnconfirmed) {
    close(CloseCode::Slow, "too slow");
    return;
  }
  const auto bytes = adopt(g_bytes_new(text.data(), text.size()));
  soup_websocket_connection_send_message(socket_.get(), SOUP_WEBSOCKET_DATA_TEXT, bytes.get());
}

void Connection::close(CloseCode code, const std::string& reason) {
  if (open()) soup_websocket_connection_close(socket_.get(), static_cast<gushort>(code), reason.c_str());
}

void Connection::heard() {
  silence_ = Timer(g_main_context_get_thread_default(), silence_limit_, [this] {
    // Nobody is there to answer a close frame: the stream itself ends, which libsoup then reports as closed.
    g_io_stream_close(soup_websocket_connection_get_io_stream(socket_.get()), nullptr, nullptr);
  });
}

void Connection::onMessage(SoupWebsocketConnection*, gint type, GBytes* message, gpointer self) noexcept {
  auto& connection = *static_cast<Connection*>(self);
  connection.heard();
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(message, &size));
  if (type != SOUP_WEBSOCKET_DATA_TEXT) {
    connection.close(CloseCode::Unsupported, "text only");
  } else if (size > kMaxMessageBytes) {
    connection.close(CloseCode::TooBig, "too large");
  } else {
    connection.events_.received({data, size});
  }
}

void Connection::onPong(SoupWebsocketConnection*, GBytes*, gpointer self) noexcept {
  auto& connection = *static_cast<Connection*>(self);
  connection.unconfirmed_ = 0;
  connection.heard();
}

void Connection::onClosed(SoupWebsocketConnection*, gpointer self) noexcept {
  auto& connection = *static_cast<Connection*>(self);
  connection.silence_.cancel();
  // A copy: the callback may destroy the connection and itself.
  const auto closed = connection.events_.closed;
  closed();
}

}  // namespace rtc::signaling
