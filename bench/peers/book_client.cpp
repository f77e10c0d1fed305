// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/book_client.hpp"

#include <utility>

namespace rtc::bench {
namespace {

void add(JsonBuilder* builder, const char* key, const std::string& value) {
  json_builder_set_member_name(builder, key);
  json_builder_add_string_value(builder, value.c_str());
}

Ptr<JsonBuilder> message(const char* type) {
  auto builder = adopt(json_builder_new());
  json_builder_begin_object(builder.get());
  add(builder.get(), "type", type);
  return builder;
}

std::string text(JsonObject* object, const char* key) {
  return object != nullptr ? json_object_get_string_member_with_default(object, key, "") : "";
}

JsonObject* inner(JsonObject* object, const std::string& key) {
  return json_object_has_member(object, key.c_str()) ? json_object_get_object_member(object, key.c_str()) : nullptr;
}

}  // namespace

BookClient::BookClient(const std::string& server, std::string name, std::function<void()> logged_in,
                       std::function<void(const BookMessage&)> received)
    : name_(std::move(name)),
      logged_in_(std::move(logged_in)),
      received_(std::move(received)),
      session_(adopt(soup_session_new())) {
  const auto request = adopt(soup_message_new("GET", server.c_str()));
  soup_session_websocket_connect_async(
      session_.get(), request.get(), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
      [](GObject*, GAsyncResult* result, gpointer self) { static_cast<BookClient*>(self)->onConnected(result); }, this);
}

void BookClient::onConnected(GAsyncResult* result) {
  Out<GError> error;
  socket_ = adopt(soup_session_websocket_connect_finish(session_.get(), result, &error));
  if (!socket_) g_error("no signaling: %s", error->message);
  const auto on_text = +[](SoupWebsocketConnection*, gint, GBytes* bytes, gpointer self) {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    static_cast<BookClient*>(self)->onText(data, size);
  };
  g_signal_connect(socket_.get(), "message", G_CALLBACK(on_text), this);
  const auto login = message("login");
  add(login.get(), "name", name_);
  send(login.get());
}

void BookClient::onText(const char* text_data, gsize size) {
  const auto parser = adopt(json_parser_new());
  if (json_parser_load_from_data(parser.get(), text_data, static_cast<gssize>(size), nullptr) == 0) return;
  auto* object = json_node_get_object(json_parser_get_root(parser.get()));
  BookMessage got;
  got.type = text(object, "type");
  got.from = text(object, "name");
  if (got.type == "login") {
    if (json_object_get_boolean_member_with_default(object, "success", 0) == 0) g_error("the name is taken");
    logged_in_();
    return;
  }
  auto* payload = inner(object, got.type);
  got.sdp = text(payload, "sdp");
  got.candidate = text(payload, "candidate");
  if (got.type == "candidate" && payload != nullptr) {
    got.media_line = static_cast<guint>(json_object_get_int_member_with_default(payload, "sdpMLineIndex", 0));
  }
  received_(got);
}

void BookClient::sendDescription(const std::string& to, const char* type, const std::string& sdp) {
  const auto out = message(type);
  json_builder_set_member_name(out.get(), type);
  json_builder_begin_object(out.get());
  add(out.get(), "type", type);
  add(out.get(), "sdp", sdp);
  json_builder_end_object(out.get());
  add(out.get(), "name", to);
  send(out.get());
}

void BookClient::sendCandidate(const std::string& to, guint media_line, const std::string& candidate) {
  const auto out = message("candidate");
  json_builder_set_member_name(out.get(), "candidate");
  json_builder_begin_object(out.get());
  add(out.get(), "candidate", candidate);
  json_builder_set_member_name(out.get(), "sdpMLineIndex");
  json_builder_add_int_value(out.get(), media_line);
  json_builder_end_object(out.get());
  add(out.get(), "name", to);
  send(out.get());
}

void BookClient::send(JsonBuilder* builder) {
  json_builder_end_object(builder);
  const auto root = adopt(json_builder_get_root(builder));
  const auto out = adopt(json_to_string(root.get(), FALSE));
  soup_websocket_connection_send_text(socket_.get(), out.get());
}

}  // namespace rtc::bench
