// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/integration/meddler.hpp"

#include <utility>

#include "base/signal.hpp"
#include "tests/support/check.hpp"

namespace rtc::testing {

namespace {

std::string textOf(GBytes* message) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(message, &size));
  return {data, size};
}

void close(SoupWebsocketConnection* connection) {
  if (soup_websocket_connection_get_state(connection) != SOUP_WEBSOCKET_STATE_OPEN) return;
  soup_websocket_connection_close(connection, SOUP_WEBSOCKET_CLOSE_NORMAL, nullptr);
}

}  // namespace

/// One client and its own connection to the service.
class Meddler::Link {
 public:
  Link(Ptr<SoupWebsocketConnection> client, const Change& change) : client_(std::move(client)), change_(change) {}

  void open(SoupSession* session, const std::string& service) {
    connectSignal<void(gint, GBytes*)>(client_.get(), "message",
                                       [this](gint, GBytes* message) { fromClient(change_(textOf(message))); });
    connectSignal<void()>(client_.get(), "closed", [this] {
      if (service_) close(service_.get());
    });
    const auto request = adopt(soup_message_new("GET", service.c_str()));
    soup_session_websocket_connect_async(
        session, request.get(), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
        [](GObject* from, GAsyncResult* result, gpointer self) noexcept {
          auto* connection = soup_session_websocket_connect_finish(SOUP_SESSION(from), result, nullptr);
          if (connection != nullptr) static_cast<Link*>(self)->connected(adopt(connection));
        },
        this);
  }

 private:
  void connected(Ptr<SoupWebsocketConnection> service) {
    service_ = std::move(service);
    connectSignal<void(gint, GBytes*)>(service_.get(), "message", [this](gint, GBytes* message) {
      soup_websocket_connection_send_text(client_.get(), textOf(message).c_str());
    });
    connectSignal<void()>(service_.get(), "closed", [this] { close(client_.get()); });
    for (const auto& text : std::exchange(waiting_, {})) fromClient(text);
  }

  void fromClient(const std::string& text) {
    if (service_) {
      soup_websocket_connection_send_text(service_.get(), text.c_str());
    } else {
      waiting_.push_back(text);
    }
  }

  Ptr<SoupWebsocketConnection> client_;
  Ptr<SoupWebsocketConnection> service_;
  const Change& change_;
  std::vector<std::string> waiting_;
};

Meddler::Meddler(std::string service, Change change)
    : service_(std::move(service)),
      change_(std::move(change)),
      server_(adopt(SOUP_SERVER(g_object_new(SOUP_TYPE_SERVER, nullptr)))),
      session_(adopt(soup_session_new())) {
  soup_server_add_websocket_handler(server_.get(), nullptr, nullptr, nullptr, onClient, this, nullptr);
  ck_assert(soup_server_listen_local(server_.get(), 0, SOUP_SERVER_LISTEN_IPV4_ONLY, nullptr) != FALSE);
  auto* uris = soup_server_get_uris(server_.get());
  uri_ = "ws://127.0.0.1:" + std::to_string(g_uri_get_port(static_cast<GUri*>(uris->data)));
  g_slist_free_full(uris, [](gpointer uri) noexcept { g_uri_unref(static_cast<GUri*>(uri)); });
}

Meddler::~Meddler() {
  soup_session_abort(session_.get());
  soup_server_disconnect(server_.get());
}

void Meddler::onClient(SoupServer*, SoupServerMessage*, const char*, SoupWebsocketConnection* client,
                       gpointer self) noexcept {
  auto& meddler = *static_cast<Meddler*>(self);
  meddler.links_.push_back(std::make_unique<Link>(share(client), meddler.change_));
  meddler.links_.back()->open(meddler.session_.get(), meddler.service_);
}

}  // namespace rtc::testing
