// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/web_socket.hpp"

#include <utility>

#include "signaling/protocol/limits.hpp"

namespace rtc::signaling {

namespace {

/// libsoup refuses what is larger, or as large: its releases differ.
constexpr std::size_t kTooLarge = kMaxServerMessageBytes + 1;

/// What is wrong with a certificate, for a person.
std::string distrust(GTlsCertificateFlags errors) {
  if ((errors & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0) {
    return "its certificate is not signed by an authority that this machine trusts (name the authority's file with tls-ca-file)";
  }
  if ((errors & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0) return "its certificate is for another host name";
  if ((errors & G_TLS_CERTIFICATE_EXPIRED) != 0) return "its certificate has expired";
  if ((errors & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0) return "its certificate is not valid yet";
  if ((errors & G_TLS_CERTIFICATE_REVOKED) != 0) return "its certificate has been revoked";
  return "its certificate could not be verified";
}

/// Text from the other side, made fit for a terminal.
std::string printable(const char* text) {
  std::string shown(text);
  for (char& c : shown) {
    if (g_ascii_iscntrl(c)) c = ' ';
  }
  return shown;
}

}  // namespace

// What libsoup calls; each translates and hands on.
struct WebSocket::Callbacks {
  using Handle = std::weak_ptr<WebSocket*>;

  static void finished(GObject* session, GAsyncResult* result, gpointer data) noexcept {
    const std::unique_ptr<Handle> handle(static_cast<Handle*>(data));
    Out<GError> error;
    auto connection = adopt(soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &error));
    const auto alive = handle->lock();
    if (!alive) return;
    if (connection) {
      (*alive)->connected(std::move(connection));
    } else {
      (*alive)->connectFailed(*error.get());
    }
  }

  static void message(SoupWebsocketConnection*, gint type, GBytes* bytes, gpointer data) noexcept {
    auto* self = static_cast<WebSocket*>(data);
    self->heard();
    if (type != SOUP_WEBSOCKET_DATA_TEXT) return;  // the vocabulary is text
    gsize size = 0;
    const auto* text = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    // The handler may destroy the socket.
    const auto received = self->handlers_.received;
    received(std::string_view(text == nullptr ? "" : text, size));
  }

  static void pong(SoupWebsocketConnection*, GBytes*, gpointer data) noexcept {
    static_cast<WebSocket*>(data)->heard();
  }

  static void error(SoupWebsocketConnection*, GError* error, gpointer data) noexcept {
    static_cast<WebSocket*>(data)->error_ = printable(error->message);
  }

  static void closed(SoupWebsocketConnection*, gpointer data) noexcept { static_cast<WebSocket*>(data)->closed(); }
};

WebSocket::WebSocket(SoupSession* session, const ServiceAddress& address, Duration keepalive, Handlers handlers)
    : silence_limit_(keepalive * 9 / 4),
      keepalive_seconds_(static_cast<guint>(std::chrono::ceil<std::chrono::seconds>(keepalive).count())),
      handlers_(std::move(handlers)),
      handshake_(adopt(soup_message_new_from_uri(SOUP_METHOD_GET, address.uri()))),
      cancel_(adopt(g_cancellable_new())),
      self_(std::make_shared<WebSocket*>(this)) {
  // A redirection could lead from TLS to plain text.
  soup_message_add_flags(handshake_.get(), SOUP_MESSAGE_NO_REDIRECT);
  // Compression would cost memory per connection, and could blow a small frame up without a limit.
  soup_message_disable_feature(handshake_.get(), SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  soup_session_websocket_connect_async(session, handshake_.get(), nullptr, nullptr, G_PRIORITY_DEFAULT, cancel_.get(),
                                       Callbacks::finished, new Callbacks::Handle(self_));
}

WebSocket::~WebSocket() {
  g_cancellable_cancel(cancel_.get());
  drop();
}

void WebSocket::drop() {
  if (!connection_) return;
  g_signal_handlers_disconnect_by_data(connection_.get(), this);
  // The last reference closes the connection. It is given back from the loop, because this may be one of the
  // connection's own calls.
  const auto context = adopt(g_main_context_ref_thread_default());
  const auto later = adopt(g_idle_source_new());
  g_source_set_callback(
      later.get(), [](gpointer) -> gboolean { return G_SOURCE_REMOVE; }, release(std::move(connection_)),
      g_object_unref);
  g_source_attach(later.get(), context.get());
}

void WebSocket::connected(Ptr<SoupWebsocketConnection> connection) {
  connection_ = std::move(connection);
  soup_websocket_connection_set_max_incoming_payload_size(connection_.get(), kTooLarge);
  // From libsoup 3.8: earlier versions limit a frame, not the message that it is part of.
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(connection_.get()), "max-total-message-size") != nullptr) {
    g_object_set(connection_.get(), "max-total-message-size", static_cast<guint64>(kTooLarge), nullptr);
  }
  soup_websocket_connection_set_keepalive_interval(connection_.get(), keepalive_seconds_);
  g_signal_connect(connection_.get(), "message", G_CALLBACK(Callbacks::message), this);
  g_signal_connect(connection_.get(), "pong", G_CALLBACK(Callbacks::pong), this);
  g_signal_connect(connection_.get(), "error", G_CALLBACK(Callbacks::error), this);
  g_signal_connect(connection_.get(), "closed", G_CALLBACK(Callbacks::closed), this);
  heard();
  const auto opened = handlers_.opened;
  opened();
}

void WebSocket::connectFailed(const GError& error) {
  const auto status = soup_message_get_status(handshake_.get());
  const auto certificate_errors = soup_message_get_tls_peer_certificate_errors(handshake_.get());
  if (error.domain == G_TLS_ERROR && certificate_errors != 0) {
    end(End::Kind::Rejected, distrust(certificate_errors));
  } else if (error.domain == SOUP_WEBSOCKET_ERROR && status != SOUP_STATUS_NONE) {
    const char* phrase = soup_message_get_reason_phrase(handshake_.get());
    end(End::Kind::Rejected, "it answers HTTP " + std::to_string(static_cast<int>(status)) + " " +
                                 printable(phrase == nullptr ? "" : phrase) + " instead of opening a WebSocket");
  } else if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    end(End::Kind::Unreachable, "connection refused");
  } else {
    end(End::Kind::Unreachable, printable(error.message));
  }
}

void WebSocket::heard() {
  if (keepalive_seconds_ == 0) return;
  const auto context = adopt(g_main_context_ref_thread_default());
  silence_ = Timer(context.get(), silence_limit_, [this] {
    end(End::Kind::Lost, "no sign of life for " + std::to_string(silence_limit_.count() / 1000) + " s");
  });
}

void WebSocket::send(std::string_view text) {
  if (!connection_ || soup_websocket_connection_get_state(connection_.get()) != SOUP_WEBSOCKET_STATE_OPEN) return;
  soup_websocket_connection_send_message(connection_.get(), SOUP_WEBSOCKET_DATA_TEXT,
                                         adopt(g_bytes_new(text.data(), text.size())).get());
}

void WebSocket::close() {
  if (!connection_) {
    end(End::Kind::Lost, "not open");
  } else if (soup_websocket_connection_get_state(connection_.get()) == SOUP_WEBSOCKET_STATE_OPEN) {
    soup_websocket_connection_close(connection_.get(), SOUP_WEBSOCKET_CLOSE_NORMAL, nullptr);
  }
}

void WebSocket::closed() {
  const char* told = soup_websocket_connection_get_close_data(connection_.get());
  if (told != nullptr && *told != '\0') {
    end(End::Kind::Lost, "it was closed by the service: " + printable(told));
  } else if (!error_.empty()) {
    end(End::Kind::Lost, error_);
  } else {
    end(End::Kind::Lost, "it was closed by the service");
  }
}

void WebSocket::end(End::Kind kind, std::string why) {
  silence_.cancel();
  drop();
  // The handler may destroy this object.
  const auto ended = std::exchange(handlers_.ended, nullptr);
  if (ended) ended(End{kind, std::move(why)});
}

}  // namespace rtc::signaling
