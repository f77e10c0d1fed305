// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/socket_client.hpp"

#include "tests/support/check.hpp"

namespace rtc::testing {

SocketClient::SocketClient(const std::string& uri) : session_(adopt(soup_session_new())) {
  const auto message = adopt(soup_message_new("GET", uri.c_str()));
  ck_assert_msg(message != nullptr, "not a URI: %s", uri.c_str());
  soup_session_websocket_connect_async(session_.get(), message.get(), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
                                       onConnected, this);
  RTC_ASSERT(waitFor([this] { return socket_ || !problem_.empty(); }));
  ck_assert_msg(socket_ != nullptr, "cannot connect to %s: %s", uri.c_str(), problem_.c_str());
}

SocketClient::~SocketClient() {
  g_signal_handlers_disconnect_by_data(socket_.get(), this);
  drop();
}

void SocketClient::onConnected(GObject* session, GAsyncResult* result, gpointer self) noexcept {
  auto& client = *static_cast<SocketClient*>(self);
  Out<GError> error;
  client.socket_ = adopt(soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &error));
  if (!client.socket_) {
    client.problem_ = error->message;
    return;
  }
  soup_websocket_connection_set_max_incoming_payload_size(client.socket_.get(), 1024 * 1024);
  g_signal_connect(client.socket_.get(), "message", G_CALLBACK(onMessage), self);
  g_signal_connect(client.socket_.get(), "closed", G_CALLBACK(onClosed), self);
}

void SocketClient::onMessage(SoupWebsocketConnection*, gint, GBytes* message, gpointer self) noexcept {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(message, &size));
  static_cast<SocketClient*>(self)->heard_.emplace_back(data, size);
}

void SocketClient::onClosed(SoupWebsocketConnection*, gpointer self) noexcept {
  static_cast<SocketClient*>(self)->closed_ = true;
}

void SocketClient::say(const std::string& text) {
  const auto bytes = adopt(g_bytes_new(text.data(), text.size()));
  soup_websocket_connection_send_message(socket_.get(), SOUP_WEBSOCKET_DATA_TEXT, bytes.get());
}

void SocketClient::sayBinary(const std::string& bytes) {
  soup_websocket_connection_send_binary(socket_.get(), bytes.data(), bytes.size());
}

std::string SocketClient::hear(Duration deadline) {
  if (!waitFor([this] { return closed_ || !heard_.empty(); }, deadline)) return "(nothing)";
  if (heard_.empty()) return "(closed)";
  const std::string text = heard_.front();
  heard_.pop_front();
  return text;
}

std::string SocketClient::ask(const std::string& text) {
  say(text);
  return hear();
}

bool SocketClient::hearsNothing() {
  // A command that nobody knows: in either dialect the answer names it.
  const std::string answer = ask(R"({"type":"are-you-there"})");
  return answer.find("are-you-there") != std::string::npos;
}

void SocketClient::close() {
  if (soup_websocket_connection_get_state(socket_.get()) == SOUP_WEBSOCKET_STATE_OPEN) {
    soup_websocket_connection_close(socket_.get(), SOUP_WEBSOCKET_CLOSE_NORMAL, nullptr);
  }
  RTC_ASSERT(waitFor([this] { return closed_; }));
}

void SocketClient::drop() {
  if (closed_) return;
  g_io_stream_close(soup_websocket_connection_get_io_stream(socket_.get()), nullptr, nullptr);
}

std::optional<int> SocketClient::closeCode(Duration deadline) {
  if (!waitFor([this] { return closed_; }, deadline)) return std::nullopt;
  return soup_websocket_connection_get_close_code(socket_.get());
}

}  // namespace rtc::testing
