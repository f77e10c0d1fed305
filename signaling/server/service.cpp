// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/service.hpp"

#include <glib-unix.h>

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

#include "signaling/protocol/codec.hpp"
#include "signaling/server/access/bearer_token.hpp"
#include "signaling/server/log.hpp"

namespace rtc::signaling {

namespace {

/// For the close frames' way to the clients and back.
constexpr Duration kFarewell{1'000};

std::vector<Network> networksOf(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const auto& text : texts) networks.push_back(Network::parse(text).value_or(Network()));
  return networks;
}

}  // namespace

Service::Service(Options options)
    : options_(std::move(options)),
      hub_(clock_, randomness_, options_.hub),
      gate_(options_.gate),
      books_(metrics_, options_.log_addresses),
      assemblies_(static_cast<std::size_t>(options_.limits.message_bytes)),
      origins_(options_.allowed_origins),
      proxies_(networksOf(options_.trusted_proxies)),
      connections_({reactor_, options_.limits, assemblies_, metrics_, *this}),
      admin_(reactor_, {[this] { return phase_ == Phase::Serving; }, [this] { return metricsPage(); }}),
      loop_(adopt(g_main_loop_new(nullptr, FALSE))),
      signals_{g_unix_signal_add(SIGTERM, onEndSignal, this), g_unix_signal_add(SIGINT, onEndSignal, this),
               g_unix_signal_add(SIGHUP, onReloadSignal, this)} {
  // OpenSSL writes without a flag that would say so for each write.
  std::signal(SIGPIPE, SIG_IGN);
}

Service::~Service() {
  for (const guint id : signals_) g_source_remove(id);
}

Result<Done> Service::prepare() {
  if (!options_.web_root.empty()) {
    auto root = WebRoot::open(options_.web_root);
    if (!root) return root.error();
    web_root_ = std::move(root).value();
  } else if (!options_.no_page) {
    page_.emplace();
  }
  return loadTls();
}

Result<Done> Service::loadTls() {
  if (options_.tls_certificate.empty()) return Done{};
  auto context = TlsContext::load(options_.tls_certificate, options_.tls_key);
  if (!context) return context.error();
  tls_ = std::move(context).value();
  return Done{};
}

Result<std::vector<UniqueFd>> Service::openSockets() {
  auto sockets = inheritedSockets();
  if (!sockets || !sockets.value().empty()) return sockets;
  for (const auto& address : options_.listen) {
    auto socket = listenOn(address, options_.port);
    if (!socket) return socket.error();
    sockets.value().push_back(std::move(socket).value());
  }
  return sockets;
}

Result<std::vector<std::string>> Service::listen() {
  if (const auto prepared = prepare(); !prepared) return prepared.error();
  raiseDescriptorLimit();
  auto sockets = openSockets();
  if (!sockets) return sockets.error();
  std::vector<std::string> lines;
  for (auto& socket : sockets.value()) {
    if (options_.doors->isOpen() && !options_.insecure_open && isForOthers(socket.get())) {
      return Error{authorityOf(socket.get()) +
                   " is for more than this machine, and without --token-keys everybody may "
                   "take any name. Give the service keys, or say --insecure-open if that is what you want"};
    }
    lines.push_back("listening on " + std::string(tls_ ? "wss://" : "ws://") + authorityOf(socket.get()));
    listeners_.push_back(
        std::make_unique<Listener>(reactor_, metrics_, std::move(socket),
                                   [this](UniqueFd client, const Address& from) { accept(std::move(client), from); }));
  }
  if (options_.admin_port >= 0) {
    const auto where = admin_.listen(options_.admin_port);
    if (!where) return where.error();
    lines.push_back("admin on " + where.value());
  }
  return lines;
}

void Service::run() {
  g_main_loop_run(loop_.get());
}

// --- Connections -----------------------------------------------------------------------------------------------------

void Service::accept(UniqueFd socket, const Address& from) {
  const Admission admission = gate_.enter(from, reactor_.now(), proxies_.trusts(from));
  if (admission != Admission::Admitted) {
    books_.refused(from, admission, reactor_.now());
    return;
  }
  ++metrics_.accepted;
  auto tls = tls_ ? tls_->accept(socket.get()) : nullptr;
  connections_.add(WireEnd(std::move(socket), std::move(tls)), from);
}

std::variant<Reply, Upgrade> Service::requested(Connection& connection, const RequestHead& head) {
  if (auto refusal = revealClient(connection, head)) return std::move(*refusal);
  if (asksForWebSocket(head)) {
    if (auto refusal = refuseUpgrade(head)) return std::move(*refusal);
    return Upgrade{std::string(*head.field("sec-websocket-key"))};
  }
  Reply reply = fileFor(head);
  // The next request over a proxy's connection may be another client's.
  reply.keep_alive = !proxies_.trusts(connection.address());
  return reply;
}

Reply Service::fileFor(const RequestHead& head) const {
  if (web_root_) return web_root_->answer(head);
  if (page_) return page_->answer(head);
  return {plainStatus(404), {}};
}

std::optional<Reply> Service::revealClient(Connection& connection, const RequestHead& head) {
  if (!proxies_.trusts(connection.address())) return std::nullopt;
  const auto client = proxies_.clientOf(head);
  if (!client) return std::nullopt;
  const Admission admission = gate_.reveal(connection.address(), *client, reactor_.now());
  if (admission == Admission::Admitted) {
    connection.setAddress(*client);
    return std::nullopt;
  }
  books_.refused(*client, admission, reactor_.now());
  return Reply{plainText(429, "too many connections from your address; try again later"), {}, false};
}

std::optional<Reply> Service::refuseUpgrade(const RequestHead& head) {
  if (const auto problem = handshakeProblem(head)) {
    Reply reply{plainText(problem->status, problem->why), {}, false};
    if (problem->status == 426) reply.response.fields.emplace_back("Sec-WebSocket-Version", "13");
    return reply;
  }
  if (phase_ != Phase::Serving) return Reply{plainText(503, "the service is stopping"), {}, false};
  if (origins_.allows(head)) return std::nullopt;
  ++metrics_.refused_origin;
  logEvent(G_LOG_LEVEL_WARNING, "origin_refused", {{"origin", head.field("origin").value_or("")}});
  return Reply{
      plainText(403, "pages of this origin may not connect; the operator can add it with --allow-origin"), {}, false};
}

void Service::opened(Connection& connection, const RequestHead& head) {
  books_.opened(connection);
  carryOut(hub_.connected(
      connection.id(), {connection.address().holder().text(), bearerToken(head.field("authorization").value_or(""))}));
}

void Service::received(Connection& connection, std::string_view text) {
  carryOut(hub_.handle(connection.id(), decodeClientMessage(text)));
}

void Service::left(Connection& connection) {
  books_.left(connection);
  carryOut(hub_.closed(connection.id()));
}

void Service::ended(Connection& connection, Closing why) {
  books_.ended(connection, why);
  gate_.leave(connection.address(), reactor_.now());
  connections_.remove(connection.id());
  finishDrain();
}

// --- What the hub wants ----------------------------------------------------------------------------------------------

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
  Connection* connection = connections_.find(outgoing.to);
  if (connection == nullptr) return;
  if (const auto* message = std::get_if<ServerMessage>(&outgoing.what)) {
    books_.told(*connection, *message);
    connection->send(encode(*message, outgoing.numbers));
  } else {
    const auto& disconnect = std::get<Disconnect>(outgoing.what);
    connection->close(disconnect.code, disconnect.reason, phase_ == Phase::Stopping ? Closing::Stopping : Closing::Hub);
  }
}

void Service::scheduleTick() {
  const auto deadline = hub_.nextDeadline();
  // One that comes too early finds nothing to do, and sets itself again.
  if (!deadline || (tick_at_ && *tick_at_ <= *deadline)) return;
  tick_at_ = deadline;
  tick_ = Timer(nullptr, std::max(Duration{0}, *deadline - clock_.now()), [this] {
    tick_at_.reset();
    carryOut(hub_.tick());
  });
}

std::string Service::metricsPage() {
  metrics_.connections = static_cast<std::int64_t>(connections_.size());
  metrics_.queued_bytes = static_cast<std::int64_t>(connections_.queued());
  metrics_.addresses = static_cast<std::int64_t>(gate_.remembered());
  metrics_.slowest_turn_seconds = reactor_.takeSlowestTurn().count();
  return prometheusText(metrics_, hub_.counters(), RTC_VERSION);
}

// --- Signals ---------------------------------------------------------------------------------------------------------

gboolean Service::onReloadSignal(gpointer self) noexcept {
  static_cast<Service*>(self)->reload();
  return G_SOURCE_CONTINUE;
}

void Service::reload() {
  // Each by itself: a certificate that cannot be read must not keep a key in use that was taken out.
  const Result<Done> loaded[] = {loadTls(), options_.doors->reload()};
  bool all = true;
  for (const auto& each : loaded) {
    if (each) continue;
    all = false;
    logEvent(G_LOG_LEVEL_WARNING, "reload_failed", {{"reason", each.error().message}, {"kept", "what was in use"}});
  }
  ++(all ? metrics_.reloads : metrics_.reloads_failed);
  if (all) logEvent(G_LOG_LEVEL_MESSAGE, "reloaded");
}

gboolean Service::onEndSignal(gpointer self) noexcept {
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
  logEvent(G_LOG_LEVEL_MESSAGE, "stopping",
           {{"clients", metrics_.websockets_open}, {"calls_being_set_up", hub_.callsBeingSetUp()}});
  phase_ = Phase::Draining;
  listeners_.clear();
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
  connections_.closeAll(CloseCode::GoingAway, "the service is stopping", Closing::Stopping);
}

}  // namespace rtc::signaling
