// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/admin.hpp"

#include <utility>

namespace rtc::signaling {

namespace {

/// Whoever asks more at once is no operator.
constexpr std::size_t kMostConnections = 64;

Reply page(std::string text) {
  Reply reply;
  reply.response.fields = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}};
  reply.response.body = std::move(text);
  return reply;
}

}  // namespace

Admin::Admin(Reactor& reactor, Questions questions)
    : reactor_(reactor),
      questions_(std::move(questions)),
      connections_({reactor_, limits_, assemblies_, metrics_, *this}) {}

Result<std::string> Admin::listen(int port) {
  auto socket = listenOn("127.0.0.1", port);
  if (!socket) return Error{"--admin-port: " + socket.error().message};
  const std::string where = "http://" + authorityOf(socket.value().get());
  listener_ = std::make_unique<Listener>(reactor_, metrics_, std::move(socket).value(),
                                         [this](UniqueFd client, const Address& from) {
                                           if (connections_.size() >= kMostConnections) return;
                                           connections_.add(WireEnd(std::move(client), nullptr), from);
                                         });
  return where;
}

std::variant<Reply, Upgrade> Admin::requested(Connection&, const RequestHead& head) {
  if (head.method != "GET" && head.method != "HEAD") return Reply{plainStatus(405), {}};
  if (head.path == "/healthz") return page("alive\n");
  if (head.path == "/readyz") return questions_.ready() ? page("ready\n") : Reply{plainText(503, "stopping"), {}};
  if (head.path == "/metrics") return page(questions_.metrics());
  return Reply{plainStatus(404), {}};
}

void Admin::ended(Connection& connection, Closing) {
  connections_.remove(connection.id());
}

}  // namespace rtc::signaling
