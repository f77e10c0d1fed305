// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/integration/scripted_service.hpp"

#include <utility>

namespace rtc::testing {

struct ScriptedService::Callbacks {
  static void opened(SoupServer*, SoupServerMessage*, const char*, SoupWebsocketConnection* link,
                     gpointer data) noexcept {
    auto* self = static_cast<ScriptedService*>(data);
    g_signal_connect(link, "message", G_CALLBACK(message), self);
    g_signal_connect(link, "closed", G_CALLBACK(closed), self);
    self->links_.push_back(share(link));
  }

  static void message(SoupWebsocketConnection* link, gint, GBytes* bytes, gpointer data) noexcept {
    auto* self = static_cast<ScriptedService*>(data);
    gsize size = 0;
    const auto* start = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    const std::string text(start, size);
    self->heard_.with([&](auto& heard) { heard.push_back(text); });
    if (!self->script_) return;
    for (const auto& reply : self->script_(text)) soup_websocket_connection_send_text(link, reply.c_str());
  }

  static void closed(SoupWebsocketConnection* link, gpointer data) noexcept {
    auto* self = static_cast<ScriptedService*>(data);
    if (soup_websocket_connection_get_close_code(link) == SOUP_WEBSOCKET_CLOSE_NORMAL) {
      self->closed_.with([](unsigned& count) { ++count; });
    }
  }

  static void refuse(SoupServer*, SoupServerMessage* message, const char*, GHashTable*, gpointer status) noexcept {
    soup_server_message_set_status(message, GPOINTER_TO_UINT(status), nullptr);
  }
};

ScriptedService::ScriptedService(Options options) : script_(std::move(options.script)) {
  tls_ = !options.certificate.empty();
  thread_.run([&] {
    server_ = adopt(soup_server_new(nullptr, nullptr));
    if (tls_) {
      Out<GError> error;
      const auto certificate =
          adopt(g_tls_certificate_new_from_files(options.certificate.c_str(), options.key.c_str(), &error));
      g_assert_no_error(error.get());
      soup_server_set_tls_certificate(server_.get(), certificate.get());
    }
    if (options.http_status != 0) {
      soup_server_add_handler(server_.get(), nullptr, Callbacks::refuse, GUINT_TO_POINTER(options.http_status),
                              nullptr);
    } else {
      soup_server_add_websocket_handler(server_.get(), nullptr, nullptr, nullptr, Callbacks::opened, this, nullptr);
    }
    Out<GError> error;
    const auto flags =
        static_cast<SoupServerListenOptions>(SOUP_SERVER_LISTEN_IPV4_ONLY | (tls_ ? SOUP_SERVER_LISTEN_HTTPS : 0));
    soup_server_listen_local(server_.get(), options.port, flags, &error);
    g_assert_no_error(error.get());
    GSList* uris = soup_server_get_uris(server_.get());
    port_ = static_cast<guint>(g_uri_get_port(static_cast<GUri*>(uris->data)));
    g_slist_free_full(uris, [](gpointer uri) { g_uri_unref(static_cast<GUri*>(uri)); });
  });
}

ScriptedService::~ScriptedService() {
  if (is_frozen_) resume();
  drop();
  thread_.run([&] {
    soup_server_disconnect(server_.get());
    server_.reset();
  });
}

std::string ScriptedService::uri() const {
  return std::string(tls_ ? "wss" : "ws") + "://127.0.0.1:" + std::to_string(port_);
}

void ScriptedService::say(const std::string& text) {
  thread_.run([&] {
    for (const auto& link : links_) soup_websocket_connection_send_text(link.get(), text.c_str());
  });
}

void ScriptedService::drop() {
  thread_.run([&] {
    for (const auto& link : links_) {
      g_signal_handlers_disconnect_by_data(link.get(), this);
      g_io_stream_close(soup_websocket_connection_get_io_stream(link.get()), nullptr, nullptr);
    }
    links_.clear();
  });
}

void ScriptedService::setScript(Script script) {
  thread_.run([&] { script_ = std::move(script); });
}

void ScriptedService::freeze() {
  is_frozen_ = true;
  thread_.post([this] {
    frozen_.release();
    resumed_.acquire();
  });
  frozen_.acquire();
}

void ScriptedService::resume() {
  is_frozen_ = false;
  resumed_.release();
}

}  // namespace rtc::testing
